#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

/// Which of our rows a row of another service has become.
struct ImportedRow {
  std::string source;  // the place that the external ids come from
  std::string kind;    // "organization", "user" or "member"
  std::string external_id;
  base::Uuid id;
};

/// Violates imported_rows_pkey when that row was imported before.
void insert_imported_row(db::Transaction& tx, const ImportedRow& row);
/// The id that it has got here. What it names may have been deleted since.
std::optional<base::Uuid> find_imported_row(db::Transaction& tx, const std::string& source, const std::string& kind,
                                            const std::string& external_id);

}  // namespace gatehouse::store
