#include "domain/operator_new_organization.h"

#include "domain/audit.h"
#include "domain/names.h"
#include "domain/new_organization.h"
#include "domain/operator_ownership.h"
#include "store/platform_organizations.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

base::Result<std::string> check_slug(const std::string& slug) {
  // What a slug is made of is what to_slug() leaves as it is.
  if (slug != to_slug(slug)) {
    return base::refuse_field("/slug", "A slug is 1 to 40 lower-case letters, digits and single hyphens between them.");
  }
  return slug;
}

/// Everything that creating an organization writes, made before its transaction.
struct NewHouse {
  store::Organization organization;
  std::vector<store::Role> roles;
  store::InvitationId invitation;
  store::AuditId audit, invitation_audit;
  std::map<std::string, std::string> details;
};

base::Result<CreateOrganizationForOutput> store_house(const Services& services, const Steward& steward,
                                                      const NewHouse& house, const base::EmailAddress& owner) {
  const store::Organization& organization = house.organization;
  const base::Time now = organization.created_at;
  return services.database.write([&](db::Transaction& tx) -> base::Result<CreateOrganizationForOutput> {
    if (organization.directory != store::kSharedDirectory) {
      store::insert_isolated_directory(tx, organization.directory, now);
    }
    store_new_organization(tx, organization, house.roles);
    record(tx, now, steward.origin(),
           {house.audit, organization.id, action::kOrganizationCreated, steward.actor(), organization.id.to_string(),
            house.details});
    const store::Invitation invitation =
        TRY(invite_owner(tx, services, steward,
                         {organization, house.roles.front(), owner, house.invitation, house.invitation_audit}, now));
    return CreateOrganizationForOutput{operated_view(tx, organization), view(invitation, now)};
  });
}

}  // namespace

base::Result<CreateOrganizationForOutput> create_organization_for(const Services& services, const Steward& steward,
                                                                  const CreateOrganizationForInput& input) {
  NewHouse house;
  const std::string name = TRY(clean_name(input.name, "/name"));
  const std::string slug = input.slug ? TRY(check_slug(*input.slug)) : to_slug(name);
  if (input.reason) house.details["reason"] = TRY(clean_reason(*input.reason));
  const base::Time now = services.clock.now();
  const bool is_isolated = input.directory == kDirectoryKinds[1];
  house.organization = {store::OrganizationId::make(now),
                        is_isolated ? store::DirectoryId::make(now) : store::kSharedDirectory,
                        name,
                        slug,
                        "active",
                        now};
  house.roles = make_fixed_roles(house.organization.id, std::string(kOwnerRole), now);
  house.invitation = store::InvitationId::make(now);
  house.audit = store::AuditId::make(now);
  house.invitation_audit = store::AuditId::make(now);
  for (;;) {
    try {
      auto output = TRY(store_house(services, steward, house, input.owner_email));
      services.wake_jobs();
      return output;
    } catch (const db::UniqueViolation& violation) {
      if (violation.constraint() != "organizations_slug_key") throw;
      if (input.slug) return refuse(base::kSlugTaken);
      house.organization.slug = to_slug_with_suffix(name);
    }
  }
}

}  // namespace gatehouse::domain
