#include "domain/my_sessions.h"

#include "domain/audit.h"
#include "domain/preconditions.h"
#include "store/users.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

MySessionView session_view(const store::Session& session, const SignedIn& caller) {
  return {session.id,           session.id == caller.session(),
          session.user_agent,   session.address,
          session.organization, session.created_at,
          session.rotated_at,   session.expires_at};
}

/// The person, so that a cursor is of no use to anybody else.
std::string list_name(const SignedIn& caller) { return "my-sessions " + caller.account().user.to_string(); }

Page<MySessionView> read_page(db::Transaction& tx, const Services& services, const SignedIn& caller,
                              const Position& position, std::int64_t limit, base::Time now) {
  return make_page<MySessionView>(
      services, list_name(caller), store::kPlatformOrganization,
      store::list_live_sessions(tx, caller.account(), now, position.time, {position.id}, limit + 1), limit,
      [&](const store::Session& row) { return session_view(row, caller); },
      [](const store::Session& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

base::Result<store::Session> find_mine(db::Transaction& tx, const SignedIn& caller, store::SessionId id,
                                       base::Time now) {
  auto session = store::find_session(tx, caller.account().directory, id);
  if (!session || session->user != caller.account().user) return refuse(base::kNotFound);
  if (session->revoked_at || session->expires_at <= now) return refuse(base::kNotFound);
  return std::move(*session);
}

}  // namespace

Position newest() {
  base::Uuid last;
  last.bytes.fill(0xFF);
  return {std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}, last};
}

base::Result<Page<MySessionView>> list_my_sessions(const Services& services, const SignedIn& caller,
                                                   const MyPageInput& input) {
  Position position = newest();
  if (input.after) {
    position = TRY(from_cursor(services, list_name(caller), store::kPlatformOrganization, input.after));
  }
  return services.database.read([&](db::Transaction& tx) -> base::Result<Page<MySessionView>> {
    return read_page(tx, services, caller, position, input.limit.value_or(kPageDefault), services.clock.now());
  });
}

base::Result<MySessionView> show_my_session(const Services& services, const SignedIn& caller,
                                            const MySessionInput& input) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<MySessionView> {
    return session_view(TRY(find_mine(tx, caller, input.session, services.clock.now())), caller);
  });
}

base::Result<void> end_my_session(const Services& services, const SignedIn& caller, const MySessionInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (!store::lock_user(tx, caller.account())) return refuse(base::kUnauthenticated);
    const store::Session session = TRY(find_mine(tx, caller, input.session, now));
    TRY(require_match(caller.origin(), session_view(session, caller)));
    store::revoke_session(tx, session.directory, session.id, now);
    record(tx, now, caller.origin(),
           {audit,
            session.organization ? *session.organization : audit_home(tx, caller.account()),
            action::kSessionEnded,
            caller.actor(),
            session.id.to_string(),
            {}});
    return {};
  });
}

base::Result<void> end_my_other_sessions(const Services& services, const SignedIn& caller) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (!store::lock_user(tx, caller.account())) return refuse(base::kUnauthenticated);
    if (caller.origin().if_match) {
      TRY(require_match(caller.origin(), read_page(tx, services, caller, newest(), kPageDefault, now)));
    }
    store::revoke_sessions_of(tx, caller.account(), caller.session(), now);
    record(tx, now, caller.origin(),
           {audit,
            caller.active_organization() ? *caller.active_organization() : audit_home(tx, caller.account()),
            action::kSessionsEnded,
            caller.actor(),
            caller.session().to_string(),
            {}});
    return {};
  });
}

}  // namespace gatehouse::domain
