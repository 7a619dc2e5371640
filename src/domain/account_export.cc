#include "domain/account_export.h"

#include "domain/audit.h"
#include "domain/reauthentication.h"

namespace gatehouse::domain {

namespace {

/// Of one kind of thing: what a request can hold in memory.
constexpr std::int64_t kMost = 10'000;

template <class Item, class Row, class ToItem>
void add_rows(AccountExport& to, std::vector<Item>& items, const std::vector<Row>& rows, ToItem to_item) {
  for (const Row& row : rows) {
    if (std::int64_t(items.size()) == kMost) {
      to.has_more = true;
      return;
    }
    items.push_back(to_item(row));
  }
}

AccountExport collect(db::Transaction& tx, const store::User& user, base::Time now) {
  const store::Account account = user.account();
  AccountExport all;
  all.exported_at = now;
  all.profile = me_view(user);
  add_rows(all, all.memberships, store::list_places(tx, account), [](const store::Place& row) {
    return ExportedMembership{
        {row.organization, row.organization_name, row.organization_slug}, row.role_key, row.status, row.joined_at};
  });
  if (user.email_verified_at) {
    add_rows(all, all.invitations,
             store::list_received_invitations(tx, account.directory, user.email, now, {}, {}, kMost + 1),
             invitation_view);
  }
  add_rows(all, all.sessions, store::list_sessions(tx, account, kMost + 1), [](const store::Session& row) {
    return ExportedSession{row.id,         row.user_agent, row.address,   row.created_at,
                           row.rotated_at, row.expires_at, row.revoked_at};
  });
  add_rows(all, all.networks, store::list_sign_in_origins(tx, account), [](const store::SignInOrigin& row) {
    return ExportedNetwork{row.network, row.seen_at};
  });
  add_rows(all, all.activity, store::list_activity(tx, account.user, {newest().id}, kMost + 1),
           [&](const store::Activity& row) { return activity_view(row, account.user); });
  return all;
}

}  // namespace

base::Result<AccountExport> export_me(const Services& services, const SignedIn& caller, const ExportInput& input) {
  const ProvenPassword proven = TRY(prove_password(services, caller, input.password));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<AccountExport> {
    const store::User user = TRY(lock_proven(tx, services, caller, proven, now));
    record(tx, now, caller.origin(),
           {audit,
            audit_home(tx, caller.account()),
            action::kAccountExported,
            caller.actor(),
            caller.account().user.to_string(),
            {}});
    return collect(tx, user, now);
  });
}

}  // namespace gatehouse::domain
