#pragma once

#include "base/email.h"
#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// Somebody asked for a reset link for an address; whether it has an account is not looked at yet.
struct ResetRequest {
  base::Uuid id;
  base::EmailAddress email;
  std::string address;
  std::string request_id;
  base::Time created_at;
  /// What was typed to name the organization.
  std::optional<std::string> organization = {};
};

void insert_reset_request(db::Transaction& tx, const ResetRequest& request);
std::vector<ResetRequest> list_reset_requests(db::Transaction& tx, std::int64_t limit);
/// False when another node has taken it.
bool take_reset_request(db::Transaction& tx, const base::Uuid& id);

}  // namespace gatehouse::store
