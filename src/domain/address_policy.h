#pragma once

#include "base/email.h"
#include "store/organizations.h"

namespace gatehouse::domain {

/// Whether the organization takes people with that address: any when it names no domains, else those of exactly the
/// domains that it names, not of their subdomains.
bool is_domain_allowed(const store::Policies& policies, const base::EmailAddress& email);

}  // namespace gatehouse::domain
