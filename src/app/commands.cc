#include "app/commands.h"

#include "app/config_flags.h"
#include "app/config_show.h"
#include "app/program.h"
#include "crypto/keys.h"
#include "domain/key_rotation.h"
#include "domain/outbox.h"
#include "http/probe.h"
#include "store/migrations.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace gatehouse::app {

Config tool_config(const ConfigSource& source) {
  const Config config = load_config(source, ConfigUse::tool);
  base::log::configure(base::log::Level::warning, base::log::Format::text);
  return config;
}

void add_database_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* migrate = app.add_subcommand("migrate", "Look at or bring up the schema of the database");
  migrate->require_subcommand(1);
  CLI::App* status = migrate->add_subcommand("status", "Say how far the schema is; exits 1 when it is behind");
  add_config_flags(*status, source);
  status->callback([&source] {
    const Config config = tool_config(source);
    const auto database = db::open_database(std::string(config.database_url.reveal()), {.connections = 1});
    const auto state = db::migration_state(*database, store::migrations());
    std::cout << "applied " << state.applied << " of " << state.known << "\n";
    if (state.applied < state.known) throw CommandError("the schema is behind; run: gatehouse migrate up");
  });
  CLI::App* up = migrate->add_subcommand("up", "Apply what is missing (serve does so too)");
  add_config_flags(*up, source);
  up->callback([&source] {
    const Config config = tool_config(source);
    const auto database = db::open_database(std::string(config.database_url.reveal()), {.connections = 1});
    std::cout << "applied " << db::migrate(*database, store::migrations()) << "\n";
  });
}

void add_key_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* keys = app.add_subcommand("keys", "Rotate signing and encryption keys");
  keys->require_subcommand(1);
  CLI::App* generate = keys->add_subcommand("generate", "Print a new encryption key");
  generate->callback([] { std::cout << crypto::EncryptionKeys::generate().reveal() << "\n"; });
  CLI::App* rotate = keys->add_subcommand("rotate", "Make a new signing key, used after 15 minutes of being published");
  add_config_flags(*rotate, source);
  rotate->callback([&source] {
    Program program(tool_config(source));
    std::cout << "new signing key " << domain::rotate_signing_key(program.services()) << "\n";
  });
  CLI::App* reseal = keys->add_subcommand("reseal", "Encrypt everything anew under the first encryption key");
  add_config_flags(*reseal, source);
  reseal->callback([&source] {
    Program program(tool_config(source));
    const auto done = domain::reseal(program.services());
    std::cout << "resealed " << done.signing_keys << " signing keys, " << done.password_hashes << " password hashes, "
              << done.letters << " letters\n";
  });
}

void add_mail_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* mail = app.add_subcommand("mail", "Try the mail settings");
  mail->require_subcommand(1);
  CLI::App* test = mail->add_subcommand("test", "Send a letter now, past the outbox, and say what the server answered");
  const auto to = std::make_shared<std::string>();
  test->add_option("--to", *to, "Address to send to")->required();
  add_config_flags(*test, source);
  test->callback([&source, to] {
    const Config config = tool_config(source);
    const auto recipient = base::parse_email(*to);
    if (!recipient) throw CommandError("--to is not an email address");
    if (config.mail.smtp_url.empty() || config.mail.from.text.empty()) {
      throw CommandError("mail.smtp_url and mail.from are needed");
    }
    const base::Time now = base::SystemClock().now();
    const auto letter = mail::render(mail::TestLetter{now});
    const smtp::Sender sender(smtp_settings(config));
    const auto delivery = sender.send({config.mail.from_name, config.mail.from, *recipient, letter.subject, letter.text,
                                       letter.html, store::LetterId::make(now).to_string(), now});
    std::cout << sender.describe() << ": " << delivery.reply << "\n";
    if (delivery.outcome != smtp::Outcome::sent) throw CommandError("the letter was not sent");
  });
}

void add_config_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* config = app.add_subcommand("config", "Check, show or begin a configuration");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("validate", "Say all that keeps `serve` from starting; exits 1 then");
  add_config_flags(*check, source);
  check->callback([&source] {
    load_config(source, ConfigUse::serve);
    std::cout << "the configuration is good\n";
  });
  CLI::App* show = config->add_subcommand("show", "Print what holds, secrets masked");
  const auto with_origin = std::make_shared<bool>(false);
  show->add_flag("--origin", *with_origin, "Say where each value was found");
  add_config_flags(*show, source);
  show->callback([&source, with_origin] { std::cout << show_config(source, *with_origin); });
  CLI::App* blank = config->add_subcommand("template", "Print a file with every setting, commented out");
  blank->callback([] { std::cout << config_template(); });
}

void add_probe_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* version = app.add_subcommand("version", "Print the version");
  version->callback([] { std::cout << "gatehouse " GATEHOUSE_VERSION "\n"; });
  CLI::App* health =
      app.add_subcommand("healthcheck", "Ask a running server on this machine; exits 1 when it does not answer");
  add_config_flags(*health, source);
  health->callback([&source] {
    const Config config = tool_config(source);
    const int status = http::probe(config.listen.address, config.listen.port, "/healthz");
    if (status != 204) throw CommandError("no healthy answer from " + config.listen.to_string());
    std::cout << "healthy\n";
  });
}

}  // namespace gatehouse::app
