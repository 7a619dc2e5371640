#pragma once

#include "db/database.h"
#include "store/application_permissions.h"
#include "store/members.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct Session {
  DirectoryId directory;
  SessionId id;
  UserId user;
  std::optional<OrganizationId> organization;
  std::int64_t generation;
  std::string address;
  std::string user_agent;
  base::Time created_at;
  base::Time expires_at;
  base::Time absolute_expires_at;
  std::optional<base::Time> revoked_at;
  /// When it was last refreshed or, of a browser, used; what is inserted begins with created_at.
  base::Time rotated_at = {};
};

void insert_session(db::Transaction& tx, const Session& session);
std::optional<Session> find_session(db::Transaction& tx, DirectoryId directory, SessionId id);
/// A page of the account's sessions that are not over, newest first, older than (`before_created_at`, `before_id`).
std::vector<Session> list_live_sessions(db::Transaction& tx, const Account& account, base::Time now,
                                        base::Time before_created_at, SessionId before_id, std::int64_t limit);
/// Those that are over too, as long as they are kept; newest first.
std::vector<Session> list_sessions(db::Transaction& tx, const Account& account, std::int64_t limit);

/// What decides how long a session may live: when it began and was last refreshed, and what its active organization
/// asks.
struct SessionTerms {
  std::optional<OrganizationId> organization;
  base::Time created_at;
  base::Time rotated_at;
  std::optional<std::int64_t> idle_seconds;
  std::optional<std::int64_t> absolute_seconds;
};
/// Nothing when the session is over.
std::optional<SessionTerms> find_session_terms(db::Transaction& tx, DirectoryId directory, SessionId id,
                                               base::Time now);

/// A session with all that a token and an answer say of it.
struct WholeSession {
  UserId user;
  std::int64_t generation;
  SessionTerms terms;
  /// In the active organization.
  std::optional<Membership> membership;
  std::vector<ApplicationPermission> application_permissions;
  base::Time expires_at = {};
  base::EmailAddress email = {};
  std::optional<base::Time> email_verified_at = {};
  std::optional<std::string> name = {};
  base::Time user_created_at = {};
};
/// What a refresh asks of the database, for the benchmark that does the same without us.
extern const db::Statement kFindWholeSession;
extern const db::Statement kRotateSession;

/// Nothing when the session is over, or its user or the membership in its active organization is not active.
std::optional<WholeSession> find_whole_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                               base::Time now);

/// One step of refresh-token rotation of what was just found. The caller holds generation `held`: it becomes `held` +
/// 1, or stays so for whoever asks with `held` again until `repeat_since` has passed. Returns the generation that
/// stands then; nothing when `held` is older than that. A session that another transaction has rotated, or ended, since
/// it was found is left as it is: this refresh was the earlier one.
std::optional<std::int64_t> rotate_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                           const WholeSession& found, std::int64_t held, base::Time now,
                                           base::Time repeat_since, base::Time idle_until);

/// Makes another organization the active one, and takes a step of rotation with it: whoever holds the refresh token of
/// before can't use it beside the new one. Returns the generation; nothing when the session is over.
std::optional<std::int64_t> switch_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                           OrganizationId organization, base::Time now, base::Time expires_at);

/// A browser's session was used: it may be idle from now on anew, until `idle_until`. False when it is over, or was
/// used later than that already.
bool note_session_use(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now, base::Time idle_until);

void revoke_session(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now);
/// Ends every session of the account, but for `keep` when it is given.
void revoke_sessions_of(db::Transaction& tx, const Account& account, std::optional<SessionId> keep, base::Time now);
/// Ends the account's sessions whose active organization is that one.
void revoke_sessions_in(db::Transaction& tx, OrganizationId organization, const Account& account, base::Time now);
/// Ends every session whose active organization is that one.
void revoke_sessions_in_organization(db::Transaction& tx, OrganizationId organization, base::Time now);
/// What an organization's shorter lives do to the sessions in it: those that began before `created_since` or were last
/// refreshed before `rotated_since` end, and the others not later than `expires_at_most`.
void tighten_sessions_in_organization(db::Transaction& tx, OrganizationId organization, base::Time created_since,
                                      base::Time rotated_since, base::Time expires_at_most, base::Time now);
/// An account's sessions, its last used organization and the days of its activity (store/member_activity.h) name that
/// organization no more: it is about to vanish.
void forget_organization(db::Transaction& tx, OrganizationId organization, const Account& account, base::Time now);
/// Forgets sessions that were over before `before`: at most `limit` that expired, and as many that were ended. True
/// when there may be more.
bool delete_dead_sessions(db::Transaction& tx, base::Time before, std::int64_t limit);

/// All that admission wants to know about a live session, read in one statement. Nothing when the session is over or
/// its user is not active. The member fields are empty when there is no active organization, or no active membership.
struct LiveSession {
  UserId user;
  std::string email;
  std::optional<base::Time> email_verified_at;
  std::optional<OrganizationId> organization;
  std::optional<MemberId> member;
  std::optional<std::int64_t> rights_version;
  base::Time created_at;
  base::Time rotated_at;
  /// What the active organization asks.
  std::optional<std::int64_t> idle_seconds;
  std::optional<std::int64_t> absolute_seconds;
};
std::optional<LiveSession> find_live_session(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now);

}  // namespace gatehouse::store
