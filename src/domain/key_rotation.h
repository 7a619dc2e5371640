#pragma once

#include "domain/services.h"
#include "domain/steward.h"

#include <optional>
#include <string>

namespace gatehouse::domain {

/// How long a new signing key is published before it signs, so that services which cache the key set know it in time.
inline constexpr std::chrono::minutes kKeyOverlap{15};

/// Stores a new signing key that signs from kKeyOverlap on; the older ones verify until their last tokens are over.
/// Returns its kid. From the command line.
std::string rotate_signing_key(const Services& services);
/// The same, by an operator, who may say why.
std::string rotate_signing_key(const Services& services, const Steward& steward,
                               const std::optional<std::string>& reason);

struct Resealed {
  std::int64_t signing_keys = 0;
  std::int64_t password_hashes = 0;
  std::int64_t letters = 0;
};

/// Seals everything anew under the first encryption key of the list, so that the older ones can be taken out of it. May
/// be interrupted and run again, also beside a running service.
Resealed reseal(const Services& services);

}  // namespace gatehouse::domain
