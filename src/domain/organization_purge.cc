#include "base/log.h"
#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "domain/operators.h"
#include "domain/organizations.h"
#include "store/directories.h"
#include "store/sessions.h"

#include <stdexcept>
#include <string>

namespace gatehouse::domain {

namespace {

constexpr std::int64_t kStep = 200;

/// Whether it is still there and its time is over; then its fence is held.
std::optional<store::Organization> fence_purgeable(db::Transaction& tx, store::OrganizationId id, base::Time now) {
  auto organization = store::fence_organization(tx, id);
  if (!organization || !organization->purge_at || *organization->purge_at > now) return std::nullopt;
  return organization;
}

/// True as long as there may be more.
bool purge_some_invitations(const Services& services, store::OrganizationId id, base::Time now) {
  const auto more = services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    return fence_purgeable(tx, id, now) && store::delete_invitations(tx, id, now, kStep);
  });
  return more.value();
}

/// The same.
bool purge_some_members(const Services& services, store::OrganizationId id, base::Time now) {
  const auto more = services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    if (!fence_purgeable(tx, id, now)) return false;
    const auto members = store::list_members(tx, id, {}, store::MemberOrder::joined, {}, kStep);
    for (const store::Member& member : members) {
      store::forget_organization(tx, id, member.account(), now);
      store::delete_member(tx, id, member.id, now);
    }
    return std::int64_t(members.size()) == kStep;
  });
  return more.value();
}

/// The members are gone, so nothing points at the accounts of the organization's own directory.
bool purge_some_accounts(const Services& services, store::OrganizationId id, base::Time now) {
  const auto more = services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    const auto organization = fence_purgeable(tx, id, now);
    if (!organization || organization->directory == store::kSharedDirectory) return false;
    const auto accounts = store::list_accounts(tx, organization->directory, kStep);
    for (const store::Account& account : accounts) store::delete_user(tx, account);
    return std::int64_t(accounts.size()) == kStep;
  });
  return more.value();
}

/// False when another node did it.
bool purge_rest(const Services& services, store::OrganizationId id, base::Time now) {
  const auto audit = store::AuditId::make(services.clock.now());
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    const auto organization = fence_purgeable(tx, id, now);
    if (!organization) return false;
    store::delete_organization(tx, id, now);
    if (organization->directory != store::kSharedDirectory) store::delete_directory(tx, organization->directory);
    record(tx, now, command_line_origin(),
           {audit,
            store::kPlatformOrganization,
            action::kOrganizationPurged,
            {"system", std::nullopt},
            id.to_string(),
            {}});
    return true;
  });
  return done.value();
}

/// False when another node did it, or it was asked to stop: the next run goes on where this one ended.
bool purge(const Services& services, store::OrganizationId id, base::Time now, const std::stop_token& stop) {
  for (const auto purge_some : {purge_some_invitations, purge_some_members, purge_some_accounts}) {
    while (!stop.stop_requested() && purge_some(services, id, now)) {
    }
  }
  return !stop.stop_requested() && purge_rest(services, id, now);
}

}  // namespace

void give_up_organization(db::Transaction& tx, store::OrganizationId id, base::Time now) {
  const auto organization = store::find_organization(tx, id);
  if (!organization) return;
  withdraw_waiting_letters(tx, id, now);
  if (organization->directory == store::kSharedDirectory) {
    store::delete_organization(tx, id, now);
  } else {
    store::mark_organization_deleted(tx, id, now);
    store::revoke_sessions_in_organization(tx, id, now);
  }
}

std::size_t purge_organizations(const Services& services, const std::stop_token& stop) {
  const base::Time now = services.clock.now();
  const auto ids =
      services.database.read([&](db::Transaction& tx) { return store::list_purgeable_organizations(tx, now, 100); });
  std::size_t purged = 0, failed = 0;
  for (const store::OrganizationId id : ids) {
    if (stop.stop_requested()) break;
    try {
      if (purge(services, id, now, stop)) ++purged;
    } catch (const std::exception& error) {
      base::log::error("organization could not be purged", {{"organization", id.to_string()}, {"error", error.what()}});
      ++failed;
    }
  }
  if (failed > 0) throw std::runtime_error("organizations that could not be purged: " + std::to_string(failed));
  return purged;
}

}  // namespace gatehouse::domain
