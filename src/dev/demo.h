#pragma once

#include "base/email.h"
#include "domain/services.h"

#include <string>
#include <vector>

namespace gatehouse::dev {

struct DemoAccount {
  std::string email;
  /// "owner of Harbour Works", for people.
  std::string what;
};

struct Demo {
  std::vector<DemoAccount> accounts;
  /// The same for all of them.
  std::string password;
};

/// Fills a database without organizations so that every screen has something to show: three organizations with sixty
/// members and ninety days of a past that ends with the day before, the same on every machine; then invitations, an API
/// key and policies of this moment, and an operator. Does nothing when the demo is there already. `url` as in
/// generate(), which refuses other data.
Demo make_demo(const domain::Services& services, const std::string& url);

}  // namespace gatehouse::dev
