#include "domain/policies.h"

#include <gtest/gtest.h>

namespace gatehouse::domain {
namespace {

bool is_allowed(const std::string& domains, const std::string& email) {
  store::Policies policies;
  policies.allowed_domains = domains;
  return check_domain(policies, *base::parse_email(email)).has_value();
}

TEST(AllowedDomains, TakesAnyAddressUnlessItNamesDomains) { EXPECT_TRUE(is_allowed("", "ada@acme.example")); }

TEST(AllowedDomains, TakesItsDomainsAndNothingThatLooksLikeThem) {
  for (const char* good : {"ada@acme.example", "ADA@ACME.example", "ada@b\u00fccher.example"}) {
    EXPECT_TRUE(is_allowed("acme.example xn--bcher-kva.example", good)) << good;
  }
  for (const char* bad : {"ada@sub.acme.example", "ada@notacme.example", "ada@acme.example.evil.example",
                          "acme.example@evil.example", "ada@example.acme"}) {
    EXPECT_FALSE(is_allowed("acme.example xn--bcher-kva.example", bad)) << bad;
  }
}

}  // namespace
}  // namespace gatehouse::domain
