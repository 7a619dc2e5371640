#include "api/json_text.h"

#include <boost/json.hpp>

namespace gatehouse::api {

namespace json = boost::json;

std::string to_indented_text(const json::value& value, int level) {
  const std::string inner(std::size_t(level + 1) * 2, ' ');
  const std::string outer(std::size_t(level) * 2, ' ');
  std::string text;
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    for (const auto& [name, member] : *object) {
      text += text.empty() ? "{\n" : ",\n";
      text += inner + json::serialize(json::string_view(name)) + ": " + to_indented_text(member, level + 1);
    }
    return text + "\n" + outer + "}";
  }
  if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    for (const json::value& item : *array) {
      text += text.empty() ? "[\n" : ",\n";
      text += inner + to_indented_text(item, level + 1);
    }
    return text + "\n" + outer + "]";
  }
  return json::serialize(value);
}

}  // namespace gatehouse::api
