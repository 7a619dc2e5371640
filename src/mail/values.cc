#include "mail/values.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>

namespace gatehouse::mail {

namespace {

using namespace std::chrono;

constexpr std::size_t kChosenLimitCodePoints = 100;
constexpr std::string_view kWordJoiner = "\u2060";
// With the full-width twins, which some programs fold before they look.
constexpr std::array<std::string_view, 11> kUrlGlue{".", ":", "/", "@", "\\", "．", "。", "｡", "：", "／", "＠"};

/// The first character of valid UTF-8 that is not empty.
std::string_view first_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return text.substr(0, size);
}

std::string to_valid_utf8(std::string_view text) {
  std::string out(text);
  if (!base::is_valid_utf8(text)) {
    std::ranges::replace_if(
        out, [](char character) { return static_cast<unsigned char>(character) >= 0x80; }, '?');
  }
  return out;
}

Shown plain(std::string text) {
  std::string html = base::escape_html(text);
  return {std::move(text), std::move(html)};
}

}  // namespace

std::string unlink(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    const bool glue = std::ranges::find(kUrlGlue, character) != kUrlGlue.end();
    if (glue) out += kWordJoiner;
    out += character;
    if (glue) out += kWordJoiner;
    text.remove_prefix(character.size());
  }
  return out;
}

Shown show(const Chosen& value) {
  const std::string valid = to_valid_utf8(value.text);
  std::string kept;
  std::size_t count = 0;
  for (std::string_view left = valid; !left.empty();) {
    const std::string_view character = first_character(left);
    left.remove_prefix(character.size());
    if (base::has_hidden_characters(character)) continue;
    if (++count > kChosenLimitCodePoints) {
      kept += "…";
      break;
    }
    kept += character;
  }
  return plain(unlink(kept));
}

Shown show(const Link& value) {
  const std::string_view url = value.url;
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  const auto allowed = [](char character) {
    return character > 0x20 && character < 0x7f &&
           std::string_view("\"'<>\\^`{|}").find(character) == std::string_view::npos;
  };
  if (!web || !std::ranges::all_of(url, allowed))
    throw std::logic_error("a letter was given something that is no link");
  return plain(value.url);
}

Shown show(const base::EmailAddress& value) { return plain(unlink(value.text)); }

Shown show(const base::IpAddress& value) { return plain(value.to_string()); }

Shown show(base::Time value) {
  constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
  const auto day = floor<days>(value);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<minutes>(value - day));
  return plain(fmt::format("{} {} {} at {:02}:{:02} UTC", unsigned(date.day()), kMonths[unsigned(date.month()) - 1],
                           int(date.year()), clock.hours().count(), clock.minutes().count()));
}

Shown show(std::int64_t value) { return plain(std::to_string(value)); }

}  // namespace gatehouse::mail
