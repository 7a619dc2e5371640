#include "wire/write.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::wire {
namespace detail {

namespace {

enum class Class : std::uint8_t { plain, escaped, beyond_ascii };

constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> out{};
  for (std::size_t i = 0; i < 0x20; ++i) out[i] = Class::escaped;
  for (std::size_t i = 0x80; i < 0x100; ++i) out[i] = Class::beyond_ascii;
  out['"'] = out['\\'] = out['<'] = Class::escaped;
  return out;
}();

Class class_of(char byte) { return kClasses[std::uint8_t(byte)]; }

void append_escape(std::string& out, char byte) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out += kHex[std::uint8_t(byte) >> 4];
  out += kHex[std::uint8_t(byte) & 15];
}

/// Every byte that begins no valid character becomes U+FFFD.
std::string repair_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !base::is_valid_utf8(text.substr(0, length))) ++length;
    if (length <= 4 && length <= text.size()) {
      out += text.substr(0, length);
      text.remove_prefix(length);
    } else {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  std::string repaired;
  if (std::any_of(text.begin(), text.end(), [](char byte) { return class_of(byte) == Class::beyond_ascii; }) &&
      !base::is_valid_utf8(text)) {
    repaired = repair_utf8(text);
    text = repaired;
  }
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (class_of(text[i]) != Class::escaped) continue;
    out.append(text, begin, i - begin);
    append_escape(out, text[i]);
    begin = i + 1;
  }
  out.append(text, begin);
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), value);
  out.append(digits.data(), end);
}

void append_time(std::string& out, base::Time value) {
  out += '"';
  out += base::to_rfc3339(value);
  out += '"';
}

void append_id(std::string& out, std::string_view prefix, const base::Uuid& uuid) {
  out += '"';
  out += prefix;
  out += '_';
  out += base::to_base32(uuid);
  out += '"';
}

}  // namespace detail

std::string write_problem(const base::Refusal& refusal, std::string_view request_id, std::string_view trace_id) {
  const base::ErrorCode& code = *refusal.code;
  std::string out;
  out.reserve(512);
  const auto append_member = [&](std::string_view name, std::string_view text) {
    out += name;
    detail::append_text(out, text);
  };
  append_member(R"({"type":)", "/docs/errors#" + std::string(code.name));
  append_member(R"(,"title":)", code.title);
  out += R"(,"status":)";
  detail::append_integer(out, code.status);
  append_member(R"(,"detail":)", refusal.detail);
  append_member(R"(,"code":)", code.name);
  append_member(R"(,"request_id":)", request_id);
  if (!trace_id.empty()) append_member(R"(,"trace_id":)", trace_id);
  std::string_view separator = R"(,"errors":[)";
  for (const base::FieldProblem& problem : refusal.problems) {
    out += separator;
    append_member(R"({"pointer":)", problem.pointer);
    append_member(R"(,"detail":)", problem.detail);
    out += '}';
    separator = ",";
  }
  if (!refusal.problems.empty()) out += ']';
  out += '}';
  return out;
}

}  // namespace gatehouse::wire
