#include "tests/attacks/row_calls.h"

#include "tests/support/flow_test.h"
#include "tests/support/images.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::tests {

namespace {

/// Ids that a request need not have and that would make it another one.
const std::set<std::string> kOnlyWhenAsked{"user_id", "replacement", "organization"};

/// One of two ways to say the same.
const std::set<std::string> kNeverTogether{"role"};

bool is_in_path(const api::Row& row, std::string_view field) {
  return row.route.path.find("{" + std::string(field) + "}") != std::string::npos;
}

std::string text_of_value(const Json& value) {
  if (value.is_string()) return text_of(value);
  return boost::json::serialize(value);
}

std::string fill_path(const api::Row& row, const std::map<std::string, std::string>& values) {
  std::string path = row.route.path;
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    if (const auto at = path.find(place); at != std::string::npos) path.replace(at, place.size(), value);
  }
  return path;
}

}  // namespace

bool is_in_query(const api::Row& row) {
  return row.route.method == http::Method::get || row.route.method == http::Method::del;
}

std::string name_of(const api::Row& row) {
  return std::string(http::to_string(row.route.method)) + " " + row.route.path;
}

std::vector<Slot> RowCalls::slots(const api::Row& row) {
  std::vector<Slot> slots;
  if (row.input == nullptr) return slots;
  for (const wire::FieldShape& field : row.input->fields) {
    const std::string name(field.rules.name);
    if (field.shape->kind == wire::Shape::Kind::id) slots.push_back({name, std::string(field.shape->id_prefix)});
    if (name == "after") slots.push_back({name, "cursor"});
  }
  return slots;
}

Json RowCalls::sample(const wire::FieldShape& field, const Values& values) {
  const std::string name(field.rules.name);
  if (const auto found = values.fields.find(name); found != values.fields.end()) return found->second;
  const std::string number = std::to_string(++fresh_);
  switch (field.shape->kind) {
    case wire::Shape::Kind::id: {
      const auto found = values.ids.find(std::string(field.shape->id_prefix));
      if (found == values.ids.end()) throw std::logic_error("no id for the field " + name);
      return Json(found->second);
    }
    case wire::Shape::Kind::email: return Json("fresh" + number + "@w.example");
    case wire::Shape::Kind::secret: return Json(name == "new_password" ? kOtherPassword : kPassword);
    case wire::Shape::Kind::boolean: return Json(false);
    case wire::Shape::Kind::integer: return Json(field.rules.has_range ? field.rules.least : 1);
    case wire::Shape::Kind::time:
    case wire::Shape::Kind::parsed_time: return Json("2027-01-01T00:00:00Z");
    case wire::Shape::Kind::text:
      if (!field.rules.choices.empty()) return Json(std::string(field.rules.choices.front()));
      if (name == "key" || name == "permission") return Json("invoices:read" + number);
      if (name == "slug") return Json("slug-" + number);
      return Json("Fresh " + number);
    case wire::Shape::Kind::json: return Object{{"fresh", number}};
    case wire::Shape::Kind::list: {
      if (name == "permissions") return boost::json::array{"roles:read"};
      if (name == "roles") return boost::json::array{"owner"};
      if (field.shape->element->kind == wire::Shape::Kind::object) {
        Object one;
        for (const wire::FieldShape& inner : field.shape->element->fields) {
          if (!inner.optional) one[std::string(inner.rules.name)] = sample(inner, values);
        }
        return boost::json::array{std::move(one)};
      }
      return boost::json::array();
    }
    case wire::Shape::Kind::map:
    case wire::Shape::Kind::object: break;
  }
  throw std::logic_error("no sample for the field " + name);
}

RowCalls::Parts RowCalls::parts(const api::Row& row, const Values& values, const std::set<std::string>& with) {
  Parts parts;
  if (row.input == nullptr) return parts;
  const bool is_patch = row.route.method == http::Method::patch;
  for (const wire::FieldShape& field : row.input->fields) {
    const std::string name(field.rules.name);
    const bool in_path = is_in_path(row, name);
    const bool is_id = field.shape->kind == wire::Shape::Kind::id;
    const bool wanted = with.contains(name) || values.fields.contains(name) || !field.optional || in_path ||
                        (is_id && values.ids.contains(std::string(field.shape->id_prefix)) &&
                         !kOnlyWhenAsked.contains(name) && !is_in_query(row)) ||
                        (is_patch && name == "name");
    if (!wanted || (kNeverTogether.contains(name) && field.optional && !values.fields.contains(name))) continue;
    const Json value = sample(field, values);
    if (in_path) {
      parts.path[name] = text_of_value(value);
    } else {
      parts.fields[name] = value;
    }
  }
  return parts;
}

Call RowCalls::assemble(const api::Row& row, const Parts& parts) {
  Call call;
  call.method = std::string(http::to_string(row.route.method));
  call.target = fill_path(row, parts.path);
  if (is_in_query(row)) {
    Headers query;
    for (const auto& field : parts.fields) query.emplace_back(field.key(), text_of_value(field.value()));
    if (!query.empty()) call.target += "?" + to_query(query);
  } else if (!row.body_types.empty()) {
    call.body = png_of(1, 1);
    call.content_type = "image/png";
  } else if (row.input != nullptr) {
    call.body = boost::json::serialize(parts.fields);
  }
  return call;
}

Call RowCalls::call(const api::Row& row, const Values& values, const std::set<std::string>& with) {
  return assemble(row, parts(row, values, with));
}

}  // namespace gatehouse::tests
