#pragma once

#include "app/config.h"

#include <string>

namespace CLI {
class App;
}

/// The subcommands of the command line, an area a file. Each add_… gives `app` its commands, which run when they are
/// parsed and throw for what goes wrong.
namespace gatehouse::app {

/// Exit status of a command that understood its words but could not do its work.
inline constexpr int kFailure = 1;
/// Of words that make no sense.
inline constexpr int kUsage = 2;

// Of the operator's tasks, so that a script knows what to do about it.
inline constexpr int kNotFound = 3;
inline constexpr int kConflict = 4;
/// A database or server can't be had at present.
inline constexpr int kUnavailable = 5;

/// A command failed for a reason that the user must read.
class CommandError : public std::runtime_error {
 public:
  explicit CommandError(const std::string& text, int exit_status = kFailure)
      : std::runtime_error(text), exit_status_(exit_status) {}
  int exit_status() const { return exit_status_; }

 private:
  int exit_status_;
};

void add_serve_command(CLI::App& app, ConfigSource& source);
void add_database_commands(CLI::App& app, ConfigSource& source);
void add_operator_commands(CLI::App& app, ConfigSource& source);
void add_import_commands(CLI::App& app, ConfigSource& source);
void add_organization_commands(CLI::App& app, ConfigSource& source);
void add_user_commands(CLI::App& app, ConfigSource& source);
void add_api_key_commands(CLI::App& app, ConfigSource& source);
void add_audit_commands(CLI::App& app, ConfigSource& source);
void add_statistics_commands(CLI::App& app, ConfigSource& source);
void add_key_commands(CLI::App& app, ConfigSource& source);
void add_mail_commands(CLI::App& app, ConfigSource& source);
void add_config_commands(CLI::App& app, ConfigSource& source);
void add_probe_commands(CLI::App& app, ConfigSource& source);
/// There when the build has GATEHOUSE_DEV_TOOLS.
void add_dev_commands(CLI::App& app, ConfigSource& source);

/// The configuration of a tool, with logs on a terminal's terms.
Config tool_config(const ConfigSource& source);

}  // namespace gatehouse::app
