#pragma once

#include "base/result.h"
#include "wire/fields.h"

namespace gatehouse::wire {

namespace detail {

/// Quoted and escaped; `<` as well, so that the text may stand in a script element. What is no UTF-8 becomes U+FFFD.
void append_text(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);
void append_time(std::string& out, base::Time value);
void append_id(std::string& out, std::string_view prefix, const base::Uuid& uuid);

inline void append_value(std::string& out, const std::string& value) { append_text(out, value); }
inline void append_value(std::string& out, const base::EmailAddress& value) { append_text(out, value.text); }
inline void append_value(std::string& out, const base::Secret& value) { append_text(out, value.reveal()); }
inline void append_value(std::string& out, const JsonObject& value) { out += value.text; }
inline void append_value(std::string& out, base::Time value) { append_time(out, value); }

/// A template, so that nothing converts to bool or to an integer by accident.
template <class T>
  requires std::same_as<T, bool> || std::same_as<T, std::int64_t>
void append_value(std::string& out, T value) {
  if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else {
    append_integer(out, value);
  }
}

template <class Kind>
void append_value(std::string& out, const base::Id<Kind>& value) {
  append_id(out, Kind::kPrefix, value.uuid);
}

// All declared before any is defined: they call each other.
template <class T>
void append_value(std::string& out, const std::optional<T>& value);
template <class T>
void append_value(std::string& out, const std::vector<T>& value);
template <class T>
void append_value(std::string& out, const std::map<std::string, T>& value);
template <Described T>
void append_value(std::string& out, const T& value);

template <class T>
void append_value(std::string& out, const std::optional<T>& value) {
  if (value) {
    append_value(out, *value);
  } else {
    out += "null";
  }
}

template <class T>
void append_value(std::string& out, const std::vector<T>& value) {
  char separator = '[';
  for (const T& each : value) {
    out += separator;
    append_value(out, each);
    separator = ',';
  }
  if (value.empty()) out += '[';
  out += ']';
}

template <class T>
void append_value(std::string& out, const std::map<std::string, T>& value) {
  char separator = '{';
  for (const auto& [name, each] : value) {
    out += separator;
    append_text(out, name);
    out += ':';
    append_value(out, each);
    separator = ',';
  }
  if (value.empty()) out += '{';
  out += '}';
}

template <Described T>
void append_value(std::string& out, const T& value) {
  static constexpr auto kFields = T::fields();
  char separator = '{';
  const auto append_field = [&](const auto& field) {
    out += separator;
    out += '"';
    out += field.rules.name;
    out += "\":";
    append_value(out, value.*field.member);
    separator = ',';
  };
  std::apply([&](const auto&... each) { (append_field(each), ...); }, kFields);
  if (separator == '{') out += '{';
  out += '}';
}

}  // namespace detail

/// JSON text in UTF-8: members in declared order, maps in the order of their keys, an empty optional as null, times as
/// RFC 3339. Secrets are written in the clear: what an operation returns is meant to be seen.
template <class T>
std::string write(const T& value) {
  std::string out;
  out.reserve(512);
  detail::append_value(out, value);
  return out;
}

/// application/problem+json (RFC 9457): `type` (a reference to the page of errors), `title`, `status`, `detail`,
/// `code`, `request_id`, `trace_id` when there is one, and `errors` of `{pointer, detail}` when fields are at fault.
std::string write_problem(const base::Refusal& refusal, std::string_view request_id, std::string_view trace_id = {});

}  // namespace gatehouse::wire
