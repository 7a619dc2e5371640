#include "store/imported_rows.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_imported_row",
                                "INSERT INTO imported_rows (source, kind, external_id, id) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kFind{"find_imported_row",
                              "SELECT id FROM imported_rows WHERE source = $1 AND kind = $2 AND external_id = $3"};

}  // namespace

void insert_imported_row(db::Transaction& tx, const ImportedRow& row) {
  tx.execute(kInsert, {row.source, row.kind, row.external_id, row.id});
}

std::optional<base::Uuid> find_imported_row(db::Transaction& tx, const std::string& source, const std::string& kind,
                                            const std::string& external_id) {
  const auto row = tx.query_one(kFind, {source, kind, external_id});
  if (!row) return std::nullopt;
  return row->get<base::Uuid>(0);
}

}  // namespace gatehouse::store
