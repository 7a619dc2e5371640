#include "domain/sign_up.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/names.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "domain/sign_in.h"
#include "store/one_time_tokens.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// For how long a sign-up that is sent again is taken for the same one.
constexpr std::chrono::minutes kRepeatedSignUp{10};

/// Everything that a sign-up writes, made before its transaction.
struct NewTenant {
  store::User user;
  NewOrganization house;
  store::NewMember founder;
  store::OneTimeToken verification;
  base::Secret verification_text;
  /// Of the browser that signs up.
  std::optional<store::Session> session;
};

base::Result<std::string> owner_role_name(const std::optional<std::string>& wanted) {
  if (!wanted) return std::string(kOwnerRole);
  std::string name = TRY(clean_name(*wanted, "/role_name"));
  const std::string skeleton = base::to_skeleton(name);
  for (const std::string_view reserved : {kAdminRole, kMemberRole}) {
    if (skeleton == base::to_skeleton(reserved)) {
      return base::refuse_field("/role_name", "This name would be mistaken for the role of admins or of members.");
    }
  }
  return name;
}

NewTenant make_tenant(const Services& services, const SignUpInput& input, std::string organization_name,
                      std::string owner_name) {
  const base::Time now = services.clock.now();
  NewTenant tenant;
  tenant.house =
      make_organization(std::move(organization_name), std::nullopt, input.directory, now, std::move(owner_name));
  const auto organization = tenant.house.organization.id;
  const auto directory = tenant.house.organization.directory;
  tenant.user = {directory, store::UserId::make(now), input.email, std::nullopt, {}, "active", organization, now};
  tenant.founder = {organization, store::MemberId::make(now), tenant.user.account(), tenant.house.owner_role().id, now};
  const auto token_id = store::TokenId::make(now);
  auto token = crypto::make_one_time_token(kVerifyToken, directory.uuid, token_id.uuid);
  tenant.verification = {directory,
                         token_id,
                         "verify_email",
                         tenant.user.id,
                         organization,
                         input.email.text,
                         db::Bytes{token.secret_hash},
                         now,
                         now + kVerifyLinkLife,
                         std::nullopt};
  tenant.verification_text = std::move(token.text);
  return tenant;
}

store::Session founders_session(const Services& services, const Anyone& caller, const NewTenant& tenant) {
  store::Session session = new_session(services, tenant.user.account(), caller.origin, tenant.user.created_at);
  session.organization = tenant.house.organization.id;
  return session;
}

/// The founder's first session. The network and the device are known from now on.
void begin_session(db::Transaction& tx, const Anyone& caller, const store::Session& session, store::AuditId audit) {
  open_session(tx, caller.origin, session, audit);
  store::note_sign_in_origin(tx, {session.directory, session.user}, base::network_of(caller.origin.address),
                             db::Bytes{crypto::sha256(caller.origin.user_agent)}, session.created_at,
                             session.created_at - kKnownOriginLife);
}

void store_tenant(const Services& services, const Anyone& caller, const NewTenant& tenant) {
  const base::Time now = tenant.user.created_at;
  const auto audit = store::AuditId::make(services.clock.now());
  const auto session_audit = store::AuditId::make(services.clock.now());
  const store::Organization& organization = tenant.house.organization;
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    insert_new_organization(tx, tenant.house);
    store::insert_user(tx, tenant.user);
    store::insert_member(tx, tenant.founder);
    store::insert_one_time_token(tx, tenant.verification);
    enqueue(tx, services,
            {tenant.user.email, tenant.user.account(), organization.id, now, tenant.verification.expires_at},
            mail::Welcome{{organization.name}, now, {link_to(services, "/verify-email", tenant.verification_text)}});
    record(tx, now, caller.origin,
           {audit,
            organization.id,
            action::kSignedUp,
            {"user", tenant.user.id.uuid},
            tenant.user.id.to_string(),
            {{"member_id", tenant.founder.id.to_string()}}});
    if (tenant.session) begin_session(tx, caller, *tenant.session, session_audit);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

/// Somebody signs up with an address that has an account. Its owner hears of it once a day; the one who tries may not
/// do so for many addresses.
base::Refusal refuse_taken(const Services& services, const Anyone& caller, const base::EmailAddress& email) {
  const auto within =
      take_limits(services, caller.origin, {{kTakenAddressPerNetwork, base::network_of(caller.origin.address)}});
  if (!within) return within.error();
  const base::Time now = services.clock.now();
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (take_within(tx, services, {kAlreadyRegisteredLetters, email.text}, now)) {
      enqueue(tx, services,
              {email, account_at(tx, store::kSharedDirectory, email), std::nullopt, now, now + kNoticeLife},
              mail::AlreadyRegistered{now, {reset_page(services)}});
    }
    return {};
  });
  static_cast<void>(done);
  services.wake_jobs();
  return refuse(base::kEmailTaken).value();
}

/// The refusal of found_tenant(), after the owner of a taken address was told.
base::Refusal told(const Services& services, const Anyone& caller, const SignUpInput& input,
                   const base::Refusal& refusal) {
  return refusal.code == &base::kEmailTaken ? refuse_taken(services, caller, input.email) : refusal;
}

/// A browser that sends its form twice (a double click) gets the answer to the second one, when the first has made the
/// account: with the same address, organization and password, a moment ago. Nothing for all others.
std::optional<store::User> find_just_made(const Services& services, const Anyone& caller, const SignUpInput& input) {
  const auto named = clean_name(input.organization_name, "/organization_name");
  const auto user = services.database.read([&](db::Transaction& tx) -> std::optional<store::User> {
    auto found = store::find_user_by_email(tx, store::kSharedDirectory, input.email);
    if (!found || !found->last_organization) return std::nullopt;
    const auto organization = store::find_organization(tx, *found->last_organization);
    return organization && organization->name == named ? found : std::nullopt;
  });
  if (!user || user->created_at < services.clock.now() - kRepeatedSignUp) return std::nullopt;
  const auto lane = base::network_of(caller.origin.address);
  return verify_password(services, user, input.password, lane).matches ? user : std::nullopt;
}

/// Nothing when the account was taken away meanwhile.
std::optional<BrowserSession> begin_again(const Services& services, const Anyone& caller, const store::User& user) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  store::Session session = new_session(services, user.account(), caller.origin, now);
  session.organization = user.last_organization;
  const auto begun = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const auto current = store::lock_user(tx, user.account());
    if (!current || !current->is_active() || current->password_hash != user.password_hash) {
      return refuse(base::kInvalidCredentials);
    }
    begin_session(tx, caller, session, audit);
    return {};
  });
  if (!begun) return std::nullopt;
  return BrowserSession{session.directory, session.id, session.absolute_expires_at};
}

/// Makes and stores everything; with a session when it `begins_session`. Refuses a taken address with kEmailTaken, and
/// tells nobody.
base::Result<NewTenant> found_tenant(const Services& services, const Anyone& caller, const SignUpInput& input,
                                     bool begins_session) {
  if (!services.settings.sign_up_open) return refuse(base::kSignUpClosed);
  std::string organization_name = TRY(clean_name(input.organization_name, "/organization_name"));
  std::string owner_name = TRY(owner_role_name(input.role_name));
  std::optional<std::string> name;
  if (input.name) name = TRY(clean_name(*input.name, "/name"));
  TRY(check_new_password(input.password, {input.email.text, organization_name}, "/password",
                         std::size_t(services.settings.policies.password_minimum)));
  const std::string network = base::network_of(caller.origin.address);
  TRY(take_limits(services, caller.origin,
                  {{kSignUpPerNetwork, network},
                   {kSignUpPerAccountAndNetwork, input.email.text + " " + network},
                   {kSignUpPerAccount, input.email.text}}));

  if (input.directory == kIsolated) {
    TRY(take_limits(services, caller.origin, {{kIsolatedPerAddress, input.email.text}}));
  }

  NewTenant tenant = make_tenant(services, input, std::move(organization_name), std::move(owner_name));
  tenant.user.profile.name = std::move(name);
  tenant.user.profile.language = input.language;
  tenant.user.password_hash = hash_password(services, tenant.user.account(), input.password, network);
  if (begins_session) tenant.session = founders_session(services, caller, tenant);
  try {
    TRY(store_with_free_slug(tenant.house, [&] {
      store_tenant(services, caller, tenant);
      return base::Result<void>();
    }));
  } catch (const db::UniqueViolation& violation) {
    if (violation.constraint() != "users_directory_id_email_key") throw;
    return refuse(base::kEmailTaken);
  }
  services.wake_jobs();
  return tenant;
}

}  // namespace

base::Result<SignUpOutput> sign_up(const Services& services, const Anyone& caller, const SignUpInput& input) {
  const auto made = found_tenant(services, caller, input, false);
  if (!made) return tl::unexpected(told(services, caller, input, made.error()));
  const NewTenant& tenant = *made;
  SignUpOutput output{"Welcome. We have sent you a letter: please confirm your email address.",
                      view(tenant.user),
                      view(tenant.house.organization),
                      {},
                      {}};
  if (!services.settings.mail_enabled) output.message = "Welcome. Mail is switched off here, so no letter was sent.";
  for (const store::Role& role : tenant.house.roles) output.roles.push_back(view(role, {}));
  const store::Role& owner = tenant.house.owner_role();
  output.member = {tenant.founder.id, tenant.house.organization.id, tenant.user.id,
                   tenant.user.email, tenant.user.profile.name,     {owner.id, owner.key, owner.name},
                   "active",          tenant.founder.joined_at};
  return output;
}

base::Result<BrowserSession> sign_up_browser(const Services& services, const Anyone& caller, const SignUpInput& input) {
  const auto made = found_tenant(services, caller, input, true);
  if (made) return BrowserSession{made->session->directory, made->session->id, made->session->absolute_expires_at};
  if (made.error().code == &base::kEmailTaken) {
    const auto user = find_just_made(services, caller, input);
    if (const auto session = user ? begin_again(services, caller, *user) : std::nullopt) return *session;
  }
  return tl::unexpected(told(services, caller, input, made.error()));
}

}  // namespace gatehouse::domain
