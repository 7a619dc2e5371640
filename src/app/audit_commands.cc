#include "app/config_flags.h"
#include "app/tasks.h"
#include "domain/audit_export.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace gatehouse::app {

namespace {

struct Words {
  std::string organization;
  std::int64_t limit = 50;
  bool json = false, csv = false;
};

std::optional<store::OrganizationId> chosen(const domain::Services& services, const Words& words) {
  if (words.organization.empty()) return std::nullopt;
  return read_organization(services, words.organization);
}

void list_latest(const domain::Services& services, const Words& words) {
  for (const auto& entry : demand(domain::read_audit(services, chosen(services, words), {}, words.limit)).entries) {
    print_row(wire::write(entry), words.json,
              {"/at", "/action", "/actor/kind", "/actor/id", "/subject", "/organization_id", "/address"});
  }
}

void export_all(const domain::Services& services, const Words& words) {
  demand(domain::export_whole_audit(services, domain::Steward::at_command_line(), chosen(services, words),
                                    words.csv ? "csv" : "ndjson", [](std::string_view part) {
                                      std::cout << part;
                                      return bool(std::cout);
                                    }));
}

}  // namespace

void add_audit_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* audit = app.add_subcommand("audit", "Read the audit log");
  audit->require_subcommand(1);
  const auto words = std::make_shared<Words>();
  CLI::App* list = add_task(*audit, source, "list", "Print the latest entries, newest first", words->json);
  list->add_option("--organization", words->organization, "Only those of one, by its id or its slug");
  list->add_option("--limit", words->limit, "How many, 50 when it is not given")->check(CLI::Range(1, 10000));
  list->callback(
      [&source, words] { run_task(source, [&](const domain::Services& services) { list_latest(services, *words); }); });
  CLI::App* all = audit->add_subcommand("export", "Print every entry, oldest first, one JSON object a line");
  all->add_option("--organization", words->organization, "Only those of one, by its id or its slug");
  all->add_flag("--csv", words->csv, "Print CSV");
  // What it prints is JSON as it is; so that a script can say it to every task.
  all->add_flag("--json", words->json, "Print JSON, as it does anyhow")->excludes("--csv");
  add_config_flags(*all, source);
  all->callback(
      [&source, words] { run_task(source, [&](const domain::Services& services) { export_all(services, *words); }); });
}

}  // namespace gatehouse::app
