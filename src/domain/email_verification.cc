#include "domain/email_verification.h"

#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/links.h"
#include "store/one_time_tokens.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kPurpose = "verify_email";

struct FoundLink {
  store::OneTimeToken token;
  store::User user;
};

using LookUp = std::optional<store::User> (*)(db::Transaction&, const store::Account&);

base::Result<FoundLink> find_link(db::Transaction& tx, const base::Secret& text, base::Time now, LookUp look_up) {
  const auto parsed = crypto::parse_one_time_token(kVerifyToken, text.reveal());
  if (!parsed) return refuse(base::kLinkInvalid);
  auto token = store::find_one_time_token(tx, store::DirectoryId{parsed->placement}, store::TokenId{parsed->row});
  if (!token || token->purpose != kPurpose || !token->user ||
      !crypto::constant_time_equal(token->secret_hash.data, parsed->secret_hash)) {
    return refuse(base::kLinkInvalid);
  }
  if (token->used_at || token->expires_at <= now) return refuse(base::kLinkDead);
  auto user = look_up(tx, {token->directory, *token->user});
  if (!user || !user->is_active() || user->email.text != token->email) return refuse(base::kLinkDead);
  return FoundLink{std::move(*token), std::move(*user)};
}

/// Uses the link up, and holds the account until COMMIT.
base::Result<FoundLink> take_link(db::Transaction& tx, const base::Secret& text, base::Time now) {
  FoundLink link = TRY(find_link(tx, text, now, store::lock_user));
  if (!store::use_one_time_token(tx, link.token.directory, link.token.id, std::string(kPurpose), link.token.secret_hash,
                                 now)) {
    return refuse(base::kLinkDead);
  }
  return link;
}

}  // namespace

base::Result<PendingVerification> show_verification(const Services& services, const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<PendingVerification> {
    const FoundLink link = TRY(find_link(tx, input.token, now, store::find_user));
    PendingVerification pending{link.user.email, {}, link.user.created_at};
    if (link.token.organization) {
      if (const auto organization = store::find_organization(tx, *link.token.organization)) {
        pending.organization_name = organization->name;
      }
    }
    return pending;
  });
}

base::Result<VerifyEmailOutput> verify_email(const Services& services, const Anyone& caller,
                                             const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<VerifyEmailOutput> {
    FoundLink link = TRY(take_link(tx, input.token, now));
    store::mark_email_verified(tx, link.user.account(), now);
    record(tx, now, caller.origin,
           {audit,
            link.token.organization.value_or(store::kPlatformOrganization),
            action::kEmailVerified,
            {"user", link.user.id},
            link.user.id.to_string(),
            {}});
    if (!link.user.email_verified_at) link.user.email_verified_at = now;
    return VerifyEmailOutput{"Thank you, your email address is confirmed.", view(link.user)};
  });
}

base::Result<MessageView> disown_account(const Services& services, const Anyone& caller,
                                         const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<MessageView> {
    const FoundLink link = TRY(take_link(tx, input.token, now));
    if (link.user.email_verified_at) return refuse(base::kLinkDead);
    const store::Account account = link.user.account();
    for (const store::Membership& membership : store::list_memberships(tx, account)) {
      store::fence_organization(tx, membership.organization);
      const bool is_owner = membership.role_key == kOwnerRole;
      const auto owners = store::count_active_members_with_role(tx, membership.organization, std::string(kOwnerRole));
      if (is_owner && owners <= 1) {
        store::delete_organization(tx, membership.organization);
      } else {
        revoke_unsendable_invitations(tx, membership.organization, account.user, {}, now);
        store::delete_member(tx, membership.organization, membership.member);
      }
    }
    store::delete_user(tx, account);
    record(tx, now, caller.origin,
           {audit,
            link.token.organization.value_or(store::kPlatformOrganization),
            action::kAccountDisowned,
            {"user", account.user},
            account.user.to_string(),
            {}});
    return MessageView{"The account is deleted. You need not do anything else."};
  });
}

}  // namespace gatehouse::domain
