#include "app/tasks.h"
#include "domain/operator_new_organization.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace gatehouse::app {

namespace {

using domain::Steward;

const std::vector<std::string_view> kColumns{"/id", "/slug", "/status", "/created_at", "/name"};

struct Words {
  std::string organization, reason, q, status, name, slug, directory, owner;
  bool json = false;
};

using Change = base::Result<domain::OperatedOrganizationView> (*)(const domain::Services&, const Steward&,
                                                                  const domain::OrganizationReasonInput&);

void add_change(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                Change change) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, name, help, words->json);
  command->add_option("ORGANIZATION", words->organization, "Its id or its slug")->required();
  command->add_option("--reason", words->reason, "Why, for its audit log")->required();
  command->callback([&source, words, change] {
    run_task(source, [&](const domain::Services& services) {
      const auto id = read_organization(services, words->organization);
      print(demand(change(services, Steward::at_command_line(), {id, words->reason})), words->json);
    });
  });
}

void add_list(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "list", "List all organizations, oldest first", words->json);
  command->add_option("--q", words->q, "How the slug or the name begins");
  command->add_option("--status", words->status, "active, suspended or deleted")
      ->check(CLI::IsMember({"active", "suspended", "deleted"}));
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      print_pages(words->json, kColumns, [&](const std::optional<std::string>& after) {
        return domain::search_organizations(services, Steward::at_command_line(),
                                            {given(words->q), given(words->status), domain::kPageMost, after});
      });
    });
  });
}

void add_get(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "get", "Show an organization and how many have each role", words->json);
  command->add_option("ORGANIZATION", words->organization, "Its id or its slug")->required();
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      const auto id = read_organization(services, words->organization);
      print(demand(domain::show_organization(services, Steward::at_command_line(), {id})), words->json);
    });
  });
}

void add_create(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command =
      add_task(parent, source, "create", "Make an organization and invite its owner by mail", words->json);
  command->add_option("--name", words->name, "Its name")->required();
  command->add_option("--owner", words->owner, "Address of whoever is to own it")->required();
  command->add_option("--slug", words->slug, "Made from the name when it is not given");
  command->add_option("--directory", words->directory, "shared (default) or isolated")
      ->check(CLI::IsMember({"shared", "isolated"}));
  command->add_option("--reason", words->reason, "Why, for its audit log");
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      print(demand(domain::create_organization_for(services, Steward::at_command_line(),
                                                   {words->name, given(words->slug), given(words->directory),
                                                    read_email(words->owner), given(words->reason)})),
            words->json);
    });
  });
}

}  // namespace

void add_organization_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* organization = app.add_subcommand("organization", "See and manage the organizations of all tenants");
  organization->require_subcommand(1);
  add_list(*organization, source);
  add_get(*organization, source);
  add_create(*organization, source);
  add_change(*organization, source, "suspend", "Keep everybody out of an organization", domain::suspend_organization);
  add_change(*organization, source, "reinstate", "End a suspension", domain::reinstate_organization);
  add_change(*organization, source, "delete", "Delete an organization; for 30 days its owners can restore it",
             domain::delete_organization_for);
}

}  // namespace gatehouse::app
