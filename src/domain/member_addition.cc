#include "domain/member_addition.h"

#include "base/random.h"
#include "base/text.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "domain/invitations.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/names.h"
#include "domain/outbox.h"
#include "domain/password_reset.h"
#include "domain/passwords.h"
#include "domain/policies.h"

#include <array>

namespace gatehouse::domain {

using base::refuse;

namespace {

/// An account has a password from its first moment on; this one nobody knows, and a reset takes its place.
base::Secret unknown_password() {
  std::array<std::uint8_t, 32> bytes{};
  base::fill_random(bytes);
  return base::Secret(base::to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

base::Result<store::Organization> find_isolated(const Services& services, const InOrganization& caller) {
  const auto organization =
      services.database.read([&](db::Transaction& tx) { return store::find_organization(tx, caller.organization()); });
  if (!organization) return refuse(base::kNotFound);
  if (organization->directory == store::kSharedDirectory) return refuse(base::kSharedDirectory);
  return *organization;
}

/// Who is added as what, behind the fence.
struct Addition {
  const InOrganization& caller;
  const store::Organization& organization;
  const store::Role& role;
};

/// Tells the one who was added, and lets them choose a first password.
base::Result<void> mail_first_link(db::Transaction& tx, const Services& services, const Addition& addition,
                                   const store::User& user, const ResetLink& link, base::Time now) {
  if (!services.settings.mail_enabled) return {};
  TRY(take_letter_budget(tx, services, addition.caller, user.email, now));
  const base::Time expires_at = now + kInvitationLife;
  store_reset_link(tx, user, link, now, expires_at);
  const SignedIn* const person = addition.caller.person();
  enqueue(tx, services, {user.email, user.account(), addition.organization.id, now, expires_at},
          mail::Added{{addition.organization.name},
                      {person ? person->email().text : addition.organization.name},
                      {addition.role.name},
                      expires_at,
                      {link_to(services, "/reset-password", link.token.text)}});
  return {};
}

/// The account that the address has in the directory, or the fresh one.
base::Result<store::User> take_account(db::Transaction& tx, const Services& services, const Addition& addition,
                                       const AddMemberInput& input, const store::User& fresh, const ResetLink& link,
                                       base::Time now) {
  const auto known = store::find_user_by_email(tx, fresh.directory, input.email);
  if (!known) {
    store::insert_user(tx, fresh);
    if (!input.password) TRY(mail_first_link(tx, services, addition, fresh, link, now));
    return fresh;
  }
  if (store::find_member_by_user(tx, addition.organization.id, known->id)) return refuse(base::kAlreadyMember);
  if (input.password) {
    return refuse(base::kEmailTaken, "This address has an account here: add it without a password.");
  }
  const auto user = store::lock_user(tx, known->account());
  if (!user || !user->is_active()) return refuse(base::kWrongState, "This account is disabled.");
  return *user;
}

/// Whoever is in needs no invitation.
void revoke_pending_invitation(db::Transaction& tx, store::OrganizationId organization, const base::EmailAddress& email,
                               base::Time now) {
  const auto pending = store::find_pending_invitation(tx, organization, email);
  if (pending) end_invitation(tx, *pending, event::kRevoked, now);
}

}  // namespace

base::Result<MemberView> add_member(const Services& services, const InOrganization& caller,
                                    const AddMemberInput& input) {
  if (input.role_id.has_value() == input.role.has_value()) {
    return base::refuse_field("/role_id", "Give either role_id or role.");
  }
  const store::Organization organization = TRY(find_isolated(services, caller));
  const base::Time now = services.clock.now();
  store::User fresh{
      organization.directory, store::UserId::make(now), input.email, std::nullopt, {}, "active", organization.id, now};
  if (input.name) fresh.profile.name = TRY(clean_name(*input.name, "/name"));
  if (input.password) {
    TRY(check_new_password(*input.password, {input.email.text, organization.name}, "/password",
                           std::size_t(rules_of(services.settings, organization.policies).password_minimum)));
  }
  TRY(take_limits(services, caller.origin(), {{kAddedPerCaller, base::to_base32(*caller.actor().id)}}));
  fresh.password_hash = hash_password(services, fresh.account(), input.password ? *input.password : unknown_password(),
                                      base::network_of(caller.origin().address));
  const auto link = make_reset_link(organization.directory, now);
  const auto member = store::MemberId::make(now);
  const auto audit = store::AuditId::make(services.clock.now());
  const auto add = [&](db::Transaction& tx) -> base::Result<MemberView> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const auto role = input.role_id ? store::find_role(tx, caller.organization(), *input.role_id)
                                    : store::find_role_by_key(tx, caller.organization(), *input.role);
    if (!role) return refuse(base::kNotFound, "There is no such role in this organization.");
    if (outranks(fenced.of(*role), fenced.permissions)) return refuse(base::kOutranked);
    TRY(check_domain(fenced.organization.policies, input.email));
    const store::User user =
        TRY(take_account(tx, services, {caller, fenced.organization, *role}, input, fresh, link, now));
    store::insert_member(tx, {caller.organization(), member, user.account(), role->id, now});
    revoke_pending_invitation(tx, caller.organization(), input.email, now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kMemberAdded,
            caller.actor(),
            member.to_string(),
            {{"user_id", user.id.to_string()}, {"role_id", role->id.to_string()}}});
    return view(*store::find_member(tx, caller.organization(), member));
  };
  try {
    MemberView added = TRY(services.database.write(add));
    services.wake_jobs();
    return added;
  } catch (const db::UniqueViolation& violation) {
    // Somebody's address became this one meanwhile.
    if (violation.constraint() == "users_directory_id_email_key") return refuse(base::kEmailTaken);
    throw;
  }
}

}  // namespace gatehouse::domain
