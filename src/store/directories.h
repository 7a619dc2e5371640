#pragma once

#include "db/database.h"
#include "store/ids.h"
#include "store/organizations.h"

#include <optional>
#include <vector>

namespace gatehouse::store {

/// Makes a directory for one organization that keeps its people's accounts apart from all others.
void insert_isolated_directory(db::Transaction& tx, DirectoryId id, base::Time now);
/// Its organization and all of its accounts must be gone.
void delete_directory(db::Transaction& tx, DirectoryId id);

/// The organization that an isolated directory was made for; nothing for the shared directory and that of operators.
std::optional<Organization> find_owner_of_directory(db::Transaction& tx, DirectoryId id);

/// Some of the directory's accounts, whatever their state.
std::vector<Account> list_accounts(db::Transaction& tx, DirectoryId id, std::int64_t limit);

}  // namespace gatehouse::store
