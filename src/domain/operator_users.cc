#include "domain/operator_users.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/limits.h"
#include "domain/password_reset.h"
#include "store/platform_users.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kDisabled = "disabled";

std::string shown_status(const std::string& stored) { return std::string(kUserStatuses[stored == kDisabled ? 1 : 0]); }

std::string shown_directory(store::DirectoryId directory) {
  return std::string(kDirectoryKinds[directory == store::kSharedDirectory ? 0 : 1]);
}

FoundUserView found_view(const store::User& user) {
  return {user.id,
          user.email,
          user.email_verified_at.has_value(),
          user.profile.name,
          shown_status(user.status),
          shown_directory(user.directory),
          user.created_at};
}

OperatedMembershipView operated_view(const store::AnyMembership& row) {
  return {row.organization,
          row.organization_name,
          row.organization_slug,
          row.purge_at ? "deleted" : row.organization_status,
          row.member,
          {row.role, row.role_key, row.role_name},
          row.status,
          row.joined_at};
}

base::Result<store::User> lock_located_user(db::Transaction& tx, store::UserId id) {
  const auto directory = store::locate_user(tx, id);
  const auto user = directory ? store::lock_user(tx, {*directory, id}) : std::nullopt;
  if (!user) return refuse(base::kNotFound);
  return *user;
}

void record_on_user(db::Transaction& tx, base::Time now, const Steward& steward, store::AuditId audit,
                    std::string_view what, store::UserId user, const std::string& reason) {
  // Of the platform: what is done to a person is not the affair of one of the organizations that they are in.
  record(tx, now, steward.origin(),
         {audit, store::kPlatformOrganization, what, steward.actor(), user.to_string(), {{"reason", reason}}});
}

/// Fences of the organizations that the user is in, which are always taken before the lock on the account and in the
/// order of their ids.
void fence_all(db::Transaction& tx, const std::vector<store::AnyMembership>& memberships) {
  for (const store::AnyMembership& membership : memberships) store::fence_organization(tx, membership.organization);
}

std::vector<OrganizationReference> orphaned_among(db::Transaction& tx,
                                                  const std::vector<store::AnyMembership>& memberships) {
  std::vector<OrganizationReference> orphaned;
  for (const store::AnyMembership& one : memberships) {
    const bool was_owner = one.role_key == kOwnerRole && one.status == "active" && !one.purge_at;
    if (!was_owner) continue;
    if (store::count_active_members_with_role(tx, one.organization, std::string(kOwnerRole)) > 0) continue;
    orphaned.push_back({one.organization, one.organization_name, one.organization_slug});
  }
  return orphaned;
}

}  // namespace

base::Result<Page<FoundUserView>> search_users(const Services& services, const Steward&,
                                               const SearchUsersInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string shown = input.status.value_or("");
  const std::string status = shown == kUserStatuses[1] ? std::string(kDisabled) : shown;
  const std::string directory = input.directory.value_or("");
  const std::string prefix = base::to_lower_ascii(input.q.value_or(""));
  const std::string list = "operator/users status=" + status + " directory=" + directory + " q=" + prefix;
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    return store::search_users(tx, {prefix, status, directory, position.time, {position.id}, limit + 1});
  });
  return make_page<FoundUserView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [](const store::FoundUser& row) {
        return FoundUserView{row.id,
                             row.email,
                             row.email_verified_at.has_value(),
                             row.name,
                             shown_status(row.status),
                             shown_directory(row.directory),
                             row.created_at};
      },
      [](const store::FoundUser& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

base::Result<OperatedUserView> show_user(const Services& services, const Steward&, const OperatedUserInput& input) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<OperatedUserView> {
    const auto directory = store::locate_user(tx, input.user);
    const auto user = directory ? store::find_user(tx, {*directory, input.user}) : std::nullopt;
    if (!user) return refuse(base::kNotFound);
    OperatedUserView shown{found_view(*user), {}, {}};
    for (const auto& membership : store::list_all_memberships(tx, user->account())) {
      shown.memberships.push_back(operated_view(membership));
    }
    for (const auto& session : store::list_open_sessions(tx, user->account(), now)) {
      shown.sessions.push_back({session.id, session.organization, session.address, session.user_agent,
                                session.created_at, session.last_seen_at, session.expires_at});
    }
    return shown;
  });
}

base::Result<store::UserId> find_shared_user(const Services& services, const Steward&,
                                             const base::EmailAddress& email) {
  const auto user = services.database.read(
      [&](db::Transaction& tx) { return store::find_user_by_email(tx, store::kSharedDirectory, email); });
  if (!user) return refuse(base::kNotFound);
  return user->id;
}

base::Result<SuspendUserOutput> suspend_user(const Services& services, const Steward& steward,
                                             const UserReasonInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<SuspendUserOutput> {
    const auto directory = store::locate_user(tx, input.user);
    if (!directory) return refuse(base::kNotFound);
    const store::Account account{*directory, input.user};
    fence_all(tx, store::list_all_memberships(tx, account));
    auto user = store::lock_user(tx, account);
    if (!user) return refuse(base::kNotFound);
    if (!user->is_active()) return refuse(base::kWrongState, "The account is suspended already.");

    user->status = kDisabled;
    store::set_user_status(tx, account, user->status);
    store::revoke_sessions_of(tx, account, std::nullopt, now);
    store::void_all_one_time_tokens(tx, account, now);
    const auto memberships = store::list_all_memberships(tx, account);
    for (const store::AnyMembership& membership : memberships) {
      revoke_unsendable_invitations(tx, membership.organization, account.user, {}, {}, now);
    }
    record_on_user(tx, now, steward, audit, action::kAccountSuspended, account.user, reason);
    return SuspendUserOutput{found_view(*user), orphaned_among(tx, memberships)};
  });
}

base::Result<FoundUserView> reinstate_user(const Services& services, const Steward& steward,
                                           const UserReasonInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<FoundUserView> {
    store::User user = TRY(lock_located_user(tx, input.user));
    if (user.is_active()) return refuse(base::kWrongState, "The account is active.");
    user.status = "active";
    store::set_user_status(tx, user.account(), user.status);
    record_on_user(tx, now, steward, audit, action::kAccountReinstated, user.id, reason);
    return found_view(user);
  });
}

base::Result<void> sign_user_out(const Services& services, const Steward& steward, const UserReasonInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const store::User user = TRY(lock_located_user(tx, input.user));
    store::revoke_sessions_of(tx, user.account(), std::nullopt, now);
    record_on_user(tx, now, steward, audit, action::kAccountSignedOut, user.id, reason);
    return {};
  });
}

base::Result<void> mail_password_reset(const Services& services, const Steward& steward, const UserReasonInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  if (!services.settings.mail_enabled) return refuse(base::kWrongState, "Mail is switched off here.");
  const base::Time now = services.clock.now();
  const auto directory =
      services.database.read([&](db::Transaction& tx) { return store::locate_user(tx, input.user); });
  if (!directory) return refuse(base::kNotFound);
  const ResetLink link = make_reset_link(*directory, now);
  const auto audit = store::AuditId::make(services.clock.now());
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const auto user = store::lock_user(tx, {*directory, input.user});
    if (!user) return refuse(base::kNotFound);
    if (!user->is_active()) return refuse(base::kWrongState, "The account is suspended.");
    if (!mail_reset_link(tx, services, *user, link, now)) {
      return tl::unexpected(base::Refusal{&base::kRateLimited,
                                          "This person has had enough letters for the moment.",
                                          {},
                                          kResetLettersPerMinute.window.count()});
    }
    record_on_user(tx, now, steward, audit, action::kResetRequested, user->id, reason);
    return {};
  }));
  services.wake_jobs();
  return {};
}

}  // namespace gatehouse::domain
