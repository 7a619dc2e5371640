#include "app/config_flags.h"
#include "app/tasks.h"
#include "domain/operator_keys.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace gatehouse::app {

namespace {

using domain::Steward;

struct Words {
  std::string organization, name, key;
  std::vector<std::string> permissions;
  std::int64_t expires_in_days = 0;
  bool platform = false, json = false;
};

/// A task on the keys of one organization or of the platform.
CLI::App* add_task(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                   const std::shared_ptr<Words>& words) {
  CLI::App* command = parent.add_subcommand(name, help);
  CLI::Option_group* owner = command->add_option_group("Whose key it is");
  owner->add_option("--organization", words->organization, "An organization's, by its id or its slug");
  owner->add_flag("--platform", words->platform, "The platform's, for a back end that does an operator's work");
  owner->require_option(1);
  command->add_flag("--json", words->json, "Print JSON");
  add_config_flags(*command, source);
  return command;
}

store::OrganizationId owner_of(const domain::Services& services, const Words& words) {
  return words.platform ? store::kPlatformOrganization : read_organization(services, words.organization);
}

void add_create(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "create", "Make a key and print its secret, this once", words);
  command->add_option("--name", words->name, "What people know it by")->required();
  command->add_option("--permission", words->permissions, "What it may do; may be given several times")->required();
  command->add_option("--expires-in-days", words->expires_in_days, "Without it the key works until it is revoked")
      ->check(CLI::Range(1, 730));
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      std::optional<std::int64_t> days;
      if (words->expires_in_days > 0) days = words->expires_in_days;
      print(demand(domain::create_key(services, Steward::at_command_line(),
                                      {owner_of(services, *words), words->name, words->permissions, days})),
            words->json);
    });
  });
}

void add_list(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "list", "List keys, the dead ones too", words);
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      const auto organization = owner_of(services, *words);
      store::ApiKeyId after;
      for (bool more = true; more;) {
        const auto keys =
            demand(domain::list_keys_of(services, Steward::at_command_line(), organization, after, domain::kPageMost));
        for (const auto& key : keys) {
          print_row(wire::write(key), words->json, {"/id", "/status", "/created_at", "/name", "/permissions"});
          after = key.id;
        }
        more = std::int64_t(keys.size()) == domain::kPageMost;
      }
    });
  });
}

void add_revoke(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "revoke", "Make a key useless, at once and for good", words);
  command->add_option("KEY", words->key, "Its id")->required();
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      print(demand(domain::revoke_key_of(services, Steward::at_command_line(), owner_of(services, *words),
                                         read_id<store::ApiKeyId>(words->key))),
            words->json);
    });
  });
}

}  // namespace

void add_api_key_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* key = app.add_subcommand("key", "Make, list and revoke API keys");
  key->require_subcommand(1);
  add_create(*key, source);
  add_list(*key, source);
  add_revoke(*key, source);
}

}  // namespace gatehouse::app
