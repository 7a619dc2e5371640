#include "domain/one_time_links.h"

#include "crypto/token.h"

namespace gatehouse::domain {

base::Result<store::OneTimeToken> find_live_link(db::Transaction& tx, std::string_view prefix, std::string_view purpose,
                                                 const base::Secret& text, base::Time now) {
  const auto parsed = crypto::parse_one_time_token(prefix, text.reveal());
  if (!parsed) return base::refuse(base::kLinkInvalid);
  auto token = store::find_one_time_token(tx, store::DirectoryId{parsed->placement}, store::TokenId{parsed->row});
  if (!token || token->purpose != purpose ||
      !crypto::constant_time_equal(token->secret_hash.data, parsed->secret_hash)) {
    return base::refuse(base::kLinkInvalid);
  }
  if (token->used_at || token->expires_at <= now) return base::refuse(base::kLinkDead);
  return std::move(*token);
}

base::Result<AccountLink> find_live_account_link(db::Transaction& tx, std::string_view prefix, std::string_view purpose,
                                                 const base::Secret& text, base::Time now, LookUp look_up) {
  auto token = TRY(find_live_link(tx, prefix, purpose, text, now));
  if (!token.user) return base::refuse(base::kLinkInvalid);
  auto user = look_up(tx, {token.directory, *token.user});
  if (!user || !user->is_active() || user->email.text != token.email) return base::refuse(base::kLinkDead);
  return AccountLink{std::move(token), std::move(*user)};
}

}  // namespace gatehouse::domain
