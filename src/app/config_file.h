#pragma once

#include "app/config_settings.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::app {

/// One value of a TOML file as the text that the environment would hold, lists joined by commas.
struct TomlEntry {
  std::string key;  // "mail.from"
  SettingType type;
  std::string text;
  std::string place;  // "gatehouse.toml:12"
};

struct TomlFile {
  std::vector<TomlEntry> entries;
  std::vector<ConfigProblem> problems;
  /// Users other than owner and group may read or write it.
  bool is_open_to_all = false;
};

/// Reads a TOML 1.0 file whole. A missing or broken file is a problem.
TomlFile read_toml_file(const std::string& path);

struct SecretFile {
  base::Secret text;
  /// The rest of a sentence that begins with the file.
  std::optional<std::string> problem;
};

/// The text of a file without one line break at its end. `wants_private` refuses a regular file that every user of the
/// machine may read or write.
SecretFile read_secret_file(const std::string& path, bool wants_private);

}  // namespace gatehouse::app
