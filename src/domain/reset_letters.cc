#include "domain/reset_letters.h"

#include "domain/limits.h"
#include "domain/links.h"
#include "domain/outbox.h"
#include "store/one_time_tokens.h"

namespace gatehouse::domain {

NewResetLink make_reset_link(store::DirectoryId directory, base::Time now) {
  const auto id = store::TokenId::make(now);
  return {id, crypto::make_one_time_token(kResetToken, directory.uuid, id.uuid)};
}

bool mail_reset_link(db::Transaction& tx, const Services& services, const store::User& user, const NewResetLink& link,
                     base::Time now) {
  if (!take_within(tx, services, {kResetLettersPerMinute, user.email.text}, now) ||
      !take_within(tx, services, {kResetLettersPerHour, user.email.text}, now)) {
    return false;
  }
  store::insert_one_time_token(tx, {user.directory, link.id, "reset_password", user.id, std::nullopt, user.email.text,
                                    db::Bytes{link.token.secret_hash}, now, now + kResetLinkLife, std::nullopt});
  enqueue(tx, services, {user.email, std::nullopt, now, now + kResetLinkLife},
          mail::ResetPassword{now, {link_to(services, "/reset-password", link.token.text)}});
  return true;
}

}  // namespace gatehouse::domain
