#include "app/config_flags.h"

#include "app/config_settings.h"

#include <CLI/CLI.hpp>

namespace gatehouse::app {

void add_config_flags(CLI::App& command, ConfigSource& source) {
  command.add_flag("--dev", source.dev,
                   "Try it out on this machine: loopback only, mailbox page instead of mail, made-up key in ./var");
  command.add_option("--config", source.file, "The TOML file (GATEHOUSE_CONFIG)");
  const auto add = [&](const std::string& flag, const std::string& key, const std::string& help) {
    command
        .add_option_function<std::string>(
            flag, [&source, key](const std::string& text) { source.flags.emplace_back(key, text); }, help)
        ->group("Settings");
  };
  for (const Setting& row : settings()) {
    const std::string key(row.key);
    const std::string help = std::string(row.help) + " (" + row.variable() + ")";
    if (row.secrecy != Secrecy::secret) add(row.flag(), key, help);
    if (row.may_be_file()) add(row.flag() + "-file", key + "_file", "File that holds " + key + ".");
  }
}

}  // namespace gatehouse::app
