#pragma once

#include "domain/services.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::dev {

struct OrganizationName {
  std::string name;
  std::string slug;
};

struct GenerateOptions {
  std::int64_t organizations = 1;
  /// Over all organizations, spread evenly; those who have left come on top.
  std::int64_t members = 1;
  /// Of those, in the first organization; 0: its even share.
  std::int64_t largest = 0;
  /// How far back the oldest organization goes.
  std::int64_t days = 365;
  std::uint64_t seed = 1;
  /// When the made-up past ends.
  base::Time end;
  /// Also sign-ins, invitations and active members by day: as counts only, with nothing behind them.
  bool events = false;
  /// What the organizations are called, in the order of their founding; made up behind the last one.
  std::vector<OrganizationName> names;
  /// Everybody's, in the same hash: their accounts are in the shared directory then, with confirmed addresses. Without
  /// one each organization has a directory of its own, and no password opens any account.
  std::optional<base::Secret> password;
};

struct Generated {
  std::int64_t organizations = 0;
  std::int64_t members = 0;
  std::int64_t left = 0;
  std::int64_t changes = 0;  // with their audit entries; joining and leaving among them
};

/// Writes organizations, their members with a past, the audit log of it and the ledger, folded. The same options make
/// the same rows, but for the seals of the password hashes. `url` is the URL of the services' database, whose schema is
/// there, and in which there are no organizations yet; std::runtime_error otherwise, and when the options make no
/// sense. `progress` hears how many organizations are done.
Generated generate(const domain::Services& services, const std::string& url, const GenerateOptions& options,
                   const std::function<void(std::int64_t)>& progress);

/// The address of a member; the founder is number 0.
std::string made_up_address(std::size_t number, const std::string& slug);

}  // namespace gatehouse::dev
