#include "domain/invitation_acceptance.h"

#include "domain/audit.h"
#include "domain/email_change.h"
#include "domain/invitation_changes.h"
#include "domain/links.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "domain/sign_in.h"
#include "store/invitations.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

struct FoundInvitation {
  store::Organization organization;
  store::Invitation invitation;
  /// The person who invites, when it is one.
  std::optional<store::User> inviter;
  /// The account that the invited address has.
  std::optional<store::User> user;
  /// Of a new password: as the organization asks, and those that the account is in already.
  std::size_t password_minimum;
};

/// The rest of what is asked about an invitation. kLinkDead unless it waits to be accepted.
base::Result<FoundInvitation> complete(db::Transaction& tx, store::Invitation invitation, const Services& services) {
  auto organization = store::find_organization(tx, invitation.organization);
  const bool is_open = invitation.status == "pending" && invitation.expires_at > services.clock.now();
  if (!is_open || !organization || !organization->is_active()) return refuse(base::kLinkDead);
  std::optional<store::User> inviter;
  if (invitation.inviter_kind == "user") inviter = store::find_user(tx, {organization->directory, invitation.inviter});
  auto user = store::find_user_by_email(tx, organization->directory, invitation.email);
  auto minimum = std::size_t(rules_of(services.settings, organization->policies).password_minimum);
  if (user) minimum = std::max(minimum, password_minimum_of(tx, services, user->account()));
  return FoundInvitation{std::move(*organization), std::move(invitation), std::move(inviter), std::move(user), minimum};
}

base::Result<FoundInvitation> find_by_token(const Services& services, const base::Secret& text) {
  const auto parsed = crypto::parse_one_time_token(kInvitationToken, text.reveal());
  if (!parsed) return refuse(base::kLinkInvalid);
  return services.database.read([&](db::Transaction& tx) -> base::Result<FoundInvitation> {
    auto invitation =
        store::find_invitation(tx, store::OrganizationId{parsed->placement}, store::InvitationId{parsed->row});
    if (!invitation || !crypto::constant_time_equal(invitation->secret_hash.data, parsed->secret_hash)) {
      return refuse(base::kLinkInvalid);
    }
    return complete(tx, std::move(*invitation), services);
  });
}

/// How the account of the one who joins comes to be.
struct Joiner {
  store::User user;
  bool is_new = false;
  /// For an account that was never verified: whoever made it need not be whoever reads the mail.
  bool replaces_password = false;
  std::optional<store::SessionId> session;
  std::optional<SignInAttempt> attempt;
};

base::Result<Joiner> join_as_signed_in(const SignedIn& person, const FoundInvitation& found) {
  if (!found.user || found.user->account() != person.account()) return refuse(base::kWrongAddress);
  return Joiner{*found.user, false, false, person.session(), std::nullopt};
}

base::Result<Joiner> join_with_password(const Services& services, const Anyone& caller, const FoundInvitation& found,
                                        const base::Secret& password, const std::optional<std::string>& language) {
  const std::string lane = base::network_of(caller.origin.address);
  if (found.user && found.user->email_verified_at) {
    SignInAttempt attempt = TRY(SignInAttempt::begin(services, caller.origin, found.invitation.email, found.user));
    if (!verify_password(services, found.user, password, lane).matches) {
      attempt.fail(services, found.user);
      return refuse(base::kInvalidCredentials);
    }
    return Joiner{*found.user, false, false, std::nullopt, std::move(attempt)};
  }
  if (found.user && !found.user->is_active()) return refuse(base::kInvalidCredentials);
  TRY(check_new_password(password, {found.invitation.email.text, found.organization.name}, "/password",
                         found.password_minimum));
  const base::Time now = services.clock.now();
  Joiner joiner;
  joiner.is_new = !found.user;
  joiner.replaces_password = found.user.has_value();
  joiner.user = found.user.value_or(store::User{found.organization.directory,
                                                store::UserId::make(now),
                                                found.invitation.email,
                                                now,
                                                {},
                                                "active",
                                                found.organization.id,
                                                now});
  if (joiner.is_new) joiner.user.profile.language = language ? language : found.invitation.language;
  joiner.user.password_hash = hash_password(services, joiner.user.account(), password, lane);
  return joiner;
}

/// Whether the account is still what it was when the joiner proved to hold it. It stays so until COMMIT.
bool is_unchanged(db::Transaction& tx, const FoundInvitation& found) {
  const auto user = store::lock_user(tx, found.user->account());
  return user && user->is_active() && user->email == found.user->email &&
         user->password_hash == found.user->password_hash && user->email_verified_at == found.user->email_verified_at;
}

base::Result<void> store_account(db::Transaction& tx, const Services& services, const Origin& origin,
                                 const FoundInvitation& found, const Joiner& joiner, store::AuditId audit,
                                 base::Time now) {
  const store::OrganizationId organization = found.organization.id;
  const store::Account account = joiner.user.account();
  if (joiner.is_new) {
    store::insert_user(tx, joiner.user);
    return {};
  }
  if (!is_unchanged(tx, found)) return refuse(base::kInvalidCredentials);
  if (joiner.replaces_password) {
    store::set_password_hash(tx, account, joiner.user.password_hash);
    record(tx, now, origin,
           {audit,
            organization,
            action::kPasswordVoided,
            {"user", account.user.uuid},
            account.user.to_string(),
            {{"reason", "mailbox_proven"}}});
  }
  if (!joiner.user.email_verified_at) {
    store::revoke_sessions_of(tx, account, joiner.session, now);
    void_email_changes(tx, account, now);
  }
  store::mark_email_verified(tx, account, now);
  if (joiner.attempt) joiner.attempt->succeed(tx, services, account, now);
  return {};
}

base::Result<AcceptInvitationOutput> admit(const Services& services, const Origin& origin, const FoundInvitation& found,
                                           const Joiner& joiner) {
  const base::Time now = services.clock.now();
  const auto organization = found.organization.id;
  const auto member_id = store::MemberId::make(now);
  const auto audit = store::AuditId::make(now);
  const auto password_audit = store::AuditId::make(now);
  AcceptInvitationOutput output;
  try {
    output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<AcceptInvitationOutput> {
      const auto fenced = store::fence_organization(tx, organization);
      if (!fenced || !fenced->is_active() ||
          !store::accept_invitation(tx, organization, found.invitation.id, found.invitation.secret_hash, now)) {
        return refuse(base::kLinkDead);
      }
      TRY(check_domain(fenced->policies, found.invitation.email));
      enter_event(tx, organization, found.invitation.id, event::kAccepted, now);
      const store::Account account = joiner.user.account();
      TRY(store_account(tx, services, origin, found, joiner, password_audit, now));
      store::insert_member(tx, {organization, member_id, account, found.invitation.role, now});
      if (found.inviter && take_notice_budget(tx, services, found.inviter->email, now)) {
        enqueue(tx, services, {found.inviter->email, found.inviter->account(), organization, now, now + kNoticeLife},
                mail::Joined{joiner.user.email, {fenced->name}, {found.invitation.role_name}});
      }
      record(tx, now, origin,
             {audit,
              organization,
              action::kInvitationAccepted,
              {"user", account.user.uuid},
              found.invitation.id.to_string(),
              {{"member_id", member_id.to_string()}}});
      const auto user = store::find_user(tx, account);
      const auto member = store::find_member(tx, organization, member_id);
      return AcceptInvitationOutput{"You have joined.", view(*user), view(*fenced), view(*member)};
    }));
  } catch (const db::UniqueViolation& violation) {
    if (violation.constraint() == "members_organization_id_user_id_key") return refuse(base::kAlreadyMember);
    // Somebody made an account at this address while we hashed: its password is the one that counts now.
    if (violation.constraint() == "users_directory_id_email_key") return refuse(base::kInvalidCredentials);
    throw;
  }
  services.wake_jobs();
  return output;
}

/// In a transaction of its own, once: looking must stay cheap.
void note_opening(const Services& services, const store::Invitation& invitation) {
  if (invitation.opened_at) return;
  const base::Time now = services.clock.now();
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (store::mark_invitation_opened(tx, invitation.organization, invitation.id, invitation.secret_hash, now)) {
      enter_event(tx, invitation.organization, invitation.id, event::kOpened, now);
    }
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

}  // namespace

base::Result<ShownInvitation> show_invitation(const Services& services, const InvitationToken& input) {
  const FoundInvitation found = TRY(find_by_token(services, input.token));
  const store::Invitation& invitation = found.invitation;
  note_opening(services, invitation);
  return ShownInvitation{"You are invited. Accept with POST /accept-invite, or on the page of this link.",
                         invitation.id,
                         invitation.email,
                         view(found.organization),
                         {invitation.role, invitation.role_key, invitation.role_name},
                         found.inviter ? std::optional(found.inviter->email) : std::nullopt,
                         invitation.message,
                         found.user && found.user->email_verified_at,
                         invitation.expires_at,
                         invitation.language ? invitation.language : found.organization.language};
}

base::Result<AcceptInvitationOutput> accept_invitation(const Services& services, const Anyone& caller,
                                                       const std::optional<SignedIn>& signed_in,
                                                       const AcceptInvitationInput& input) {
  const FoundInvitation found = TRY(find_by_token(services, input.token));
  if (input.email && *input.email != found.invitation.email) return refuse(base::kWrongAddress);
  if (!signed_in && !input.email) return base::refuse_field("/email", "This field is needed.");
  if (!signed_in && !input.password) return base::refuse_field("/password", "This field is needed.");
  const Joiner joiner = signed_in ? TRY(join_as_signed_in(*signed_in, found))
                                  : TRY(join_with_password(services, caller, found, *input.password, input.language));
  return admit(services, caller.origin, found, joiner);
}

base::Result<AcceptInvitationOutput> accept_received_invitation(const Services& services, const SignedIn& person,
                                                                store::OrganizationId organization,
                                                                store::InvitationId invitation) {
  const auto output = [&]() -> base::Result<AcceptInvitationOutput> {
    const FoundInvitation found = TRY(services.database.read([&](db::Transaction& tx) -> base::Result<FoundInvitation> {
      auto row = store::find_invitation(tx, organization, invitation);
      if (!row) return refuse(base::kNotFound);
      return complete(tx, std::move(*row), services);
    }));
    return admit(services, person.origin(), found, TRY(join_as_signed_in(person, found)));
  }();
  // Nobody followed a link here.
  if (!output && output.error().code == &base::kLinkDead) return refuse(base::kNotFound);
  return output;
}

}  // namespace gatehouse::domain
