#pragma once

#include "wire/fields.h"

#include <string>
#include <string_view>
#include <vector>

/// Tables as files: RFC 4180 with a line of names.
namespace gatehouse::domain {

inline constexpr std::string_view kCsvType = "text/csv; charset=utf-8";

/// A cell in quotation marks. What a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_cell(std::string_view text);

namespace detail {

inline std::string csv_value(const std::string& value) { return csv_cell(value); }
inline std::string csv_value(std::int64_t value) { return std::to_string(value); }
inline std::string csv_value(base::Time value) { return csv_cell(base::to_rfc3339(value)); }
template <class Kind>
std::string csv_value(const base::Id<Kind>& value) {
  return csv_cell(value.to_string());
}
template <class T>
std::string csv_value(const std::optional<T>& value) {
  return value ? csv_value(*value) : std::string();
}

}  // namespace detail

/// The rows with the names and the values that they have in JSON: texts in quotation marks, numbers without, nothing
/// for null.
template <wire::Described Row>
std::string to_csv(const std::vector<Row>& rows) {
  static constexpr auto kFields = Row::fields();
  std::string out;
  // A comma before each but the first; the line's end behind the last.
  const auto append_line = [&](const auto& text_of) {
    std::string_view comma;
    const auto append = [&](const auto& field) {
      out += comma;
      out += text_of(field);
      comma = ",";
    };
    std::apply([&](const auto&... each) { (append(each), ...); }, kFields);
    out += "\r\n";
  };
  append_line([](const auto& field) { return field.rules.name; });
  for (const Row& row : rows) {
    append_line([&](const auto& field) { return detail::csv_value(row.*field.member); });
  }
  return out;
}

/// What an operation answers as a file to whoever asks for `format=csv`: its `data`, under that name.
template <class Output>
concept Table = requires(const Output& output) {
  Output::kFileName;
  output.data;
};

}  // namespace gatehouse::domain
