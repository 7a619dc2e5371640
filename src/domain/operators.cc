#include "domain/operators.h"

#include "domain/audit.h"
#include "domain/links.h"
#include "domain/one_time_links.h"
#include "domain/passwords.h"
#include "store/migrations.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kPurpose = "operator_setup";
constexpr std::string_view kLane = "operators";

store::User new_operator(const Services& services, const base::EmailAddress& email, const base::Secret& password,
                         base::Time now) {
  store::User user{store::kPlatformDirectory, store::UserId::make(now), email, now, {}, "active", std::nullopt, now};
  user.password_hash = hash_password(services, user.account(), password, kLane);
  return user;
}

base::Result<store::OneTimeToken> find_link(db::Transaction& tx, const base::Secret& text, base::Time now) {
  auto link = TRY(find_live_link(tx, kSetupToken, kPurpose, text, now));
  if (store::has_users(tx, store::kPlatformDirectory)) return refuse(base::kLinkDead);
  return link;
}

}  // namespace

Origin command_line_origin() { return {}; }

base::Result<UserView> create_operator(const Services& services, const base::EmailAddress& email,
                                       const base::Secret& password) {
  TRY(check_new_password(password, {email.text}, "/password",
                         std::size_t(services.settings.policies.password_minimum)));
  const base::Time now = services.clock.now();
  const store::User user = new_operator(services, email, password, now);
  const auto audit = store::AuditId::make(services.clock.now());
  try {
    return services.database.write([&](db::Transaction& tx) -> base::Result<UserView> {
      store::insert_user(tx, user);
      store::void_unowned_tokens(tx, store::kPlatformDirectory, std::string(kPurpose), now);
      record(tx, now, command_line_origin(),
             {audit,
              store::kPlatformOrganization,
              action::kOperatorCreated,
              {"command_line", std::nullopt},
              user.id.to_string(),
              {}});
      return view(user);
    });
  } catch (const db::UniqueViolation& violation) {
    if (violation.constraint() == "users_directory_id_email_key") return refuse(base::kEmailTaken);
    throw;
  }
}

base::Result<UserView> reset_operator_password(const Services& services, const base::EmailAddress& email,
                                               const base::Secret& password) {
  TRY(check_new_password(password, {email.text}, "/password",
                         std::size_t(services.settings.policies.password_minimum)));
  const auto user = services.database.read(
      [&](db::Transaction& tx) { return store::find_user_by_email(tx, store::kPlatformDirectory, email); });
  if (!user) return refuse(base::kNotFound);
  const base::Time now = services.clock.now();
  const db::Bytes hash = hash_password(services, user->account(), password, kLane);
  const auto audit = store::AuditId::make(services.clock.now());
  return services.database.write([&](db::Transaction& tx) -> base::Result<UserView> {
    store::set_password_hash(tx, user->account(), hash);
    store::revoke_sessions_of(tx, user->account(), std::nullopt, now);
    record(tx, now, command_line_origin(),
           {audit,
            store::kPlatformOrganization,
            action::kOperatorPasswordReset,
            {"command_line", std::nullopt},
            user->id.to_string(),
            {}});
    return view(*user);
  });
}

std::optional<base::Secret> make_setup_token(const Services& services) {
  const base::Time now = services.clock.now();
  const auto id = store::TokenId::make(now);
  const auto audit = store::AuditId::make(now);
  auto token = crypto::make_one_time_token(kSetupToken, store::kPlatformDirectory.uuid, id.uuid);
  const auto made = services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    store::lock_directory(tx, store::kPlatformDirectory);
    if (store::has_users(tx, store::kPlatformDirectory)) return false;
    store::void_unowned_tokens(tx, store::kPlatformDirectory, std::string(kPurpose), now);
    store::insert_one_time_token(
        tx, {store::kPlatformDirectory, id, std::string(kPurpose), std::nullopt, std::nullopt, std::nullopt,
             db::Bytes{token.secret_hash}, now, now + kSetupLinkLife, std::nullopt});
    record(tx, now, command_line_origin(),
           {audit,
            store::kPlatformOrganization,
            action::kSetupLinkMade,
            {"command_line", std::nullopt},
            id.to_string(),
            {}});
    return true;
  });
  if (!made.value()) return std::nullopt;
  return std::move(token.text);
}

base::Result<UserView> set_up_operator(const Services& services, const Anyone& caller, const SetupInput& input) {
  const auto link = TRY(services.database.read([&](db::Transaction& tx) -> base::Result<store::OneTimeToken> {
    return find_link(tx, input.token, services.clock.now());
  }));
  TRY(check_new_password(input.password, {input.email.text}, "/password",
                         std::size_t(services.settings.policies.password_minimum)));
  const base::Time now = services.clock.now();
  const store::User user = new_operator(services, input.email, input.password, now);
  const auto audit = store::AuditId::make(services.clock.now());
  return services.database.write([&](db::Transaction& tx) -> base::Result<UserView> {
    if (!store::use_one_time_token(tx, store::kPlatformDirectory, link.id, std::string(kPurpose), link.secret_hash,
                                   now)) {
      return refuse(base::kLinkDead);
    }
    store::insert_user(tx, user);
    record(tx, now, caller.origin,
           {audit,
            store::kPlatformOrganization,
            action::kOperatorCreated,
            {"anonymous", std::nullopt},
            user.id.to_string(),
            {}});
    return view(user);
  });
}

}  // namespace gatehouse::domain
