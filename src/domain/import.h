#pragma once

#include "base/secret.h"
#include "domain/services.h"
#include "wire/fields.h"

#include <functional>
#include <optional>
#include <string>

/// Taking over the organizations, people and memberships of another service: see docs/import.md for what becomes of
/// each row. No letter is sent and no session begins.
namespace gatehouse::domain {

/// Rows as a source has them. External ids are the source's own, as text.
struct SourceOrganization {
  std::string external_id;
  std::string name;
  std::optional<std::string> slug;
  bool is_active = true;
  std::optional<base::Time> created_at;
  /// JSON as the source has it.
  std::optional<std::string> settings = {};
};

struct SourceUser {
  std::string external_id;
  std::string email;  // as the source has it
  bool email_verified = false;
  std::optional<base::Secret> password_hash;
  bool is_active = true;
  std::optional<base::Time> created_at;
  /// Of the person.
  std::optional<std::string> name = {};
};

struct SourceMember {
  std::string external_id;
  std::string organization;  // external ids
  std::string user;
  std::string role;  // key of one of the fixed roles
  /// What the source calls the role, when it could not be taken over as it is.
  std::optional<std::string> role_mapped;
  std::optional<std::string> note;
  bool is_active = true;
  std::optional<base::Time> joined_at;
};

/// What became of one row.
struct ImportLine {
  std::string table;  // "organization", "user", "member"; "line" for a line that can't be read
  std::string external_id;
  std::string result;             // "created", "exists", "skipped", "failed"
  std::optional<std::string> id;  // ours; of a skipped row, what stands for it
  std::optional<std::string> reason;
  std::optional<std::string> role_mapped;
  std::optional<std::string> password_unusable;
  bool orphaned = false;  // an organization without an active owner

  static constexpr auto fields() {
    return wire::fields(wire::field("table", &ImportLine::table), wire::field("external_id", &ImportLine::external_id),
                        wire::field("result", &ImportLine::result), wire::field("id", &ImportLine::id),
                        wire::field("reason", &ImportLine::reason),
                        wire::field("role_mapped", &ImportLine::role_mapped),
                        wire::field("password_unusable", &ImportLine::password_unusable),
                        wire::field("orphaned", &ImportLine::orphaned));
  }
};
using ImportReport = std::function<void(const ImportLine&)>;

struct ImportCounts {
  std::int64_t created = 0, exists = 0, skipped = 0, failed = 0;

  static constexpr auto fields() {
    return wire::fields(wire::field("created", &ImportCounts::created), wire::field("exists", &ImportCounts::exists),
                        wire::field("skipped", &ImportCounts::skipped), wire::field("failed", &ImportCounts::failed));
  }
};

struct ImportSummary {
  std::string source;
  bool dry_run = false;
  ImportCounts organizations, users, members;
  std::int64_t lines_failed = 0;
  std::int64_t orphaned_organizations = 0;
  std::int64_t roles_mapped = 0;
  std::int64_t passwords_unusable = 0;
  std::int64_t invitations_left = 0;

  std::int64_t failed() const { return organizations.failed + users.failed + members.failed + lines_failed; }

  static constexpr auto fields() {
    return wire::fields(wire::field("source", &ImportSummary::source), wire::field("dry_run", &ImportSummary::dry_run),
                        wire::field("organizations", &ImportSummary::organizations),
                        wire::field("users", &ImportSummary::users), wire::field("members", &ImportSummary::members),
                        wire::field("lines_failed", &ImportSummary::lines_failed),
                        wire::field("orphaned_organizations", &ImportSummary::orphaned_organizations),
                        wire::field("roles_mapped", &ImportSummary::roles_mapped),
                        wire::field("passwords_unusable", &ImportSummary::passwords_unusable),
                        wire::field("invitations_left", &ImportSummary::invitations_left));
  }
};

/// Another service. Each list may be asked for several times and gives the same rows in the same order.
class ImportSource {
 public:
  virtual ~ImportSource() = default;

  /// Reports what can't be read at all.
  virtual void report_unreadable(const ImportReport& report) = 0;
  virtual void each_organization(const std::function<void(SourceOrganization)>& take) = 0;
  virtual void each_user(const std::function<void(SourceUser)>& take) = 0;
  virtual void each_member(const std::function<void(SourceMember)>& take) = 0;
  /// Open invitations, which are never copied.
  virtual std::int64_t count_invitations() = 0;
};

struct ImportOptions {
  /// Names the place that the external ids come from: rows are known again by it and their external id.
  std::string source;
  /// Write nothing, report the same.
  bool dry_run = false;
};

/// Imports everything, in small transactions. What an earlier run has imported is found again, so that a run that was
/// cut off is continued by the next one. `report` hears of each row once, of organizations last, and of the rows of a
/// transaction after its COMMIT. Throws db::DatabaseError; what was committed by then stays.
ImportSummary import_everything(const Services& services, ImportSource& source, const ImportOptions& options,
                                const ImportReport& report);

}  // namespace gatehouse::domain
