#include "app/config_flags.h"
#include "app/tasks.h"
#include "domain/audit.h"
#include "domain/steward.h"
#include "store/audit_tail.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

namespace gatehouse::app {

namespace {

constexpr std::int64_t kBatch = 500;

struct Words {
  std::string organization;
  std::int64_t limit = 50;
  bool json = false, csv = false;
};

struct ActorView {
  std::string kind;
  std::optional<std::string> id;

  static constexpr auto fields() {
    return wire::fields(wire::field("kind", &ActorView::kind), wire::field("id", &ActorView::id));
  }
};

struct EntryView {
  store::AuditId id;
  base::Time at;
  std::string action;
  ActorView actor;
  std::optional<std::string> subject;
  std::optional<store::OrganizationId> organization_id;
  std::optional<std::string> address;
  std::optional<std::string> request_id;
  std::map<std::string, std::string> details;

  static constexpr auto fields() {
    using V = EntryView;
    return wire::fields(wire::field("id", &V::id), wire::field("at", &V::at), wire::field("action", &V::action),
                        wire::field("actor", &V::actor), wire::field("subject", &V::subject),
                        wire::field("organization_id", &V::organization_id), wire::field("address", &V::address),
                        wire::field("request_id", &V::request_id), wire::field("details", &V::details));
  }
};

std::optional<std::string> actor_id(const store::AuditEntry& entry) {
  if (!entry.actor) return std::nullopt;
  if (entry.actor_kind == "api_key") return store::ApiKeyId{*entry.actor}.to_string();
  return store::UserId{*entry.actor}.to_string();
}

EntryView view(const store::AuditEntry& entry) {
  EntryView shown{entry.id,
                  entry.at,
                  entry.action,
                  {entry.actor_kind, actor_id(entry)},
                  entry.subject,
                  std::nullopt,
                  entry.address,
                  entry.request_id,
                  {}};
  if (entry.organization != store::kPlatformOrganization) shown.organization_id = entry.organization;
  const boost::json::value payload = boost::json::parse(entry.payload);
  for (const auto& [name, value] : payload.as_object()) {
    if (name != "v") shown.details[name] = std::string(value.as_string());
  }
  return shown;
}

/// A field of CSV (RFC 4180). A spreadsheet takes what begins with one of these for a formula.
std::string csv_field(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char character : text) {
    if (character == '"') out += '"';
    out += character;
  }
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + csv_field(field);
  return line + "\r\n";
}

std::string to_csv(const EntryView& entry) {
  return csv_line({entry.id.to_string(), base::to_rfc3339(entry.at), entry.action, entry.actor.kind,
                   entry.actor.id.value_or(""), entry.subject.value_or(""),
                   entry.organization_id ? entry.organization_id->to_string() : "", entry.address.value_or(""),
                   entry.request_id.value_or(""), wire::write(entry.details)});
}

std::optional<store::OrganizationId> chosen(const domain::Services& services, const Words& words) {
  if (words.organization.empty()) return std::nullopt;
  return read_organization(services, words.organization);
}

void list_latest(const domain::Services& services, const Words& words) {
  const auto organization = chosen(services, words);
  store::AuditId last;
  last.uuid.bytes.fill(0xff);
  const auto entries = services.database.read(
      [&](db::Transaction& tx) { return store::list_audit_before(tx, organization, last, words.limit); });
  for (const store::AuditEntry& entry : entries) {
    print_row(wire::write(view(entry)), words.json,
              {"/at", "/action", "/actor/kind", "/actor/id", "/subject", "/organization_id", "/address"});
  }
}

/// The export is an entry itself, written before anything is printed.
void note_export(const domain::Services& services, const std::optional<store::OrganizationId>& organization,
                 bool as_csv) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto steward = domain::Steward::at_command_line();
  demand(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    domain::record(tx, now, steward.origin(),
                   {audit,
                    organization.value_or(store::kPlatformOrganization),
                    domain::action::kAuditExported,
                    steward.actor(),
                    std::nullopt,
                    {{"format", as_csv ? "csv" : "ndjson"}}});
    return {};
  }));
}

void export_all(const domain::Services& services, const Words& words) {
  const auto organization = chosen(services, words);
  note_export(services, organization, words.csv);
  if (words.csv) {
    std::cout << csv_line({"id", "at", "action", "actor_kind", "actor_id", "subject", "organization_id", "address",
                           "request_id", "details"});
  }
  store::AuditId after;
  for (bool more = true; more && std::cout;) {
    const auto entries = services.database.read(
        [&](db::Transaction& tx) { return store::list_audit_after(tx, organization, after, kBatch); });
    for (const store::AuditEntry& entry : entries) {
      std::cout << (words.csv ? to_csv(view(entry)) : wire::write(view(entry)) + "\n");
      after = entry.id;
    }
    more = std::int64_t(entries.size()) == kBatch;
  }
}

}  // namespace

void add_audit_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* audit = app.add_subcommand("audit", "Read the audit log");
  audit->require_subcommand(1);
  const auto words = std::make_shared<Words>();
  CLI::App* list = audit->add_subcommand("list", "Print the latest entries, newest first");
  list->add_option("--organization", words->organization, "Only those of one, by its id or its slug");
  list->add_option("--limit", words->limit, "How many, 50 when it is not given")->check(CLI::Range(1, 10000));
  list->add_flag("--json", words->json, "Print JSON");
  add_config_flags(*list, source);
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
