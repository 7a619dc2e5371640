#include "base/text.h"
#include "wire/reader.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::wire::detail {

namespace {

constexpr std::string_view kExpectedTime =
    "expected a time in RFC 3339, such as 2026-11-22T11:50:34Z, of the years 1970 to 9999";
constexpr std::string_view kExpectedParsedTime =
    "expected a time up to the year 9999: Unix seconds from 0 on, RFC 3339 such as 2026-11-22T11:50:34Z, or a day of "
    "UTC such as 2026-11-22";

std::string count_characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

void check_length(Reader& reader, const Place& place, std::string_view text, const Rules& rules) {
  if (!rules.has_length) return;
  const std::size_t length = base::count_code_points(text);
  if (length < rules.least_length) {
    reader.problem(place, "is too short: at least " + count_characters(rules.least_length));
  } else if (length > rules.most_length) {
    reader.problem(place, "is too long: at most " + count_characters(rules.most_length));
  }
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// JSON's spelling of an integer: no plus, no leading zeros.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (!is_digits(digits) || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What filters take. Before 1970 are zero dates of programs, such as 0001-01-01T00:00:00Z.
std::optional<base::ParsedTime> parse_time(std::string_view text) {
  if (const auto instant = base::parse_unix_seconds(text)) return instant;
  if (const auto instant = base::parse_rfc3339(text, 0)) return instant;
  auto day = base::parse_rfc3339(std::string(text) + "T00:00:00Z", 0);
  if (day) day->precision = std::chrono::days(1);
  return day;
}

/// A plus that was not escaped in a URL arrives as a space; that is the commonest way to get a time wrong.
std::string with_plus_hint(std::string_view expected, const Node& node, std::string_view text) {
  std::string out(expected);
  if (node.kind == Node::Kind::text && text.find(' ') != std::string_view::npos) out += " (in a URL + is written %2B)";
  return out;
}

}  // namespace

std::optional<std::string_view> read_text(Reader& reader, const Place& place, const Node& node,
                                          std::string_view expected) {
  if (node.kind == Node::Kind::string || node.kind == Node::Kind::text) return node.text;
  reader.problem(place, std::string(expected));
  return std::nullopt;
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::string& out) {
  const auto text = read_text(reader, place, node, "expected a string");
  if (!text) return;
  check_length(reader, place, *text, rules);
  if (!rules.choices.empty() && std::ranges::find(rules.choices, *text) == rules.choices.end()) {
    std::string allowed;
    for (const std::string_view choice : rules.choices) allowed += (allowed.empty() ? "" : ", ") + std::string(choice);
    reader.problem(place, "expected one of: " + allowed);
  }
  out = *text;
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, base::Secret& out) {
  const auto text = read_text(reader, place, node, "expected a string");
  if (!text) return;
  check_length(reader, place, *text, rules);
  out = base::Secret(std::string(*text));
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, base::EmailAddress& out) {
  const auto text = read_text(reader, place, node, "expected a string");
  if (!text) return;
  if (auto address = base::parse_email(*text)) {
    out = std::move(*address);
  } else {
    reader.problem(place, "expected an email address, such as ada@example.com");
  }
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, bool& out) {
  if (node.kind == Node::Kind::boolean) {
    out = node.boolean;
  } else if (node.kind == Node::Kind::text && (node.text == "true" || node.text == "false")) {
    out = node.text == "true";
  } else {
    reader.problem(place, "expected true or false");
  }
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::int64_t& out) {
  std::optional<std::int64_t> value;
  if (node.kind == Node::Kind::integer) value = node.integer;
  if (node.kind == Node::Kind::text) value = parse_integer(node.text);
  if (!value) return reader.problem(place, "expected an integer, without fraction or exponent, of at most 64 bits");
  if (*value < rules.least || *value > rules.most) {
    return reader.problem(place,
                          "is out of range: from " + std::to_string(rules.least) + " to " + std::to_string(rules.most));
  }
  out = *value;
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, base::Time& out) {
  const auto text = read_text(reader, place, node, kExpectedTime);
  if (!text) return;
  if (const auto parsed = base::parse_rfc3339(*text)) {
    out = parsed->time;
  } else {
    reader.problem(place, with_plus_hint(kExpectedTime, node, *text));
  }
}

void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, base::ParsedTime& out) {
  std::optional<base::ParsedTime> parsed;
  if (node.kind == Node::Kind::integer) {
    parsed = base::parse_unix_seconds(std::to_string(node.integer));
  } else if (node.kind == Node::Kind::other_number) {
    parsed = base::parse_unix_seconds(node.text);
  } else {
    const auto text = read_text(reader, place, node, kExpectedParsedTime);
    if (!text) return;
    parsed = parse_time(*text);
  }
  if (!parsed) return reader.problem(place, with_plus_hint(kExpectedParsedTime, node, node.text));
  out = *parsed;
}

void wrong_id(Reader& reader, const Place& place, std::string_view prefix, std::string_view noun) {
  reader.problem(place, "expected the id of " + std::string(noun) + ", which begins with " + std::string(prefix) + "_");
}

}  // namespace gatehouse::wire::detail
