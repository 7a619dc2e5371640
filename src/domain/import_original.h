#pragma once

#include "db/database.h"
#include "domain/import.h"
#include "store/original_service.h"

#include <map>
#include <set>

namespace gatehouse::domain {

/// The database of the original Flask service (docs/import.md has its rules). Reads its roles at once, the rest page by
/// page; the service should be stopped meanwhile.
class OriginalService final : public ImportSource {
 public:
  /// `database` is a foreign one and must outlive this. Throws db::DatabaseError when it is not that service's.
  explicit OriginalService(db::Database& database);

  void report_unreadable(const ImportReport&) override {}
  void each_organization(const std::function<void(SourceOrganization)>& take) override;
  void each_user(const std::function<void(SourceUser)>& take) override;
  void each_member(const std::function<void(SourceMember)>& take) override;
  std::int64_t count_invitations() override;

 private:
  void choose_role(const store::original::Member& row, SourceMember& member) const;

  db::Database& database_;
  std::map<std::int64_t, store::original::Role> roles_;
  /// Organization and name, in the form in which names are compared.
  std::set<std::pair<std::int64_t, std::string>> role_names_;
};

/// Naive UTC as SQLAlchemy writes it ("2024-03-01 09:30:00.123456"), the same with an offset as PostgreSQL writes it,
/// or Unix seconds. Nothing for all else.
std::optional<base::Time> parse_naive_time(const std::optional<std::string>& text);

}  // namespace gatehouse::domain
