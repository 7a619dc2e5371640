#include "app/config_flags.h"
#include "app/program.h"
#include "app/tasks.h"
#include "domain/operators.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::app {

namespace {

/// The first line of standard input; asked for, and not shown, on a terminal. Never an argument: every user of a
/// machine reads the arguments of all programs.
base::Secret read_password() {
  const bool is_terminal = ::isatty(STDIN_FILENO) == 1;
  termios before{};
  if (is_terminal) {
    std::cerr << "Password: " << std::flush;
    ::tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~tcflag_t(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (is_terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << "\n";
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) throw CommandError("give the password as the first line of standard input");
  return base::Secret(std::move(line));
}

using Operation = base::Result<domain::UserView> (*)(const domain::Services&, const base::EmailAddress&,
                                                     const base::Secret&);

void add_password_command(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                          Operation operation) {
  CLI::App* command = parent.add_subcommand(name, help);
  const auto email = std::make_shared<std::string>();
  command->add_option("EMAIL", *email, "Address of the operator")->required();
  add_config_flags(*command, source);
  command->callback([&source, email, operation] {
    const Config config = tool_config(source);
    const auto address = base::parse_email(*email);
    if (!address) throw CommandError("EMAIL is not an email address");
    const base::Secret password = read_password();
    Program program(config);
    const auto done = operation(program.services(), *address, password);
    if (!done) throw CommandError(explain(done.error()));
    std::cout << done->email.text << " " << done->id.to_string() << "\n";
  });
}

}  // namespace

void add_operator_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* operators = app.add_subcommand("operator", "Make and recover operators");
  operators->require_subcommand(1);
  add_password_command(*operators, source, "create", "Make an operator; reads the password from standard input",
                       domain::create_operator);
  add_password_command(*operators, source, "reset-password",
                       "Set an operator's password and end their sessions; reads it from standard input",
                       domain::reset_operator_password);
  CLI::App* link = operators->add_subcommand("setup-link", "Print a one-time link that makes the first operator");
  add_config_flags(*link, source);
  link->callback([&source] {
    const Config config = tool_config(source);
    Program program(config);
    const auto token = domain::make_setup_token(program.services());
    if (!token) throw CommandError("there is an operator already; use: gatehouse operator create EMAIL");
    std::cout << setup_link(config, *token) << "\n";
  });
}

}  // namespace gatehouse::app
