#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

/// The outbox as operators see it: never what a letter says.
namespace gatehouse::store {

struct LetterInfo {
  LetterId id;
  std::string template_name;
  base::EmailAddress recipient;
  std::string status;  // "queued", "sent", "failed" or "withdrawn"
  std::int64_t tries;
  std::optional<std::string> reply;
  std::optional<OrganizationId> organization;
  base::Time created_at;
  base::Time next_try_at;
  base::Time expires_at;
  std::optional<base::Time> finished_at;
  /// Of that organization, when the letter carries its link.
  std::optional<InvitationId> invitation;
};

/// A page in the order in which they were written, behind `after`; of one status unless that is empty.
std::vector<LetterInfo> list_letters(db::Transaction& tx, const std::string& status, LetterId after,
                                     std::int64_t limit);
std::optional<LetterInfo> find_letter(db::Transaction& tx, LetterId id);
/// Queues a failed letter anew. False when it did not fail, has expired, or its content is gone.
bool retry_letter(db::Transaction& tx, LetterId id, base::Time now);
/// Wipes what failed letters say once they are not worth sending any more, of at most `limit`. True when there may be
/// more.
bool wipe_expired_letters(db::Transaction& tx, base::Time now, std::int64_t limit);

}  // namespace gatehouse::store
