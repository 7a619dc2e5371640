#include "http/input.h"

#include "base/text.h"

namespace gatehouse::http {

namespace {

/// "application/json; charset=utf-8" is "application/json".
std::string media_type(const Request& request) {
  const auto field = request.header("content-type");
  if (!field) return {};
  return base::to_lower_ascii(base::trim(field->substr(0, field->find(';'))));
}

std::string accepted_types(const InputRules& rules) {
  std::string text = "Send ";
  if (rules.takes_merge_patch) text += "application/merge-patch+json or ";
  if (rules.takes_json) text += "application/json";
  if (rules.takes_json && rules.takes_form) text += " or ";
  if (rules.takes_form) text += "application/x-www-form-urlencoded";
  return text + ".";
}

}  // namespace

base::Result<wire::Source> input_of(const Request& request, const InputRules& rules) {
  wire::Source source;
  source.query = request.query;
  source.path = request.path_parameters;
  source.fields_in_query = rules.fields_in_query;
  const std::string type = media_type(request);
  if (request.body.empty() && (rules.fields_in_query || !rules.needs_body || type.empty())) return source;
  source.body = request.body;
  source.is_merge_patch = rules.takes_merge_patch;
  const bool is_patch = rules.takes_merge_patch && type == "application/merge-patch+json";
  if (rules.takes_json && (type == "application/json" || is_patch)) {
    source.body_kind = wire::Source::Body::json;
  } else if (rules.takes_form && type == "application/x-www-form-urlencoded") {
    source.body_kind = wire::Source::Body::form;
  } else {
    return base::refuse(base::kUnsupportedMediaType, accepted_types(rules));
  }
  return source;
}

}  // namespace gatehouse::http
