#include "domain/address_policy.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::domain {

bool is_domain_allowed(const store::Policies& policies, const base::EmailAddress& email) {
  if (policies.allowed_domains.empty()) return true;
  const std::string_view domain = std::string_view(email.text).substr(email.text.find('@') + 1);
  return std::ranges::count(base::split(policies.allowed_domains, ' '), domain) > 0;
}

}  // namespace gatehouse::domain
