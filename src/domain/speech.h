#pragma once

#include "domain/caller.h"
#include "domain/services.h"

#include <optional>
#include <string>

namespace gatehouse::domain {

/// What decides in which language and by which clocks pages speak to somebody. Tags of text::kLanguageTags, and the
/// name of a time zone.
struct Speech {
  std::optional<std::string> language;
  std::optional<std::string> zoneinfo;
  /// Of the organization in which they work.
  std::optional<std::string> organization_language;
};

Speech speech_of(const Services& services, const SignedIn& person);

}  // namespace gatehouse::domain
