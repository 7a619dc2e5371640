#pragma once

#include "app/config_settings.h"

#include <map>
#include <string>
#include <vector>

namespace gatehouse::app {

/// The text of one setting and where it was found ("default", "gatehouse.toml", "GATEHOUSE_LISTEN", "--listen").
struct SettingText {
  base::Secret text;
  std::string origin;
};

struct LayeredSettings {
  /// Every setting of the table has a text, the strongest source's.
  std::map<std::string, SettingText, std::less<>> texts;
  std::vector<ConfigProblem> problems;
};

/// Lays file, environment and flags over the defaults, and then what follows from other settings and from --dev. Reads
/// files, writes none. A problem never holds the value of a secret.
LayeredSettings read_layers(const ConfigSource& source);

}  // namespace gatehouse::app
