#include "domain/operator_new_organization.h"

#include "domain/audit.h"
#include "domain/founding.h"
#include "domain/names.h"
#include "domain/operator_ownership.h"

namespace gatehouse::domain {

namespace {

/// Everything that creating an organization writes, made before its transaction.
struct NewHouse {
  NewOrganization made;
  store::InvitationId invitation;
  std::map<std::string, std::string> details;
};

base::Result<CreateOrganizationForOutput> store_house(const Services& services, const Steward& steward,
                                                      const NewHouse& house, const base::EmailAddress& owner) {
  const store::Organization& organization = house.made.organization;
  const base::Time now = organization.created_at;
  const auto audit = store::AuditId::make(services.clock.now());
  const auto invitation_audit = store::AuditId::make(services.clock.now());
  return services.database.write([&](db::Transaction& tx) -> base::Result<CreateOrganizationForOutput> {
    insert_new_organization(tx, house.made);
    record(tx, now, steward.origin(),
           {audit, organization.id, action::kOrganizationCreated, steward.actor(), organization.id.to_string(),
            house.details});
    const store::Invitation invitation =
        TRY(invite_owner(tx, services, steward,
                         {organization, house.made.owner_role(), owner, house.invitation, invitation_audit}, now));
    return CreateOrganizationForOutput{operated_view(tx, organization), view(invitation, now)};
  });
}

}  // namespace

base::Result<CreateOrganizationForOutput> create_organization_for(const Services& services, const Steward& steward,
                                                                  const CreateOrganizationForInput& input) {
  std::string name = TRY(clean_name(input.name, "/name"));
  std::optional<std::string> slug;
  if (input.slug) slug = TRY(clean_slug(*input.slug, "/slug"));
  NewHouse house;
  if (input.reason) house.details["reason"] = TRY(clean_reason(*input.reason));
  const base::Time now = services.clock.now();
  house.made = make_organization(std::move(name), std::move(slug), input.directory, now);
  house.invitation = store::InvitationId::make(now);
  std::optional<CreateOrganizationForOutput> output;
  TRY(store_with_free_slug(house.made, [&]() -> base::Result<void> {
    output = TRY(store_house(services, steward, house, input.owner_email));
    return {};
  }));
  services.wake_jobs();
  return std::move(*output);
}

}  // namespace gatehouse::domain
