#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/founding.h"
#include "domain/members.h"
#include "domain/organization_update.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/views.h"

#include <stop_token>

namespace gatehouse::domain {

struct CreateOrganizationInput {
  std::string name;
  std::optional<std::string> slug;
  std::optional<std::string> directory;
  std::optional<base::Secret> password;

  static constexpr std::string_view kSchemaName = "CreateOrganizationRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("name", &CreateOrganizationInput::name).length(1, 100).example("Acme"),
        wire::field("slug", &CreateOrganizationInput::slug)
            .length(1, 63)
            .example("acme")
            .says("Lower-case letters, digits and hyphens. Made of the name when it is absent."),
        wire::field("directory", &CreateOrganizationInput::directory)
            .one_of(kDirectoryKinds)
            .says("isolated: a directory of its own, in which the same address is an unrelated account. shared when it "
                  "is absent."),
        wire::field("password", &CreateOrganizationInput::password)
            .length(8, 256)
            .example("seven kettles on a raft")
            .says("Of the caller's new account in the organization's own directory: needed there, and only there."));
  }
};

/// The caller becomes the owner; of an isolated one by a new account at the caller's address, which is as verified as
/// the caller's. Refuses: kInvalidRequest, kWeakPassword, kForbidden (an operator; an account of an isolated directory
/// for a shared one), kSlugTaken, kRateLimited.
base::Result<OrganizationDetails> create_organization(const Services& services, const SignedIn& caller,
                                                      const CreateOrganizationInput& input);

struct OwnOrganizationsInput {
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("limit", &OwnOrganizationsInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &OwnOrganizationsInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

/// The organizations in which the caller is an active member, and deleted ones that the caller can restore, in the
/// order in which the caller joined.
base::Result<Page<MembershipView>> list_own_organizations(const Services& services, const SignedIn& caller,
                                                          const OwnOrganizationsInput& input);

/// Needs organization:read.
base::Result<OrganizationDetails> show_organization(const Services& services, const InOrganization& caller,
                                                    const OrganizationInput& input);

/// Nobody works in it from now on: sessions in it end, its keys are refused, its invitations are dead and those that
/// wait to be sent are not, and its members are told. For 30 days an owner can restore it. Needs organization:delete.
/// Refuses: kPreconditionFailed.
base::Result<void> delete_organization(const Services& services, const InOrganization& caller,
                                       const OrganizationInput& input);

/// Undoes it, by one who is an active owner. Refuses: kNotFound, kForbidden and kWrongState (it is not deleted).
base::Result<OrganizationDetails> restore_organization(const Services& services, const SignedIn& caller,
                                                       const OrganizationInput& input);

/// For the moment at which the last owner's account goes: removes the organization with all that belongs to it. One
/// with a directory of its own is closed, and purge_organizations() removes it with its accounts. The fence must be
/// held.
void give_up_organization(db::Transaction& tx, store::OrganizationId organization, base::Time now);

/// Removes what was deleted and can't be restored any more, with the accounts of its own directory; the audit log
/// stays. In steps, each a transaction of its own, so that it can be stopped anywhere and goes on with the next run.
/// One that can't be removed stops no other; throws at the end when there was one. For the jobs. Returns how many
/// organizations are gone for good.
std::size_t purge_organizations(const Services& services, const std::stop_token& stop = {});

struct TransferOwnershipInput {
  store::OrganizationId organization;
  store::MemberId member_id;

  static constexpr std::string_view kSchemaName = "TransferOwnershipRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &TransferOwnershipInput::organization),
        wire::field("member_id", &TransferOwnershipInput::member_id).says("Who becomes an owner: an active member."));
  }
};

/// That member becomes an owner and the caller an admin; both are told. Needs owners:manage. Refuses: kPersonNeeded,
/// kNotFound, kWrongState (the caller itself, or one who is suspended).
base::Result<void> transfer_ownership(const Services& services, const InOrganization& caller,
                                      const TransferOwnershipInput& input);

}  // namespace gatehouse::domain
