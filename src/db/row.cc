#include "db/row.h"

namespace gatehouse::db::detail {

const std::int64_t& number(const Cell& cell) {
  if (const auto* found = std::get_if<std::int64_t>(&cell)) return *found;
  throw ColumnError(std::holds_alternative<std::monostate>(cell) ? "a column is NULL where a number was expected"
                                                                 : "a column holds bytes where a number was expected");
}

const std::string& bytes(const Cell& cell) {
  if (const auto* found = std::get_if<std::string>(&cell)) return *found;
  throw ColumnError(std::holds_alternative<std::monostate>(cell) ? "a column is NULL where text or bytes were expected"
                                                                 : "a column holds a number where bytes were expected");
}

base::Uuid uuid(const Cell& cell) {
  const auto found = base::Uuid::from_bytes(bytes(cell));
  if (!found) throw ColumnError("a column does not hold the 16 bytes of a UUID");
  return *found;
}

}  // namespace gatehouse::db::detail
