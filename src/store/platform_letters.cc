#include "store/platform_letters.h"

namespace gatehouse::store {

namespace {

#define LETTER_COLUMNS                                                                                           \
  "SELECT id, template, recipient, status, tries, reply, organization_id, created_at, next_try_at, expires_at, " \
  "finished_at, invitation_id FROM letters "

constexpr db::Statement kList{"list_letters", LETTER_COLUMNS "WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr db::Statement kListOfStatus{"list_letters_of_status",
                                      LETTER_COLUMNS "WHERE status = $3 AND id > $1 ORDER BY id LIMIT $2"};
constexpr db::Statement kFind{"find_letter", LETTER_COLUMNS "WHERE id = $1"};

constexpr db::Statement kRetry{
    "retry_letter",
    "UPDATE letters SET status = 'queued', tries = 0, next_try_at = $2, lease_until = $2, finished_at = NULL "
    "WHERE id = $1 AND status = 'failed' AND content IS NOT NULL AND expires_at > $2 RETURNING id"};

constexpr db::Statement kWipe{
    "wipe_expired_letters",
    "UPDATE letters SET content = NULL WHERE id IN (SELECT id FROM letters WHERE status = 'failed' "
    "AND content IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2) "
    "AND status = 'failed' AND expires_at <= $1 RETURNING id"};

LetterInfo to_letter(const db::Row& row) {
  return {row.get<LetterId>(0),
          row.get<std::string>(1),
          base::EmailAddress{row.get<std::string>(2)},
          row.get<std::string>(3),
          row.get<std::int64_t>(4),
          row.get<std::optional<std::string>>(5),
          row.get<std::optional<OrganizationId>>(6),
          row.get<base::Time>(7),
          row.get<base::Time>(8),
          row.get<base::Time>(9),
          row.get<std::optional<base::Time>>(10),
          row.get<std::optional<InvitationId>>(11)};
}

}  // namespace

std::vector<LetterInfo> list_letters(db::Transaction& tx, const std::string& status, LetterId after,
                                     std::int64_t limit) {
  std::vector<LetterInfo> letters;
  const db::Rows rows =
      status.empty() ? tx.query(kList, {after, limit}) : tx.query(kListOfStatus, {after, limit, status});
  for (const db::Row& row : rows) letters.push_back(to_letter(row));
  return letters;
}

std::optional<LetterInfo> find_letter(db::Transaction& tx, LetterId id) {
  const auto row = tx.query_one(kFind, {id});
  if (!row) return std::nullopt;
  return to_letter(*row);
}

bool retry_letter(db::Transaction& tx, LetterId id, base::Time now) {
  return tx.query_one(kRetry, {id, now}).has_value();
}

bool wipe_expired_letters(db::Transaction& tx, base::Time now, std::int64_t limit) {
  return std::int64_t(tx.query(kWipe, {now, limit}).size()) == limit;
}

}  // namespace gatehouse::store
