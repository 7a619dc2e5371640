#include "domain/policies.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

template <class Word>
Word word_of(const std::array<std::string_view, 3>& words, const std::optional<std::string>& text, Word absent) {
  if (!text) return absent;
  return static_cast<Word>(std::ranges::find(words, *text) - words.begin());
}

std::chrono::seconds shorter(std::chrono::seconds platform, const std::optional<std::int64_t>& own_seconds) {
  return own_seconds ? std::min(platform, std::chrono::seconds(*own_seconds)) : platform;
}

}  // namespace

base::Time PolicyRules::session_end(base::Time created_at, base::Time rotated_at) const {
  return std::min(created_at + session_absolute, rotated_at + session_idle);
}

PolicyRules rules_of(const Settings& settings) {
  const PlatformPolicies& platform = settings.policies;
  return {platform.password_minimum, platform.session_idle, platform.session_absolute, settings.sign_in_alert,
          platform.who_may_invite};
}

PolicyRules rules_of(const Settings& settings, const store::Policies& policies) {
  PolicyRules rules = rules_of(settings);
  rules.password_minimum = std::max(rules.password_minimum, policies.password_minimum.value_or(0));
  rules.session_idle = shorter(rules.session_idle, policies.session_idle_seconds);
  rules.session_absolute = shorter(rules.session_absolute, policies.session_absolute_seconds);
  // Both enumerations begin with the strictest.
  rules.sign_in_alert =
      std::min(rules.sign_in_alert, word_of(kSignInAlertWords, policies.sign_in_alert, SignInAlert::never));
  rules.who_may_invite =
      std::min(rules.who_may_invite, word_of(kWhoMayInviteWords, policies.who_may_invite, WhoMayInvite::admins));
  return rules;
}

PolicyRules rules_of(const Settings& settings, const store::SessionTerms& terms) {
  store::Policies policies;
  policies.session_idle_seconds = terms.idle_seconds;
  policies.session_absolute_seconds = terms.absolute_seconds;
  return rules_of(settings, policies);
}

Permissions effective_permissions_of_key(Permissions own, WhoMayInvite who_may_invite) {
  if (who_may_invite == WhoMayInvite::owners && !own.contains(kOwnersManage)) own.erase(std::string(kMembersInvite));
  return own;
}

Permissions effective_permissions(Permissions own, WhoMayInvite who_may_invite) {
  if (who_may_invite == WhoMayInvite::members) own.emplace(kMembersInvite);
  return effective_permissions_of_key(std::move(own), who_may_invite);
}

base::Result<void> check_domain(const store::Policies& policies, const base::EmailAddress& email) {
  if (policies.allowed_domains.empty()) return {};
  const std::string_view domain = std::string_view(email.text).substr(email.text.find('@') + 1);
  if (from_words(policies.allowed_domains).contains(domain)) return {};
  return base::refuse(base::kDomainNotAllowed);
}

std::size_t password_minimum_of(db::Transaction& tx, const Services& services, const store::Account& account) {
  std::int64_t minimum = services.settings.policies.password_minimum;
  for (const store::Membership& membership : store::list_memberships(tx, account)) {
    minimum = std::max(minimum, rules_of(services.settings, membership.policies).password_minimum);
  }
  return std::size_t(minimum);
}

}  // namespace gatehouse::domain
