#pragma once

#include "base/clock.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::domain {

/// A setting as it holds, with its secrets masked, and where it was found.
struct SettingFact {
  std::string key;
  std::string value;
  std::string origin;
};

/// How a job of this node fares.
struct JobFact {
  std::string name;
  std::optional<base::Time> last_run_at;  // when its last run ended
  bool is_failing = false;
};

/// What only the program as a whole knows of itself: operators may ask.
struct ProgramFacts {
  base::Time started_at;
  int schema_applied = 0;
  int schema_known = 0;
  std::vector<JobFact> jobs;
  std::vector<SettingFact> configuration;
};

}  // namespace gatehouse::domain
