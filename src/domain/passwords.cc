#include "domain/passwords.h"

#include "base/text.h"

namespace gatehouse::domain {

base::Result<void> check_new_password(const base::Secret& password, std::vector<std::string> context,
                                      std::string_view pointer, std::size_t minimum) {
  const base::Secret normal(base::to_nfc(password.reveal()));
  const std::size_t length = base::count_code_points(normal.reveal());
  if (length < minimum || length > kPasswordMaximum) {
    return base::refuse_field(std::string(pointer),
                              "A password has " + std::to_string(minimum) + " to 256 characters here.");
  }
  context.push_back("gatehouse");
  if (crypto::password_strength(normal, context) >= 2) return {};
  base::Refusal refusal{&base::kWeakPassword, std::string(base::kWeakPassword.title), {}, std::nullopt};
  refusal.problems.push_back({std::string(pointer),
                              "Too easy to guess. A few unrelated words make a good password; no rules about digits or "
                              "symbols."});
  return tl::unexpected(std::move(refusal));
}

std::string password_binding(const store::Account& account) {
  std::string text = "users.password_hash:";
  text += account.directory.uuid.view();
  text += account.user.uuid.view();
  return text;
}

db::Bytes hash_password(const Services& services, const store::Account& account, const base::Secret& password,
                        std::string_view lane) {
  return {services.sealer.seal(services.hasher.hash(password, lane), password_binding(account))};
}

crypto::Verification verify_password(const Services& services, const std::optional<store::User>& user,
                                     const base::Secret& password, std::string_view lane) {
  std::optional<std::string> stored;
  if (user) {
    const auto hash = services.sealer.open(user->password_hash.data, password_binding(user->account()));
    if (hash) stored = std::string(hash->reveal());
  }
  crypto::Verification verification = services.hasher.verify(stored, password, lane);
  if (!user || !user->is_active()) verification.matches = false;
  return verification;
}

}  // namespace gatehouse::domain
