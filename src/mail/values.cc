#include "mail/values.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>

namespace gatehouse::mail {

namespace {

constexpr std::size_t kChosenLimitCodePoints = 100;
constexpr std::size_t kQuotedLimitCodePoints = 500;
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

/// At most `limit` code points, without control and format characters and so that nothing of it becomes a link. Line
/// feeds stay when `keeps_lines`.
std::string tame(std::string_view chosen, std::size_t limit, bool keeps_lines) {
  const std::string valid = to_valid_utf8(chosen);
  std::string kept;
  std::size_t count = 0;
  for (std::string_view left = valid; !left.empty();) {
    const std::string_view character = first_character(left);
    left.remove_prefix(character.size());
    if (base::has_hidden_characters(character) && !(keeps_lines && character == "\n")) continue;
    if (++count > limit) {
      kept += "…";
      break;
    }
    kept += character;
  }
  return unlink(kept);
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

Shown show(const Chosen& value, const text::Reader&) { return plain(tame(value.text, kChosenLimitCodePoints, false)); }

Shown show(const Quoted& value, const text::Reader& reader) {
  const std::string tamed = tame(value.text, kQuotedLimitCodePoints, true);
  if (tamed.empty()) return {};
  const std::string heading(reader.language->words("letter.they_write"));
  Shown shown{heading + "\n\n", "<p>" + base::escape_html(heading) + "</p>\n<blockquote>"};
  std::string_view line_break;
  for (const std::string_view line : base::split(tamed, '\n')) {
    shown.text += fmt::format("> {}\n", line);
    shown.html += fmt::format("{}{}", line_break, base::escape_html(line));
    line_break = "<br>\n";
  }
  shown.html += "</blockquote>\n";
  return shown;
}

Shown show(const Link& value, const text::Reader&) {
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

Shown show(const base::EmailAddress& value, const text::Reader&) { return plain(unlink(value.text)); }

Shown show(const base::IpAddress& value, const text::Reader&) { return plain(value.to_string()); }

Shown show(base::Time value, const text::Reader& reader) { return plain(text::moment(reader, value)); }

Shown show(std::int64_t value, const text::Reader&) { return plain(std::to_string(value)); }

}  // namespace gatehouse::mail
