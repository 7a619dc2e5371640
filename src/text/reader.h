#pragma once

#include "base/time_zone.h"
#include "text/catalogue.h"

#include <optional>

namespace gatehouse::text {

/// Whoever reads words: in which language, and by which clocks.
struct Reader {
  const Language* language = &english();
  /// UTC when there is none.
  std::optional<base::TimeZone> zone = {};
};

/// "22 November 2026 at 11:50 UTC", as the language has it.
std::string moment(const Reader& reader, base::Time time);

/// Nothing for a name that is (no longer) in the database of zones, and for none.
std::optional<base::TimeZone> zone_of(const std::optional<std::string>& name);

}  // namespace gatehouse::text
