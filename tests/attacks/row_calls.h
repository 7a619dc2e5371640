#pragma once

#include "api/endpoint.h"
#include "tests/support/http_client.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::tests {

/// Ids by what they name ("org" → "org_01j…"), and values of fields by their names.
struct Values {
  std::map<std::string, std::string> ids;
  std::map<std::string, Json> fields;
};

/// A place in a request that takes an id or a cursor.
struct Slot {
  std::string field;
  /// "org", "mem" …; "cursor" for `after`.
  std::string kind;
};

/// Makes requests from the description of a row alone, so that no row can be forgotten.
class RowCalls {
 public:
  /// Every place of the row that takes an id.
  static std::vector<Slot> slots(const api::Row& row);

  /// A request that the row takes: what it must have, the optional fields that are ids or have a value in `values`, and
  /// what `with` names. Throws when a field has no sample here: give it one in row_calls.cc.
  Call call(const api::Row& row, const Values& values, const std::set<std::string>& with = {});

  /// The same as its parts, for whoever spoils one of them.
  struct Parts {
    Object fields;  // all but those of the path
    std::map<std::string, std::string> path;
  };
  Parts parts(const api::Row& row, const Values& values, const std::set<std::string>& with = {});
  static Call assemble(const api::Row& row, const Parts& parts);

 private:
  Json sample(const wire::FieldShape& field, const Values& values);

  int fresh_ = 0;
};

bool is_in_query(const api::Row& row);
/// "POST /v1/organizations"
std::string name_of(const api::Row& row);

}  // namespace gatehouse::tests
