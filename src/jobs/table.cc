#include "jobs/table.h"

#include "domain/access_tokens.h"
#include "domain/known_sessions.h"
#include "domain/organizations.h"
#include "domain/password_reset.h"
#include "domain/statistics_folding.h"
#include "domain/upkeep.h"

#include <memory>

namespace gatehouse::jobs {

using namespace std::chrono_literals;

std::vector<Job> job_table(const domain::Services& services, MailSettings settings, Transport transport) {
  std::vector<Job> table{
      {"reset links", 500ms, true,
       [&services](std::stop_token) {
         if (domain::process_reset_requests(services) > 0) services.wake_jobs();
       }},
      {"announcements", 250ms, false,
       [&services](std::stop_token) { services.known_sessions.hear(services.database); }},
      {"signing keys", 30s, false,
       [&services](std::stop_token) { services.access_tokens.reload(services.database, services.clock.now()); }},
      {"purge", 1min, false,
       [&services](std::stop_token stop) {
         while (!stop.stop_requested() && domain::purge_organizations(services, stop) > 0) {
         }
       }},
      {"statistics", 2s, false, [&services](const std::stop_token& stop) { domain::fold_statistics(services, stop); }},
      {"upkeep", 10min, false, [&services](const std::stop_token& stop) { domain::forget_the_past(services, stop); }},
  };
  if (services.settings.mail_enabled) {
    auto sender = std::make_shared<MailSender>(services, std::move(settings), std::move(transport));
    table.push_back({"mail", 500ms, true, [sender](std::stop_token stop) { sender->send_due(stop); }});
  }
  return table;
}

}  // namespace gatehouse::jobs
