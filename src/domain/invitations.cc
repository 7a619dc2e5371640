#include "domain/invitations.h"

#include "base/text.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/outbox.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// What is offered to whom.
struct Offer {
  const base::EmailAddress& recipient;
  const std::optional<store::RoleId>& role_id;
  const std::optional<std::string>& role_key;
  std::optional<std::string> message;
  std::chrono::hours life = kInvitationLife;
  std::optional<std::string> language = {};
};

/// One that is about to be sent, again or for the first time.
struct Draft {
  store::InvitationId id;
  base::EmailAddress recipient;
  store::RoleId role;
  std::string role_name;
  std::optional<std::string> message;
  base::Time expires_at;
  std::optional<std::string> language;
};

std::chrono::hours life_of(const std::optional<std::int64_t>& days) {
  return days ? std::chrono::hours(24 * *days) : kInvitationLife;
}

std::string without_hidden_characters(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    if (!base::has_hidden_characters(text.substr(0, size))) kept += text.substr(0, size);
    text.remove_prefix(size);
  }
  return kept;
}

/// Plain text, in NFC, with line feeds. It goes to strangers under our name, so it carries no web address.
base::Result<std::optional<std::string>> clean_message(const std::optional<std::string>& message) {
  if (!message) return std::nullopt;
  const std::string normal = base::to_nfc(*message);
  std::string lines;
  for (const std::string_view line : base::split(normal, '\n')) lines += without_hidden_characters(line) + '\n';
  const std::string clean(base::trim(lines));
  const std::string lower = base::to_lower_ascii(clean);
  for (const std::string_view mark : {"://", "www."}) {
    if (lower.find(mark) == std::string::npos) continue;
    return base::refuse_field("/message", "A message has no web addresses: the letter holds the link.");
  }
  if (clean.empty()) return std::nullopt;
  return clean;
}

base::Result<store::Role> find_wanted_role(db::Transaction& tx, const InOrganization& caller, const Offer& offer) {
  const auto role = offer.role_id ? store::find_role(tx, caller.organization(), *offer.role_id)
                                  : store::find_role_by_key(tx, caller.organization(), *offer.role_key);
  if (!role) return refuse(base::kNotFound, "There is no such role in this organization.");
  return *role;
}

/// In a transaction of their own, before anything else.
base::Result<void> take_inviter_limits(const Services& services, const InOrganization& caller) {
  const std::string inviter = base::to_base32(*caller.actor().id);
  return take_limits(services, caller.origin(),
                     {{kInvitePerPersonAndNetwork, inviter + " " + base::network_of(caller.origin().address)},
                      {kInvitePerPerson, inviter}});
}

/// Behind the fence: whether the organization takes somebody of this address.
base::Result<void> check_recipient(db::Transaction& tx, const Fenced& fenced, const base::EmailAddress& recipient) {
  TRY(check_domain(fenced.organization.policies, recipient));
  if (store::find_member_by_email(tx, fenced.organization.id, recipient)) return refuse(base::kAlreadyMember);
  return {};
}

/// Writes the letter with a fresh link and stores the invitation with it.
store::Invitation send(db::Transaction& tx, const Services& services, const InOrganization& caller,
                       const Fenced& fenced, const Draft& draft, const std::optional<store::Invitation>& earlier,
                       base::Time now) {
  const auto organization = caller.organization();
  const SignedIn* const person = caller.person();
  const auto token = crypto::make_one_time_token(kInvitationToken, organization.uuid, draft.id.uuid);
  const auto account = account_at(tx, fenced.organization.directory, draft.recipient);
  const Envelope envelope{draft.recipient, account, organization, now, draft.expires_at, draft.id, draft.language};
  const auto letter = enqueue(tx, services, envelope,
                              mail::Invitation{{fenced.organization.name},
                                               {person ? person->email().text : fenced.organization.name},
                                               {draft.role_name},
                                               {draft.message.value_or("")},
                                               draft.expires_at,
                                               {link_to(services, "/accept-invite", token.text)}});
  store::NewInvitation invitation{
      organization, draft.id, draft.recipient,  draft.role,   db::Bytes{token.secret_hash}, {},
      letter,       now,      draft.expires_at, draft.message};
  invitation.language = draft.language;
  if (person) {
    invitation.inviter = person->account().user;
  } else {
    invitation.inviter_kind = "api_key";
    invitation.api_key = caller.key()->key().id;
    invitation.inviter = caller.key()->key().created_by.value_or(store::UserId{});
  }
  return keep_invitation(tx, invitation, earlier);
}

/// `show(tx, invitation, now)` makes the answer.
template <class Show>
auto invite(const Services& services, const InOrganization& caller, const Offer& offer, Show show)
    -> base::Result<std::invoke_result_t<Show, db::Transaction&, const store::Invitation&, base::Time>> {
  using Output = std::invoke_result_t<Show, db::Transaction&, const store::Invitation&, base::Time>;
  if (offer.role_id.has_value() == offer.role_key.has_value()) {
    return base::refuse_field("/role_id", "Give either role_id or role.");
  }
  TRY(take_inviter_limits(services, caller));
  const base::Time now = services.clock.now();
  const auto fresh_id = store::InvitationId::make(now);
  const auto audit = store::AuditId::make(now);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<Output> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const store::Role role = TRY(find_wanted_role(tx, caller, offer));
    if (outranks(fenced.of(role), fenced.permissions)) return refuse(base::kOutranked);
    TRY(check_recipient(tx, fenced, offer.recipient));
    TRY(take_letter_budget(tx, services, caller, offer.recipient, now));

    const auto pending = store::find_pending_invitation(tx, caller.organization(), offer.recipient);
    const auto id = pending ? pending->id : fresh_id;
    const Draft draft{id, offer.recipient, role.id, role.name, offer.message, now + offer.life, offer.language};
    const auto invitation = send(tx, services, caller, fenced, draft, pending, now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kInvited,
            caller.actor(),
            id.to_string(),
            {{"role_id", role.id.to_string()}}});
    return show(tx, invitation, now);
  }));
  services.wake_jobs();
  return output;
}

/// The invitation that the input names, when it waits for an answer or has expired.
base::Result<store::Invitation> find_unfinished(db::Transaction& tx, const InOrganization& caller,
                                                store::InvitationId id) {
  const auto invitation = store::find_invitation(tx, caller.organization(), id);
  if (!invitation) return refuse(base::kNotFound);
  if (invitation->status != "pending") {
    return refuse(base::kWrongState, "The invitation is " + invitation->status + " already.");
  }
  return *invitation;
}

}  // namespace

base::Result<void> take_letter_budget(db::Transaction& tx, const Services& services, const InOrganization& caller,
                                      const base::EmailAddress& recipient, base::Time now) {
  const SignedIn* const person = caller.person();
  if (person != nullptr && !person->email_verified() &&
      !take_within(tx, services, {kInviteUnverified, person->account().user.to_string()}, now)) {
    return refuse(base::kUnverifiedLimit);
  }
  return take_invitation_budget(tx, services, recipient, now);
}

base::Result<InviteOutput> invite_member(const Services& services, const InOrganization& caller,
                                         const InviteInput& input) {
  return invite(services, caller, {input.recipient, input.role_id, input.role, std::nullopt, kInvitationLife},
                [](db::Transaction&, const store::Invitation& invitation, base::Time now) {
                  const bool sent = invitation.letter.has_value();
                  return InviteOutput{
                      sent ? "The invitation is on its way." : "The invitation is made, but mail is switched off here.",
                      view(invitation, now)};
                });
}

base::Result<InvitationDetails> create_invitation(const Services& services, const InOrganization& caller,
                                                  const CreateInvitationInput& input) {
  auto message = TRY(clean_message(input.message));
  return invite(
      services, caller,
      {input.email, input.role_id, input.role, std::move(message), life_of(input.expires_in_days), input.language},
      details_of);
}

base::Result<InvitationDetails> resend_invitation(const Services& services, const InOrganization& caller,
                                                  const ResendInvitationInput& input) {
  TRY(take_inviter_limits(services, caller));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<InvitationDetails> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const store::Invitation earlier = TRY(find_unfinished(tx, caller, input.invitation));
    if (outranks(fenced.of(earlier), fenced.permissions)) return refuse(base::kOutranked);
    TRY(check_recipient(tx, fenced, earlier.email));
    TRY(take_letter_budget(tx, services, caller, earlier.email, now));
    const Draft draft{earlier.id,        earlier.email,   earlier.role,
                      earlier.role_name, earlier.message, now + life_of(input.expires_in_days),
                      earlier.language};
    const auto invitation = send(tx, services, caller, fenced, draft, earlier, now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kInvitationResent,
            caller.actor(),
            earlier.id.to_string(),
            {{"role_id", earlier.role.to_string()}}});
    return details_of(tx, invitation, now);
  }));
  services.wake_jobs();
  return output;
}

base::Result<InvitationDetails> revoke_invitation(const Services& services, const InOrganization& caller,
                                                  const InvitationInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<InvitationDetails> {
    TRY(enter_fence(tx, caller, now));
    const store::Invitation invitation = TRY(find_unfinished(tx, caller, input.invitation));
    end_invitation(tx, invitation, event::kRevoked, now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kInvitationRevoked,
            caller.actor(),
            invitation.id.to_string(),
            {{"role_id", invitation.role.to_string()}}});
    return details_of(tx, *store::find_invitation(tx, caller.organization(), invitation.id), now);
  });
}

void revoke_unsendable_invitations(db::Transaction& tx, store::OrganizationId organization, store::UserId inviter,
                                   const Permissions& left, const Catalogue& catalogue, base::Time now,
                                   WhoMayInvite who_may_invite) {
  const bool may_invite = effective_permissions(left, who_may_invite).contains(kMembersInvite);
  for (const store::Invitation& invitation : store::list_pending_invitations_of(tx, organization, inviter)) {
    const Permissions offered = permissions_of(invitation.role_key, invitation.role_permissions, catalogue);
    const bool may_still_send = may_invite && !outranks(offered, left);
    if (may_still_send) continue;
    end_invitation(tx, invitation, event::kRevoked, now);
  }
}

void revoke_invitations_of_key(db::Transaction& tx, store::OrganizationId organization, store::ApiKeyId key,
                               base::Time now) {
  for (const store::Invitation& invitation : store::list_pending_invitations_by_key(tx, organization, key)) {
    end_invitation(tx, invitation, event::kRevoked, now);
  }
}

}  // namespace gatehouse::domain
