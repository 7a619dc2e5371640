#include "store/letters.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_letter",
    "INSERT INTO letters (id, organization_id, template, recipient, content, urgency, status, tries, created_at, "
    "next_try_at, lease_until, expires_at, invitation_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7, $7, $8, $9)"};

constexpr db::Statement kClaim{
    "claim_letters",
    "UPDATE letters SET lease_until = $2, tries = tries + 1 WHERE id IN (SELECT id FROM letters "
    "WHERE status = 'queued' AND next_try_at <= $1 AND lease_until <= $1 ORDER BY urgency, next_try_at LIMIT $3) "
    "AND status = 'queued' AND lease_until <= $1 "
    "RETURNING id, template, recipient, content, tries, created_at, expires_at, organization_id, invitation_id"};

constexpr db::Statement kFinish{"finish_letter",
                                "UPDATE letters SET status = $3, reply = $4, tried_at = $5, finished_at = $5, "
                                "content = CASE WHEN $3 = 'failed' THEN content ELSE NULL END "
                                "WHERE id = $1 AND tries = $2 AND status = 'queued' RETURNING id"};

constexpr db::Statement kPostpone{"postpone_letter",
                                  "UPDATE letters SET reply = $3, tried_at = $4, next_try_at = $5, lease_until = $5 "
                                  "WHERE id = $1 AND tries = $2 AND status = 'queued' RETURNING id"};

#define WITHDRAW_WAITING                                                                       \
  "UPDATE letters SET status = CASE WHEN status = 'queued' THEN 'withdrawn' ELSE status END, " \
  "finished_at = CASE WHEN status = 'queued' THEN $2 ELSE finished_at END, content = NULL "    \
  "WHERE status IN ('queued', 'failed') "
constexpr db::Statement kWithdraw{"withdraw_letter", WITHDRAW_WAITING "AND id = $1 RETURNING status"};
constexpr db::Statement kWithdrawInvitations{
    "withdraw_invitation_letters",
    WITHDRAW_WAITING "AND organization_id = $1 AND invitation_id IS NOT NULL RETURNING invitation_id, status"};

// When it was finished is asked again of each: it may wait anew since it was chosen.
constexpr db::Statement kDeleteFinished{
    "delete_finished_letters",
    "DELETE FROM letters WHERE id IN (SELECT id FROM letters WHERE finished_at < $1 ORDER BY finished_at LIMIT $2) "
    "AND finished_at < $1 RETURNING id"};

constexpr db::Statement kListOfInvitation{"list_invitation_letters",
                                          "SELECT id, status, reply, created_at, tried_at, finished_at FROM letters "
                                          "WHERE organization_id = $1 AND invitation_id = $2 ORDER BY created_at, id"};

// Those that were sent are many, and nobody asks for them.
constexpr db::Statement kDepth{"outbox_depth",
                               "SELECT (SELECT COUNT(*) FROM letters WHERE status = 'queued'), "
                               "(SELECT COUNT(*) FROM letters WHERE status = 'failed')"};

constexpr db::Statement kListWaiting{
    "list_waiting_contents",
    "SELECT id, content FROM letters WHERE id > $1 AND content IS NOT NULL ORDER BY id LIMIT $2"};

constexpr db::Statement kSetContent{"set_letter_content",
                                    "UPDATE letters SET content = $2 WHERE id = $1 AND content IS NOT NULL"};

}  // namespace

void insert_letter(db::Transaction& tx, const NewLetter& letter) {
  tx.execute(kInsert, {letter.id, letter.organization, letter.template_name, letter.recipient.text, letter.content,
                       letter.urgency, letter.created_at, letter.expires_at, letter.invitation});
}

std::vector<ClaimedLetter> claim_letters(db::Transaction& tx, base::Time now, base::Time lease_until,
                                         std::int64_t limit) {
  std::vector<ClaimedLetter> letters;
  for (const db::Row& row : tx.query(kClaim, {now, lease_until, limit})) {
    letters.push_back({row.get<LetterId>(0), row.get<std::string>(1), base::EmailAddress{row.get<std::string>(2)},
                       row.get<db::Bytes>(3), row.get<std::int64_t>(4), row.get<base::Time>(5), row.get<base::Time>(6),
                       row.get<std::optional<OrganizationId>>(7), row.get<std::optional<InvitationId>>(8)});
  }
  return letters;
}

bool finish_letter(db::Transaction& tx, const ClaimedLetter& letter, const std::string& status,
                   const std::string& reply, base::Time now) {
  return tx.query_one(kFinish, {letter.id, letter.tries, status, reply, now}).has_value();
}

bool postpone_letter(db::Transaction& tx, const ClaimedLetter& letter, const std::string& reply, base::Time now,
                     base::Time next_try_at) {
  return tx.query_one(kPostpone, {letter.id, letter.tries, reply, now, next_try_at}).has_value();
}

bool withdraw_letter(db::Transaction& tx, LetterId id, base::Time now) {
  const auto row = tx.query_one(kWithdraw, {id, now});
  return row && row->get<std::string>(0) == "withdrawn";
}

std::vector<InvitationId> withdraw_invitation_letters(db::Transaction& tx, OrganizationId organization,
                                                      base::Time now) {
  std::vector<InvitationId> invitations;
  for (const db::Row& row : tx.query(kWithdrawInvitations, {organization, now})) {
    if (row.get<std::string>(1) == "withdrawn") invitations.push_back(row.get<InvitationId>(0));
  }
  return invitations;
}

bool delete_finished_letters(db::Transaction& tx, base::Time before, std::int64_t limit) {
  return std::int64_t(tx.query(kDeleteFinished, {before, limit}).size()) == limit;
}

std::vector<InvitationLetter> list_invitation_letters(db::Transaction& tx, OrganizationId organization,
                                                      InvitationId invitation) {
  std::vector<InvitationLetter> letters;
  for (const db::Row& row : tx.query(kListOfInvitation, {organization, invitation})) {
    letters.push_back(row.as<InvitationLetter, LetterId, std::string, std::optional<std::string>, base::Time,
                             std::optional<base::Time>, std::optional<base::Time>>());
  }
  return letters;
}

OutboxDepth outbox_depth(db::Transaction& tx) {
  return tx.query_one(kDepth)->as<OutboxDepth, std::int64_t, std::int64_t>();
}

db::Rows list_waiting_contents(db::Transaction& tx, LetterId after, std::int64_t limit) {
  return tx.query(kListWaiting, {after, limit});
}

void set_letter_content(db::Transaction& tx, LetterId id, const db::Bytes& content) {
  tx.execute(kSetContent, {id, content});
}

}  // namespace gatehouse::store
