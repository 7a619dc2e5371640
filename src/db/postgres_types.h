#pragma once

#include "db/postgres_connection.h"

namespace gatehouse::db {

/// One value of a result in binary format. `type` is the OID of its column. Throws DatabaseError for a type that the
/// portable card does not have.
Cell decode_cell(unsigned type, std::string_view bytes, std::string_view statement);

}  // namespace gatehouse::db
