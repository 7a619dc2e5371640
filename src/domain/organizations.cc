#include "domain/organizations.h"

#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "domain/invitations.h"
#include "domain/limits.h"
#include "domain/names.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "domain/preconditions.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

base::Result<void> check_create(const SignedIn& caller, const CreateOrganizationInput& input) {
  if (caller.is_operator()) return refuse(base::kForbidden, "An operator is never a member of an organization.");
  if (input.directory == kIsolated) {
    if (!input.password) return base::refuse_field("/password", "This field is needed for a directory of its own.");
    return {};
  }
  if (input.password) return base::refuse_field("/password", "Only with a directory of its own.");
  if (caller.account().directory != store::kSharedDirectory) {
    return refuse(base::kForbidden, "An account of an organization's own directory works in that organization only.");
  }
  return {};
}

/// The founder's account in the organization's own directory; where the directory is shared, the caller's.
store::User make_founder(const Services& services, const SignedIn& caller, const CreateOrganizationInput& input,
                         const NewOrganization& made, base::Time now) {
  store::User founder;
  founder.directory = caller.account().directory;
  founder.id = caller.account().user;
  if (!made.is_isolated) return founder;
  founder = {made.organization.directory,
             store::UserId::make(now),
             caller.email(),
             std::nullopt,
             {},
             "active",
             made.organization.id,
             now};
  founder.password_hash =
      hash_password(services, founder.account(), *input.password, base::network_of(caller.origin().address));
  return founder;
}

void tell_role(db::Transaction& tx, const Services& services, const store::Organization& organization,
               const store::Member& recipient, const store::Role& role, base::Time now) {
  if (!take_notice_budget(tx, services, recipient.email, now)) return;
  enqueue(tx, services, {recipient.email, recipient.account(), organization.id, now, now + kNoticeLife},
          mail::RoleChanged{{organization.name}, {role.name}, now});
}

}  // namespace

base::Result<OrganizationDetails> create_organization(const Services& services, const SignedIn& caller,
                                                      const CreateOrganizationInput& input) {
  TRY(check_create(caller, input));
  std::string name = TRY(clean_name(input.name, "/name"));
  std::optional<std::string> slug;
  if (input.slug) slug = TRY(clean_slug(*input.slug, "/slug"));
  if (input.password) {
    TRY(check_new_password(*input.password, {caller.email().text, name}, "/password",
                           std::size_t(services.settings.policies.password_minimum)));
  }
  TRY(take_limits(services, caller.origin(), {{kCreatedPerPerson, caller.account().user.to_string()}}));

  const base::Time now = services.clock.now();
  NewOrganization made = make_organization(std::move(name), std::move(slug), input.directory, now);
  const store::User founder = make_founder(services, caller, input, made, now);
  const auto member = store::MemberId::make(now);
  TRY(store_with_free_slug(made, [&] {
    const auto audit = store::AuditId::make(services.clock.now());
    return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
      const auto user = store::lock_user(tx, caller.account());
      if (!user || !user->is_active()) return refuse(base::kUnauthenticated);
      insert_new_organization(tx, made);
      if (made.is_isolated) {
        store::User account = founder;
        account.email = user->email;
        account.email_verified_at = user->email_verified_at;
        account.profile = user->profile;
        store::insert_user(tx, account);
      }
      store::insert_member(tx, {made.organization.id, member, founder.account(), made.owner_role().id, now});
      record(tx, now, caller.origin(),
             {audit,
              made.organization.id,
              action::kOrganizationCreated,
              caller.actor(),
              made.organization.id.to_string(),
              {{"member_id", member.to_string()}, {"directory", std::string(made.is_isolated ? kIsolated : kShared)}}});
      return {};
    });
  }));
  return details_of(made.organization);
}

base::Result<Page<MembershipView>> list_own_organizations(const Services& services, const SignedIn& caller,
                                                          const OwnOrganizationsInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string list = "organizations of " + caller.account().user.to_string();
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    return store::list_own_organizations(tx, caller.account(), position.time, {position.id}, limit + 1);
  });
  return make_page<MembershipView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [](const store::Membership& row) { return view(row); },
      [](const store::Membership& row) {
        return Position{row.joined_at, row.member.uuid};
      });
}

base::Result<OrganizationDetails> show_organization(const Services& services, const InOrganization& caller,
                                                    const OrganizationInput&) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<OrganizationDetails> {
    const auto organization = store::find_organization(tx, caller.organization());
    if (!organization) return refuse(base::kNotFound);
    return details_of(*organization);
  });
}

base::Result<void> delete_organization(const Services& services, const InOrganization& caller,
                                       const OrganizationInput&) {
  const base::Time now = services.clock.now();
  const base::Time purge_at = now + kRestoreLife;
  const auto audit = store::AuditId::make(now);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    TRY(require_match(caller.origin(), details_of(fenced.organization)));
    store::mark_organization_deleted(tx, caller.organization(), purge_at);
    store::revoke_sessions_in_organization(tx, caller.organization(), now);
    withdraw_waiting_letters(tx, caller.organization(), now);
    tell_members(tx, services, caller.organization(), mail::OrganizationDeleted{{fenced.organization.name}, purge_at},
                 now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kOrganizationDeleted,
            caller.actor(),
            caller.organization().to_string(),
            {{"purge_at", base::to_rfc3339(purge_at)}}});
    return {};
  }));
  services.wake_jobs();
  return {};
}

base::Result<OrganizationDetails> restore_organization(const Services& services, const SignedIn& caller,
                                                       const OrganizationInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  auto restored = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<OrganizationDetails> {
    auto organization = store::fence_organization(tx, input.organization);
    if (!organization) return refuse(base::kNotFound);
    const auto member = store::find_member_by_user(tx, organization->id, caller.account().user);
    if (!member || !member->is_active() || member->account() != caller.account()) return refuse(base::kNotFound);
    const bool is_owner = member->role_key == kOwnerRole;
    if (organization->is_active()) {
      return is_owner ? refuse(base::kWrongState, "The organization is active.") : refuse(base::kForbidden);
    }
    const bool is_restorable = organization->purge_at && *organization->purge_at > now;
    if (!is_restorable || !is_owner) return refuse(base::kNotFound);
    store::restore_organization(tx, organization->id);
    organization->status = "active";
    organization->purge_at.reset();
    tell_members(tx, services, organization->id, mail::OrganizationRestored{{organization->name}, now}, now);
    record(tx, now, caller.origin(),
           {audit, organization->id, action::kOrganizationRestored, caller.actor(), organization->id.to_string(), {}});
    return details_of(*organization);
  }));
  services.wake_jobs();
  return restored;
}

base::Result<void> transfer_ownership(const Services& services, const InOrganization& caller,
                                      const TransferOwnershipInput& input) {
  const SignedIn* const person = caller.person();
  if (person == nullptr) return refuse(base::kPersonNeeded);
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const store::OrganizationId organization = caller.organization();
    const auto target = store::find_member(tx, organization, input.member_id);
    if (!target) return refuse(base::kNotFound);
    const auto self = store::find_member_by_user(tx, organization, person->account().user);
    const auto owner = store::find_role_by_key(tx, organization, std::string(kOwnerRole));
    const auto admin = store::find_role_by_key(tx, organization, std::string(kAdminRole));
    if (!self || !owner || !admin) return refuse(base::kNotFound);
    // Nobody suspends or deletes the account meanwhile.
    const auto user = store::lock_user(tx, target->account());
    if (target->id == self->id || !target->is_active() || !user || !user->is_active()) {
      return refuse(base::kWrongState, "Ownership goes to another active member.");
    }
    if (target->role != owner->id) {
      store::set_member_role(tx, organization, target->id, owner->id, now);
      tell_role(tx, services, fenced.organization, *target, *owner, now);
    }
    store::set_member_role(tx, organization, self->id, admin->id, now);
    revoke_unsendable_invitations(tx, organization, self->user, fenced.of(*admin), fenced.catalogue, now,
                                  fenced.rules.who_may_invite);
    tell_role(tx, services, fenced.organization, *self, *admin, now);
    record(tx, now, caller.origin(),
           {audit,
            organization,
            action::kOwnershipTransferred,
            caller.actor(),
            target->id.to_string(),
            {{"from_member_id", self->id.to_string()}}});
    return {};
  }));
  services.wake_jobs();
  return {};
}

}  // namespace gatehouse::domain
