#include "app/tasks.h"
#include "domain/api_keys.h"
#include "domain/steward.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace gatehouse::app {

namespace {

struct Words {
  std::string organization, name, key;
  std::vector<std::string> permissions;
  std::int64_t expires_in_days = 0;
  bool platform = false, json = false;
};

/// A task on the keys of one organization or of the platform.
CLI::App* add_key_task(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                       const std::shared_ptr<Words>& words) {
  CLI::App* command = add_task(parent, source, name, help, words->json);
  CLI::Option_group* owner = command->add_option_group("Whose key it is");
  owner->add_option("--organization", words->organization, "An organization's, by its id or its slug");
  owner->add_flag("--platform", words->platform, "The platform's, for a back end that does an operator's work");
  owner->require_option(1);
  return command;
}

store::OrganizationId owner_of(const domain::Services& services, const Words& words) {
  return words.platform ? store::kPlatformOrganization : read_organization(services, words.organization);
}

domain::KeyDesk desk_of(store::OrganizationId organization) {
  const auto steward = domain::Steward::at_command_line();
  return {organization, steward.actor(), steward.origin(), std::nullopt, nullptr};
}

void add_create(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_key_task(parent, source, "create", "Make a key and print its secret, this once", words);
  command->add_option("--name", words->name, "What people know it by")->required();
  command->add_option("--permission", words->permissions, "What it may do; may be given several times")->required();
  command->add_option("--expires-in-days", words->expires_in_days, "Without it the key works until it is revoked")
      ->check(CLI::Range(1, 730));
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      domain::ApiKeyDraft draft{words->name, words->permissions, std::nullopt};
      if (words->expires_in_days > 0) {
        draft.expires_at = services.clock.now() + std::chrono::hours(24) * words->expires_in_days;
      }
      print(demand(domain::make_key(services, desk_of(owner_of(services, *words)), draft)), words->json);
    });
  });
}

void add_list(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_key_task(parent, source, "list", "List keys, the dead ones too", words);
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      const auto organization = owner_of(services, *words);
      print_pages(words->json, {"/id", "/status", "/created_at", "/name", "/permissions"}, [&](const auto& after) {
        return domain::list_keys(services, organization, domain::kPageMost, after);
      });
    });
  });
}

void add_revoke(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_key_task(parent, source, "revoke", "Make a key useless, at once and for good", words);
  command->add_option("KEY", words->key, "Its id")->required();
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      const auto organization = owner_of(services, *words);
      const auto id = read_id<store::ApiKeyId>(words->key);
      demand(domain::revoke_key(services, desk_of(organization), id));
      print(demand(domain::find_key(services, organization, id)), words->json);
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
