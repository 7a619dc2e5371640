#include "domain/operator_organizations.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "store/platform_organizations.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// How long a deleted organization can be restored.
constexpr std::chrono::hours kDeletedLife{30 * 24};

tl::unexpected<base::Refusal> refuse_state_of(const store::Organization& organization) {
  return refuse(base::kWrongState, "The organization is " + view(organization).status + ".");
}

base::Result<OperatedOrganizationView> set_suspended(const Services& services, const Steward& steward,
                                                     const OrganizationReasonInput& input, bool is_suspended) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<OperatedOrganizationView> {
    auto organization = store::fence_organization(tx, input.organization);
    if (!organization) return refuse(base::kNotFound);
    if (organization->purge_at || organization->is_active() != is_suspended) return refuse_state_of(*organization);
    store::set_organization_suspended(tx, organization->id, is_suspended);
    if (is_suspended) store::revoke_sessions_in_organization(tx, organization->id, now);
    record(tx, now, steward.origin(),
           {audit,
            organization->id,
            is_suspended ? action::kOrganizationSuspended : action::kOrganizationReinstated,
            steward.actor(),
            organization->id.to_string(),
            {{"reason", reason}}});
    organization->status = is_suspended ? "suspended" : "active";
    return operated_view(tx, *organization);
  });
}

}  // namespace

OperatedOrganizationView operated_view(db::Transaction& tx, const store::Organization& organization) {
  const OrganizationView common = view(organization);
  OperatedOrganizationView shown{
      common.id,       common.name, common.slug, common.status, common.has_own_directory, common.created_at,
      common.purge_at, true,        {}};
  for (const store::RoleTally& tally : store::tally_members_by_role(tx, organization.id)) {
    if (tally.key == kOwnerRole && tally.active > 0) shown.is_orphaned = false;
    shown.members.push_back({{tally.role, tally.key, tally.name}, tally.active, tally.suspended});
  }
  return shown;
}

base::Result<Page<OrganizationView>> search_organizations(const Services& services, const Steward&,
                                                          const SearchOrganizationsInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string status = input.status.value_or("");
  const std::string prefix = base::to_folded(base::trim(input.q.value_or("")));
  const std::string list = "operator/organizations status=" + status + " q=" + prefix;
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    return store::search_organizations(tx, {prefix, status, position.time, {position.id}, limit + 1});
  });
  return make_page<OrganizationView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [](const store::Organization& row) { return view(row); },
      [](const store::Organization& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

base::Result<OperatedOrganizationView> show_organization(const Services& services, const Steward&,
                                                         const OperatedOrganizationInput& input) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<OperatedOrganizationView> {
    const auto organization = store::find_organization(tx, input.organization);
    if (!organization) return refuse(base::kNotFound);
    return operated_view(tx, *organization);
  });
}

base::Result<OperatedOrganizationView> suspend_organization(const Services& services, const Steward& steward,
                                                            const OrganizationReasonInput& input) {
  return set_suspended(services, steward, input, true);
}

base::Result<OperatedOrganizationView> reinstate_organization(const Services& services, const Steward& steward,
                                                              const OrganizationReasonInput& input) {
  return set_suspended(services, steward, input, false);
}

base::Result<OperatedOrganizationView> delete_organization_for(const Services& services, const Steward& steward,
                                                               const OrganizationReasonInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<OperatedOrganizationView> {
    auto organization = store::fence_organization(tx, input.organization);
    if (!organization) return refuse(base::kNotFound);
    if (!organization->is_active()) return refuse_state_of(*organization);
    organization->purge_at = now + kDeletedLife;
    store::mark_organization_deleted(tx, organization->id, *organization->purge_at);
    store::revoke_sessions_in_organization(tx, organization->id, now);
    withdraw_waiting_letters(tx, organization->id, now);
    record(tx, now, steward.origin(),
           {audit,
            organization->id,
            action::kOrganizationDeleted,
            steward.actor(),
            organization->id.to_string(),
            {{"reason", reason}}});
    return operated_view(tx, *organization);
  });
}

base::Result<store::OrganizationId> find_organization_by_slug(const Services& services, const Steward&,
                                                              const std::string& slug) {
  const auto organization =
      services.database.read([&](db::Transaction& tx) { return store::find_organization_by_slug(tx, slug); });
  if (!organization) return refuse(base::kNotFound);
  return organization->id;
}

}  // namespace gatehouse::domain
