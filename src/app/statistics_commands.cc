#include "app/config_flags.h"
#include "app/tasks.h"
#include "domain/statistics_check.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace gatehouse::app {

namespace {

struct Words {
  std::string organization;
  bool json = false;
};

/// In a line of JSON, or of text.
struct UntoldView {
  store::OrganizationId organization_id;
  std::int64_t memberships_untold;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization_id", &UntoldView::organization_id),
                        wire::field("memberships_untold", &UntoldView::memberships_untold));
  }
};

using Task = domain::StatisticsSummary (*)(const domain::Services&, const std::optional<store::OrganizationId>&,
                                           const domain::StatisticsReport&);

domain::StatisticsSummary run(const domain::Services& services, const Words& words, Task task) {
  std::optional<store::OrganizationId> only;
  if (!words.organization.empty()) only = read_organization(services, words.organization);
  const domain::StatisticsReport report{[&](const domain::StatisticsDifference& difference) {
                                          print_row(wire::write(difference), words.json,
                                                    {"/organization_id", "/series", "/level", "/start", "/role_id",
                                                     "/kind", "/detail", "/expected", "/actual"});
                                        },
                                        [&](store::OrganizationId organization, std::int64_t memberships) {
                                          const std::string row = wire::write(UntoldView{organization, memberships});
                                          if (words.json) return print_row(row, true, {});
                                          std::cout << organization.to_string()
                                                    << "\tthe audit log does not account for " << memberships
                                                    << " memberships: compared in sum only\n";
                                        }};
  const auto summary = task(services, only, report);
  print(summary, words.json);
  return summary;
}

CLI::App* add_task(CLI::App& parent, const std::string& name, const std::string& help, ConfigSource& source,
                   const std::shared_ptr<Words>& words) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("--organization", words->organization, "Only one, by its id or its slug");
  command->add_flag("--json", words->json, "Print a JSON object for each difference, and a last one of the sums");
  add_config_flags(*command, source);
  return command;
}

}  // namespace

void add_statistics_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* stats = app.add_subcommand("stats", "Check the statistics, and put them right");
  stats->require_subcommand(1);
  const auto words = std::make_shared<Words>();
  add_task(*stats, "verify", "Recount from memberships and audit log; exits 1 when anything differs", source, words)
      ->callback([&source, words] {
        run_task(source, [&](const domain::Services& services) {
          const auto summary = run(services, *words, domain::verify_statistics);
          if (summary.differences > 0)
            throw CommandError("the statistics are wrong; see: gatehouse stats rebuild --help");
        });
      });
  add_task(*stats, "rebuild", "Put right what verify finds, also beside a running service", source, words)
      ->callback([&source, words] {
        run_task(source, [&](const domain::Services& services) { run(services, *words, domain::rebuild_statistics); });
      });
}

}  // namespace gatehouse::app
