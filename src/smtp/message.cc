#include "smtp/message.h"

#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>

namespace gatehouse::smtp {

namespace {

using namespace std::chrono;

// "=_" can't stand in quoted-printable text, so this line can't stand in a part, whatever a letter says.
constexpr std::string_view kBoundary = "=_gatehouse_alternative";
// Longest header value that is written as it is; with the longest field name it stays below 78 characters.
constexpr std::size_t kPlainValueLimit = 60;
// 39 bytes are 52 base64 characters: with charset and field name below the 76 of RFC 2047 section 2.
constexpr std::size_t kEncodedWordBytes = 39;
constexpr std::size_t kQuotedLineLimit = 76;

[[noreturn]] void refuse(std::string_view what) { throw std::invalid_argument(fmt::format("not sent: {}", what)); }

bool is_control(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte == 0x7f;
}

void check_header_value(std::string_view name, std::string_view value) {
  if (std::ranges::any_of(value, is_control)) refuse(fmt::format("the {} holds a control character", name));
  if (!base::is_valid_utf8(value)) refuse(fmt::format("the {} is not valid UTF-8", name));
}

void check_address(std::string_view name, const base::EmailAddress& address) {
  const auto parsed = base::parse_email(address.text);
  if (!parsed || *parsed != address) refuse(fmt::format("the {} is not one plain email address", name));
}

void check(const Message& message) {
  check_header_value("sender's name", message.from_name);
  check_header_value("subject", message.subject);
  check_address("sender's address", message.from);
  check_address("recipient's address", message.to);
  constexpr std::string_view kIdCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-";
  const std::string_view id = message.message_id;
  if (id.empty() || id.size() > 100 || id.find_first_not_of(kIdCharacters) != std::string_view::npos) {
    refuse("the message id holds characters that it may not");
  }
  if (!base::is_valid_utf8(message.text) || !base::is_valid_utf8(message.html)) refuse("the body is not valid UTF-8");
}

bool is_plain(std::string_view value) {
  if (value.empty() || value.size() > kPlainValueLimit || value.front() == ' ' || value.back() == ' ') return false;
  // "=?" would be read as the beginning of an encoded word.
  return value.find("=?") == std::string_view::npos &&
         std::ranges::all_of(value, [](char character) { return character >= 0x20 && character < 0x7f; });
}

/// RFC 2047: base64 words that never cut a character in two, one a line.
std::string to_encoded_words(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    std::size_t take = std::min(value.size(), kEncodedWordBytes);
    while (take < value.size() && (static_cast<unsigned char>(value[take]) & 0xc0) == 0x80) --take;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base::to_base64(value.substr(0, take)) + "?=";
    value.remove_prefix(take);
  }
  return out;
}

std::string unstructured(std::string_view value) {
  return is_plain(value) || value.empty() ? std::string(value) : to_encoded_words(value);
}

std::string mailbox(std::string_view name, const base::EmailAddress& address) {
  if (name.empty()) return address.text;
  if (!is_plain(name)) return to_encoded_words(name) + "\r\n <" + address.text + ">";
  std::string quoted = "\"";
  for (const char character : name) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + "\"\r\n <" + address.text + ">";
}

/// RFC 5322 section 3.3, always in UTC.
std::string to_date(base::Time time) {
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", kDays[weekday(day).c_encoding()], unsigned(date.day()),
                     kMonths[unsigned(date.month()) - 1], int(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

void append_quoted_line(std::string& out, std::string_view line) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char character = line[i];
    const bool last = i + 1 == line.size();
    // White space at the end of a line would be lost on the way.
    const bool blank = (character == ' ' || character == '\t') && !last;
    const bool plain = blank || (character > 0x20 && character < 0x7f && character != '=');
    const std::size_t size = plain ? 1 : 3;
    if (width + size > kQuotedLineLimit - (last ? 0 : 1)) {
      out += "=\r\n";
      width = 0;
    }
    if (plain) {
      out += character;
    } else {
      fmt::format_to(std::back_inserter(out), "={:02X}", static_cast<unsigned char>(character));
    }
    width += size;
  }
  out += "\r\n";
}

/// RFC 2045 section 6.7: readable in the source view, and safe from everything that old servers do to lines.
std::string to_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_quoted_line(out, line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string part(std::string_view type, std::string_view body) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n", kBoundary,
      type, to_quoted_printable(body));
}

}  // namespace

std::string to_wire(const Message& message) {
  check(message);
  const std::string_view domain = std::string_view(message.from.text).substr(message.from.text.find('@') + 1);
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  };
  header("From", mailbox(message.from_name, message.from));
  header("To", message.to.text);
  header("Subject", unstructured(message.subject));
  header("Date", to_date(message.date));
  header("Message-ID", fmt::format("<{}@{}>", message.message_id, domain));
  header("MIME-Version", "1.0");
  header("Content-Type", fmt::format("multipart/alternative;\r\n boundary=\"{}\"", kBoundary));
  // RFC 3834: no vacation replies to a machine; Exchange listens to the second only.
  header("Auto-Submitted", "auto-generated");
  header("X-Auto-Response-Suppress", "All");
  out += "\r\n";
  out += part("text/plain", message.text);
  out += part("text/html", message.html);
  fmt::format_to(std::back_inserter(out), "--{}--\r\n", kBoundary);
  return out;
}

}  // namespace gatehouse::smtp
