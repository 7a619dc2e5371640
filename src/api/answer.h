#pragma once

#include "domain/csv.h"
#include "domain/parts.h"
#include "domain/written.h"

#include <functional>
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
  /// The entity tag of `content`, when it is known already.
  std::string etag = {};
  /// What comes behind `content`, see http::Response.
  std::function<std::string()> next_part;
};

template <class Output>
struct ShapeOf {
  using type = Output;
};
template <class Object>
struct ShapeOf<domain::InParts<Object>> {
  using type = Object;
};

template <class Object>
struct ShapeOf<domain::Written<Object>> {
  using type = Object;
};

/// Writes the parts of an object as one object.
template <class Object>
class PartWriter {
 public:
  explicit PartWriter(domain::InParts<Object> parts) : parts_(std::move(parts)) {}

  /// The beginning, then what comes behind it; empty behind the end.
  std::string operator()() {
    std::string text;
    while (text.empty() && !is_done_) {
      const auto made = parts_.next();
      const std::string object = wire::write(made.part);
      if (object != "{}") {
        text += has_begun_ ? ',' : '{';
        text.append(object, 1, object.size() - 2);
        has_begun_ = true;
      }
      is_done_ = made.is_last;
      if (is_done_) text += has_begun_ ? "}" : "{}";
    }
    return text;
  }
  bool is_done() const { return is_done_; }

 private:
  domain::InParts<Object> parts_;
  bool has_begun_ = false;
  bool is_done_ = false;
};

template <class Object, class... Arguments>
Answer to_answer(domain::InParts<Object> parts, const Arguments&...) {
  PartWriter<Object> writer(std::move(parts));
  Answer answer{.content = writer()};
  if (!writer.is_done()) answer.next_part = std::move(writer);
  return answer;
}

template <class Object, class... Arguments>
Answer to_answer(const domain::Written<Object>& written, const Arguments&...) {
  Answer answer{.content = written.content};
  answer.etag = written.etag;
  return answer;
}

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
