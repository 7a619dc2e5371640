#include "domain/audit_export.h"

#include "domain/audit.h"
#include "domain/csv.h"
#include "wire/write.h"

namespace gatehouse::domain {

namespace {

/// How many entries an export of everything holds in memory at once.
constexpr std::int64_t kPartSize = 500;

constexpr std::string_view kCsvNames =
    "id,at,action,actor_kind,actor_id,subject,organization_id,address,request_id,details\r\n";

std::string to_csv(const std::vector<AuditEntryView>& entries) {
  std::string out;
  for (const AuditEntryView& entry : entries) {
    std::string_view comma;
    for (const std::string& text :
         {entry.id.to_string(), base::to_rfc3339(entry.at), entry.action, entry.actor.kind, entry.actor.id.value_or(""),
          entry.subject.value_or(""), entry.organization_id ? entry.organization_id->to_string() : std::string(),
          entry.address.value_or(""), entry.request_id.value_or(""), wire::write(entry.details)}) {
      out += comma;
      out += csv_cell(text);
      comma = ",";
    }
    out += "\r\n";
  }
  return out;
}

std::string to_ndjson(const std::vector<AuditEntryView>& entries) {
  std::string out;
  for (const AuditEntryView& entry : entries) out += wire::write(entry) + "\n";
  return out;
}

/// `home`: whose log tells of it.
base::Result<void> note_export(const Services& services, const Origin& origin, const Actor& actor,
                               store::OrganizationId home, const std::optional<store::OrganizationId>& organization,
                               const std::map<std::string, std::string>& details) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    record(tx, now, origin,
           {audit, home, action::kAuditExported, actor,
            organization ? std::optional(organization->to_string()) : std::nullopt, details});
    return {};
  });
}

/// Reads first: a log that can't be read is not exported.
base::Result<AuditFile> export_for(const Services& services, const Origin& origin, const Actor& actor,
                                   store::OrganizationId home, std::optional<store::OrganizationId> organization,
                                   const AuditFilter& filter, const std::string& format) {
  const AuditPage page = TRY(read_audit(services, organization, filter, kExportMost));
  TRY(note_export(services, origin, actor, home, organization,
                  {{"format", format}, {"entries", std::to_string(page.entries.size())}}));
  const bool is_csv = format == "csv";
  return AuditFile{std::string(is_csv ? kCsvType : kNdjsonType), "audit." + format,
                   is_csv ? std::string(kCsvNames) + to_csv(page.entries) : to_ndjson(page.entries), page.next};
}

}  // namespace

base::Result<AuditFile> export_audit(const Services& services, const InOrganization& caller,
                                     const AuditExportInput& input) {
  return export_for(services, caller.origin(), caller.actor(), caller.organization(), caller.organization(), input,
                    input.format.value_or("ndjson"));
}

base::Result<AuditFile> export_platform_audit(const Services& services, const Operator& caller,
                                              const PlatformAuditExportInput& input) {
  return export_for(services, caller.origin(), caller.actor(), store::kPlatformOrganization, input.organization, input,
                    input.format.value_or("ndjson"));
}

base::Result<void> export_whole_audit(const Services& services, const Steward& steward,
                                      std::optional<store::OrganizationId> organization, const std::string& format,
                                      const std::function<bool(std::string_view part)>& write) {
  TRY(note_export(services, steward.origin(), steward.actor(), store::kPlatformOrganization, organization,
                  {{"format", format}}));
  const bool is_csv = format == "csv";
  bool goes_on = !is_csv || write(kCsvNames);
  store::AuditId last;
  while (goes_on) {
    const auto entries = read_audit_behind(services, organization, last, kPartSize);
    if (entries.empty()) break;
    last = entries.back().id;
    goes_on = write(is_csv ? to_csv(entries) : to_ndjson(entries)) && std::int64_t(entries.size()) == kPartSize;
  }
  return {};
}

}  // namespace gatehouse::domain
