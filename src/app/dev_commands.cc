#include "app/commands.h"

#include "app/config_flags.h"
#include "app/program.h"
#include "dev/demo.h"
#include "dev/generate.h"
#include "dev/sessions.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace gatehouse::app {

namespace {

struct GenerateWords {
  dev::GenerateOptions options;
  std::string end;
  std::string password;
};

void generate(const Config& config, const GenerateWords& words) {
  dev::GenerateOptions options = words.options;
  if (!words.password.empty()) options.password = base::Secret(words.password);
  Program program(config);
  options.end = std::chrono::floor<std::chrono::days>(program.services().clock.now());
  if (!words.end.empty()) {
    const auto end = base::parse_rfc3339(words.end);
    if (!end) throw CommandError("--end is no time of RFC 3339, such as 2026-01-01T00:00:00Z", kUsage);
    options.end = end->time;
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto made =
      dev::generate(program.services(), std::string(config.database_url.reveal()), options, [&](std::int64_t done) {
        if (done % 1000 == 0) std::cerr << done << " organizations\n";
      });
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
  std::cout << made.organizations << " organizations, " << made.members << " members, " << made.left << " who left, "
            << made.changes << " changes, in " << seconds.count() << " s\n";
}

void begin_sessions(const Config& config, std::int64_t count) {
  Program program(config);
  dev::begin_sessions(program.services(), count, [](const domain::TokenPair& tokens, const base::EmailAddress& email) {
    std::cout << tokens.access_token.reveal() << " " << tokens.refresh_token.reveal() << " " << email.text << "\n";
  });
}

void add_sessions_command(CLI::App& dev, ConfigSource& source) {
  CLI::App* command = dev.add_subcommand(
      "sessions", "Begin sessions of made-up people, and print of each the access token, the refresh token and whose");
  const auto count = std::make_shared<std::int64_t>(1);
  command->add_option("--count", *count, "How many")->required()->check(CLI::PositiveNumber);
  add_config_flags(*command, source);
  command->callback([&source, count] { begin_sessions(tool_config(source), *count); });
}

void add_demo_command(CLI::App& dev, ConfigSource& source) {
  CLI::App* command = dev.add_subcommand(
      "demo", "Fill a database without organizations with a small platform to look at, and print who can sign in");
  add_config_flags(*command, source);
  command->callback([&source] {
    const Config config = tool_config(source);
    Program program(config);
    const dev::Demo demo = dev::make_demo(program.services(), std::string(config.database_url.reveal()));
    std::cout << "Demo accounts, all with the password \"" << demo.password << "\":\n";
    for (const dev::DemoAccount& account : demo.accounts) {
      std::cout << "  " << account.email << "  (" << account.what << ")\n";
    }
  });
}

}  // namespace

void add_dev_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* dev = app.add_subcommand("dev", "Tools for developers, which packages do not have");
  dev->require_subcommand(1);
  CLI::App* command = dev->add_subcommand(
      "generate", "Fill a database without organizations with made-up ones, their members and statistics");
  const auto words = std::make_shared<GenerateWords>();
  dev::GenerateOptions& options = words->options;
  command->add_option("--organizations", options.organizations, "How many")->required()->check(CLI::PositiveNumber);
  command
      ->add_option("--members", options.members, "Of all organizations together, spread evenly; a tenth as many left")
      ->required()
      ->check(CLI::PositiveNumber);
  command->add_option("--largest", options.largest, "How many of the members are in the first organization");
  command->add_option("--days", options.days, "How far back it goes")->required()->check(CLI::Range(1, 36500));
  command->add_option("--seed", options.seed, "Another one makes other data")->required();
  command->add_option("--end", words->end, "When it ends (RFC 3339); the beginning of this day when it is not given");
  command->add_flag("--events", options.events, "Also sign-ins, invitations and active members, as counts only");
  command->add_option("--password", words->password, "Everybody's, who then can sign in; nobody can without one");
  add_config_flags(*command, source);
  command->callback([&source, words] { generate(tool_config(source), *words); });
  add_sessions_command(*dev, source);
  add_demo_command(*dev, source);
}

}  // namespace gatehouse::app
