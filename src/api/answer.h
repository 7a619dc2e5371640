#pragma once

#include "domain/csv.h"
#include "wire/write.h"

#include <optional>
#include <string>
#include <tuple>

namespace gatehouse::api::detail {

/// What an operation says, on its way to a response.
struct Answer {
  std::string content;
  /// The cursor of the next page.
  std::optional<std::string> next;
  bool is_replayed = false;
  std::string_view content_type = "application/json";
  /// What a file is saved as; empty when it is none.
  std::string file_name;
};

/// JSON or, of a table, the file that the input asks for. `arguments`: the operation's caller and its input.
template <class Output, class... Arguments>
Answer to_answer(const Output& output, const Arguments&... arguments) {
  if constexpr (domain::Table<Output>) {
    const auto& input = std::get<sizeof...(arguments) - 1>(std::tie(arguments...));
    if (input.format == "csv") {
      return {domain::to_csv(output.data), std::nullopt, false, domain::kCsvType,
              std::string(Output::kFileName) + ".csv"};
    }
  }
  Answer answer{wire::write(output), std::nullopt};
  if constexpr (requires { output.page.next; }) answer.next = output.page.next;
  return answer;
}

}  // namespace gatehouse::api::detail
