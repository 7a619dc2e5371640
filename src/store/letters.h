#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct NewLetter {
  LetterId id;
  std::optional<OrganizationId> organization;
  std::string template_name;
  base::EmailAddress recipient;
  db::Bytes content;  // sealed
  /// Small numbers are sent first.
  std::int64_t urgency;
  base::Time created_at;
  /// After this a letter is not worth sending any more: its link is dead.
  base::Time expires_at;
  /// Of that organization, when the letter carries its link.
  std::optional<InvitationId> invitation = {};
};

void insert_letter(db::Transaction& tx, const NewLetter& letter);

/// A letter that its claimer, and nobody else until the lease is over, may send.
struct ClaimedLetter {
  LetterId id;
  std::string template_name;
  base::EmailAddress recipient;
  db::Bytes content;
  std::int64_t tries;  // this one counted
  base::Time created_at;
  base::Time expires_at;
  /// Of that organization, when the letter carries its link.
  std::optional<OrganizationId> organization = {};
  std::optional<InvitationId> invitation = {};
};

/// The most urgent ones that are due, of those the longest waiting.
std::vector<ClaimedLetter> claim_letters(db::Transaction& tx, base::Time now, base::Time lease_until,
                                         std::int64_t limit);

/// What became of a claimed letter that was tried `now`. Each does nothing, and returns false, when the lease was lost
/// to another claimer.
/// A letter that was sent is wiped; one that failed keeps its sealed content until it expires, so that an operator can
/// have it tried again.
bool finish_letter(db::Transaction& tx, const ClaimedLetter& letter, const std::string& status,
                   const std::string& reply, base::Time now);
bool postpone_letter(db::Transaction& tx, const ClaimedLetter& letter, const std::string& reply, base::Time now,
                     base::Time next_try_at);

/// A letter whose reason is gone is never sent: a queued one is withdrawn (true then), one that failed is wiped.
bool withdraw_letter(db::Transaction& tx, LetterId id, base::Time now);
/// The same with every letter that carries an invitation of that organization. Returns the invitations whose letters
/// were withdrawn.
std::vector<InvitationId> withdraw_invitation_letters(db::Transaction& tx, OrganizationId organization, base::Time now);
/// Forgets at most `limit` that were sent, failed or withdrawn before. True when there may be more.
bool delete_finished_letters(db::Transaction& tx, base::Time before, std::int64_t limit);

/// One letter of an invitation, as far as it may be told.
struct InvitationLetter {
  LetterId id;
  std::string status;  // "queued", "sent", "failed" or "withdrawn"
  /// The mail server's last word.
  std::optional<std::string> reply;
  base::Time created_at;
  /// When it was last tried.
  std::optional<base::Time> tried_at;
  std::optional<base::Time> finished_at;
};

/// All that are not forgotten yet, oldest first.
std::vector<InvitationLetter> list_invitation_letters(db::Transaction& tx, OrganizationId organization,
                                                      InvitationId invitation);

struct OutboxDepth {
  std::int64_t queued;
  std::int64_t failed;
};
OutboxDepth outbox_depth(db::Transaction& tx);

/// The sealed contents of letters that wait or failed, for `keys reseal`: id and content, in the order of ids, behind
/// `after`.
db::Rows list_waiting_contents(db::Transaction& tx, LetterId after, std::int64_t limit);
void set_letter_content(db::Transaction& tx, LetterId id, const db::Bytes& content);

}  // namespace gatehouse::store
