#include "app/commands.h"

#include <CLI/CLI.hpp>
#include <iostream>

int main(int argc, char** argv) {
  namespace app = gatehouse::app;
  CLI::App root("Gatehouse: authentication and user management for multi-tenant SaaS", "gatehouse");
  root.require_subcommand(1);
  app::ConfigSource source;
  source.environment = app::gatehouse_environment();
  for (const auto add :
       {app::add_serve_command, app::add_database_commands, app::add_operator_commands, app::add_organization_commands,
        app::add_user_commands, app::add_api_key_commands, app::add_audit_commands, app::add_import_commands,
        app::add_statistics_commands, app::add_key_commands, app::add_mail_commands, app::add_config_commands,
        app::add_probe_commands}) {
    add(root, source);
  }
#ifdef GATEHOUSE_DEV_TOOLS
  app::add_dev_commands(root, source);
#endif
  try {
    root.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return root.exit(error) == 0 ? 0 : app::kUsage;
  } catch (const app::CommandError& error) {
    std::cerr << "gatehouse: " << error.what() << "\n";
    return error.exit_status();
  } catch (const std::exception& error) {
    std::cerr << "gatehouse: " << error.what() << "\n";
    return app::kFailure;
  }
}
