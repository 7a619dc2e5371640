#pragma once

#include "base/result.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"
#include "domain/views.h"

#include <array>

namespace gatehouse::domain {

inline constexpr std::array<std::string_view, 3> kOrganizationStatuses{"active", "suspended", "deleted"};

struct SearchOrganizationsInput {
  std::optional<std::string> q;
  std::optional<std::string> status;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("q", &SearchOrganizationsInput::q)
            .length(1, 100)
            .says("How the slug or the name begins, in any case.")
            .example("acme"),
        wire::field("status", &SearchOrganizationsInput::status).one_of(kOrganizationStatuses),
        wire::field("limit", &SearchOrganizationsInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &SearchOrganizationsInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct OperatedOrganizationInput {
  store::OrganizationId organization;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &OperatedOrganizationInput::organization));
  }
};

struct OrganizationReasonInput {
  store::OrganizationId organization;
  std::string reason;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &OrganizationReasonInput::organization),
                        wire::field("reason", &OrganizationReasonInput::reason)
                            .length(1, 200)
                            .says("Why; it is kept in the organization's audit log.")
                            .example("Unpaid since June, ticket 4711"));
  }
};

/// How many people have a role. The suspended ones are so in the organization or altogether.
struct RoleTallyView {
  RoleReference role;
  std::int64_t active = 0;
  std::int64_t suspended = 0;

  static constexpr std::string_view kSchemaName = "RoleTally";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("role", &RoleTallyView::role), wire::field("active", &RoleTallyView::active),
        wire::field("suspended", &RoleTallyView::suspended).says("In the organization, or with their whole account."));
  }
};

/// An organization as operators see it: who is in it only as counts.
struct OperatedOrganizationView {
  store::OrganizationId id;
  std::string name;
  std::string slug;
  std::string status;
  bool has_own_directory = false;
  base::Time created_at;
  std::optional<base::Time> purge_at;
  bool is_orphaned = false;
  std::vector<RoleTallyView> members;

  static constexpr std::string_view kSchemaName = "OperatedOrganization";
  static constexpr auto fields() {
    using V = OperatedOrganizationView;
    return wire::fields(wire::field("id", &V::id), wire::field("name", &V::name), wire::field("slug", &V::slug),
                        wire::field("status", &V::status).says("active, suspended or deleted"),
                        wire::field("has_own_directory", &V::has_own_directory),
                        wire::field("created_at", &V::created_at),
                        wire::field("purge_at", &V::purge_at).says("Of a deleted one: when it is gone for good."),
                        wire::field("is_orphaned", &V::is_orphaned).says("It has no active owner."),
                        wire::field("members", &V::members).says("How many have each role."));
  }
};

/// The organization that has this slug. Refuses: kNotFound.
base::Result<store::OrganizationId> find_organization_by_slug(const Services& services, const Steward& steward,
                                                              const std::string& slug);

/// All organizations of all tenants, oldest first.
base::Result<Page<OrganizationView>> search_organizations(const Services& services, const Steward& steward,
                                                          const SearchOrganizationsInput& input);

OperatedOrganizationView operated_view(db::Transaction& tx, const store::Organization& organization);

/// Refuses: kNotFound.
base::Result<OperatedOrganizationView> show_organization(const Services& services, const Steward& steward,
                                                         const OperatedOrganizationInput& input);

/// From now on nobody is let into the organization, by session, key or link, until it is reinstated. Its members are
/// not told. Refuses: kInvalidRequest, kNotFound, kWrongState (suspended or deleted already).
base::Result<OperatedOrganizationView> suspend_organization(const Services& services, const Steward& steward,
                                                            const OrganizationReasonInput& input);

/// The same for good after 30 days; until then its owners can restore it. For the command line. Refuses:
/// kInvalidRequest, kNotFound, kWrongState (deleted already, or suspended: restoring it would end that as well).
base::Result<OperatedOrganizationView> delete_organization_for(const Services& services, const Steward& steward,
                                                               const OrganizationReasonInput& input);

/// Undoes a suspension. Refuses: kInvalidRequest, kNotFound, kWrongState (active, or deleted by its owners).
base::Result<OperatedOrganizationView> reinstate_organization(const Services& services, const Steward& steward,
                                                              const OrganizationReasonInput& input);

}  // namespace gatehouse::domain
