#pragma once

#include "domain/audit_log.h"
#include "domain/steward.h"

#include <functional>

namespace gatehouse::domain {

struct AuditExportInput : AuditFilter {
  store::OrganizationId organization;
  std::optional<std::string> format;

  static constexpr std::array<std::string_view, 2> kFormats{"ndjson", "csv"};
  static constexpr auto fields() {
    return std::tuple_cat(wire::fields(wire::field("organization", &AuditExportInput::organization)),
                          AuditFilter::fields(),
                          wire::fields(wire::field("format", &AuditExportInput::format)
                                           .one_of(kFormats)
                                           .says("ndjson, one JSON object on a line, when it is absent.")));
  }
};

struct PlatformAuditExportInput : AuditFilter {
  std::optional<store::OrganizationId> organization;
  std::optional<std::string> format;

  static constexpr auto fields() {
    return std::tuple_cat(
        wire::fields(wire::field("organization", &PlatformAuditExportInput::organization).says("Only this one's.")),
        AuditFilter::fields(),
        wire::fields(wire::field("format", &PlatformAuditExportInput::format)
                         .one_of(AuditExportInput::kFormats)
                         .says("ndjson, one JSON object on a line, when it is absent.")));
  }
};

inline constexpr std::string_view kNdjsonType = "application/x-ndjson";
inline constexpr std::int64_t kExportMost = 10'000;

/// A part of the log as a file.
struct AuditFile {
  std::string content_type;
  std::string name;
  std::string content;
  /// The cursor of the next part.
  std::optional<std::string> next;
};

/// Up to kExportMost entries. CSV is RFC 4180 with a line of names; a cell that a spreadsheet would take for a formula
/// begins with an apostrophe. The export is an entry of the log itself. Refuses what list_audit() does.
base::Result<AuditFile> export_audit(const Services& services, const InOrganization& caller,
                                     const AuditExportInput& input);
/// The same over all organizations.
base::Result<AuditFile> export_platform_audit(const Services& services, const Operator& caller,
                                              const PlatformAuditExportInput& input);
/// All of the log, or of one organization's, oldest first, in as many parts as it takes for `write`, which says whether
/// it wants the next one. `format` is one of kFormats. The export is noted first, as an operator's is: it is the last
/// entry of the whole log, but for what others do meanwhile.
base::Result<void> export_whole_audit(const Services& services, const Steward& steward,
                                      std::optional<store::OrganizationId> organization, const std::string& format,
                                      const std::function<bool(std::string_view part)>& write);

}  // namespace gatehouse::domain
