#pragma once

#include "domain/audit_log.h"

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

}  // namespace gatehouse::domain
