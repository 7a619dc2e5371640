#pragma once

#include "domain/founding.h"
#include "domain/invitation_views.h"
#include "domain/operator_organizations.h"

namespace gatehouse::domain {

struct CreateOrganizationForInput {
  std::string name;
  std::optional<std::string> slug;
  std::optional<std::string> directory;
  base::EmailAddress owner_email;
  std::optional<std::string> reason;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("name", &CreateOrganizationForInput::name).length(1, 100).example("Acme Ltd."),
        wire::field("slug", &CreateOrganizationForInput::slug)
            .length(1, 63)
            .says("Lower-case letters, digits and hyphens. Made of the name when it is absent.")
            .example("acme"),
        wire::field("directory", &CreateOrganizationForInput::directory)
            .one_of(kDirectoryKinds)
            .says("Where its people's accounts are; shared when it is absent."),
        wire::field("owner_email", &CreateOrganizationForInput::owner_email)
            .says("Who is invited to own it.")
            .example("ada@acme.example"),
        wire::field("reason", &CreateOrganizationForInput::reason).length(1, 200).says("Why, for the audit log."));
  }
};

struct CreateOrganizationForOutput {
  OperatedOrganizationView organization;
  InvitationView invitation;

  static constexpr std::string_view kSchemaName = "CreatedOrganization";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &CreateOrganizationForOutput::organization),
                        wire::field("invitation", &CreateOrganizationForOutput::invitation).says("Of the owner."));
  }
};

/// Makes an organization without members and invites its owner. Refuses: kInvalidRequest, kSlugTaken, kRateLimited (the
/// owner had enough letters).
base::Result<CreateOrganizationForOutput> create_organization_for(const Services& services, const Steward& steward,
                                                                  const CreateOrganizationForInput& input);

}  // namespace gatehouse::domain
