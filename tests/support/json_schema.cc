#include "tests/support/json_schema.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace gatehouse::tests {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> kAnnotations{"description", "examples", "writeOnly"};
/// What ids look like behind their prefix.
constexpr std::string_view kIdPattern = "_[0-7][0-9a-hjkmnp-tv-z]{25}$";

std::string_view view(const json::value& text) { return text.as_string(); }

bool is_number(const json::value& value) { return value.is_int64() || value.is_uint64() || value.is_double(); }

class Checker {
 public:
  Checker(const json::value& document, Unlisted unlisted) : document_(document), unlisted_(unlisted) {}

  void check(const json::value& schema, const json::value& value, const std::string& place) {
    for (const auto& [key, rule] : schema.as_object()) {
      const std::string_view keyword(key.data(), key.size());
      if (std::find(kAnnotations.begin(), kAnnotations.end(), keyword) != kAnnotations.end()) continue;
      if (!check_structure(keyword, rule, schema, value, place) && !check_value(keyword, rule, value, place)) {
        throw std::logic_error("schemas have a keyword that no test checks: " + std::string(keyword));
      }
    }
    if (unlisted_ == Unlisted::refused && schema.as_object().contains("properties") &&
        !schema.as_object().contains("additionalProperties")) {
      check_additional(false, schema, value, place);
    }
  }

  std::vector<std::string> problems;

 private:
  void problem(const std::string& place, const std::string& text) {
    problems.push_back((place.empty() ? "the whole" : place) + " " + text);
  }

  /// False when the keyword is not one of these.
  bool check_structure(std::string_view keyword, const json::value& rule, const json::value& schema,
                       const json::value& value, const std::string& place) {
    if (keyword == "$ref") {
      check(resolve_reference(document_, rule), value, place);
    } else if (keyword == "anyOf") {
      if (count_matches(rule, value) == 0) problem(place, "is none of anyOf: " + json::serialize(value));
    } else if (keyword == "oneOf") {
      if (count_matches(rule, value) != 1) problem(place, "is not exactly one of oneOf: " + json::serialize(value));
    } else if (keyword == "properties") {
      check_properties(rule, value, place);
    } else if (keyword == "required") {
      for (const json::value& name : rule.as_array()) {
        if (value.is_object() && !value.get_object().contains(name.as_string())) {
          problem(place, "lacks " + std::string(view(name)));
        }
      }
    } else if (keyword == "additionalProperties") {
      check_additional(rule, schema, value, place);
    } else if (keyword == "items") {
      if (!value.is_array()) return true;
      for (std::size_t i = 0; i < value.get_array().size(); ++i) {
        check(rule, value.get_array()[i], place + "/" + std::to_string(i));
      }
    } else {
      return false;
    }
    return true;
  }

  bool check_value(std::string_view keyword, const json::value& rule, const json::value& value,
                   const std::string& place) {
    bool is_right = true;
    if (keyword == "type") {
      is_right = has_type(rule, value);
    } else if (keyword == "enum") {
      is_right = std::find(rule.as_array().begin(), rule.as_array().end(), value) != rule.as_array().end();
    } else if (keyword == "const") {
      is_right = rule == value;
    } else if (keyword == "format") {
      is_right = !value.is_string() || has_format(view(rule), view(value));
    } else if (keyword == "pattern") {
      is_right = !value.is_string() || matches(view(rule), view(value));
    } else if (keyword == "minLength") {
      is_right = !value.is_string() || base::count_code_points(view(value)) >= rule.to_number<std::size_t>();
    } else if (keyword == "maxLength") {
      is_right = !value.is_string() || base::count_code_points(view(value)) <= rule.to_number<std::size_t>();
    } else if (keyword == "minimum") {
      is_right = !is_number(value) || value.to_number<double>() >= rule.to_number<double>();
    } else if (keyword == "maximum") {
      is_right = !is_number(value) || value.to_number<double>() <= rule.to_number<double>();
    } else {
      return false;
    }
    if (!is_right)
      problem(place,
              "is against " + std::string(keyword) + " " + json::serialize(rule) + ": " + json::serialize(value));
    return true;
  }

  std::size_t count_matches(const json::value& schemas, const json::value& value) const {
    return std::size_t(std::count_if(schemas.as_array().begin(), schemas.as_array().end(), [&](const auto& each) {
      return schema_problems(document_, each, value, unlisted_).empty();
    }));
  }

  void check_properties(const json::value& rules, const json::value& value, const std::string& place) {
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.get_object()) {
      const json::value* rule = rules.as_object().if_contains(name);
      if (rule != nullptr) check(*rule, member, place + "/" + std::string(name));
    }
  }

  /// `rule`: false, or the schema of what is not listed.
  void check_additional(const json::value& rule, const json::value& schema, const json::value& value,
                        const std::string& place) {
    if (!value.is_object()) return;
    const json::value* listed = schema.as_object().if_contains("properties");
    for (const auto& [name, member] : value.get_object()) {
      if (listed != nullptr && listed->as_object().contains(name)) continue;
      if (rule.is_object()) {
        check(rule, member, place + "/" + std::string(name));
      } else if (!rule.as_bool()) {
        problem(place, "has a member that is not listed: " + std::string(name));
      }
    }
  }

  static bool has_type(const json::value& names, const json::value& value) {
    if (names.is_array()) {
      return std::any_of(names.get_array().begin(), names.get_array().end(),
                         [&](const json::value& name) { return has_type(name, value); });
    }
    const std::string_view name = view(names);
    if (name == "null") return value.is_null();
    if (name == "boolean") return value.is_bool();
    if (name == "string") return value.is_string();
    if (name == "integer") return value.is_int64() || value.is_uint64();
    if (name == "number") return is_number(value);
    if (name == "array") return value.is_array();
    if (name == "object") return value.is_object();
    throw std::logic_error("schemas have a type that no test checks: " + std::string(name));
  }

  static bool has_format(std::string_view format, std::string_view text) {
    if (format == "date-time") return base::parse_rfc3339(text, 0).has_value();
    if (format == "date") return base::parse_rfc3339(std::string(text) + "T00:00:00Z", 0).has_value();
    if (format == "email") return std::count(text.begin(), text.end(), '@') == 1;
    if (format == "password" || format == "int64") return true;
    throw std::logic_error("schemas have a format that no test checks: " + std::string(format));
  }

  static bool matches(std::string_view pattern, std::string_view text) {
    if (!pattern.starts_with('^') || !pattern.ends_with(kIdPattern)) {
      throw std::logic_error("schemas have a pattern that no test checks: " + std::string(pattern));
    }
    const std::string prefix = std::string(pattern.substr(1, pattern.size() - 1 - kIdPattern.size())) + "_";
    return text.starts_with(prefix) && base::from_base32(text.substr(prefix.size())).has_value();
  }

  const json::value& document_;
  Unlisted unlisted_;
};

}  // namespace

std::vector<std::string> schema_problems(const json::value& document, const json::value& schema,
                                         const json::value& value, Unlisted unlisted) {
  Checker checker(document, unlisted);
  checker.check(schema, value, "");
  return std::move(checker.problems);
}

const json::value& resolve_reference(const json::value& document, const json::value& reference) {
  const std::string_view text = view(reference);
  if (!text.starts_with("#/")) throw std::logic_error("a reference leads out of the document: " + std::string(text));
  return document.at_pointer(json::string_view(text.data() + 1, text.size() - 1));
}

}  // namespace gatehouse::tests
