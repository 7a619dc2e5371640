#pragma once

#include "base/email.h"
#include "domain/import.h"
#include "store/users.h"

#include <map>
#include <set>
#include <span>
#include <vector>

namespace gatehouse::domain {

/// The steps of an import, each a transaction of its own. Not thread safe.
///
/// In a dry run the same decisions are made in reading transactions, and what would have been written is remembered
/// here, so that later rows find it.
class Importer {
 public:
  Importer(const Services& services, ImportOptions options, ImportReport report);

  void add_organization(const SourceOrganization& row);
  /// Among users with one address the oldest gets the account. All of them are noted before any is added.
  void note_user(const SourceUser& row);
  /// Those that were not beaten; the others are passed over.
  void add_users(std::span<const SourceUser> rows);
  bool has_duplicates() const { return has_duplicates_; }
  /// Those that were beaten: the account of the oldest stands for them.
  void add_duplicate_users(std::span<const SourceUser> rows);
  /// All of one organization.
  void add_members(std::span<const SourceMember> rows);
  /// Reports the organizations, now that it is known which have an owner.
  void report_organizations();

 private:
  using Lines = std::vector<ImportLine>;
  struct Oldest {
    std::string external_id;
    base::Time created_at;
  };
  struct NewOrganization;
  struct NewUser;
  struct NewMember;

  /// Runs `decide(tx)` in a transaction and reports its lines. `prepare` is run before each try; one that met a unique
  /// index (somebody else was quicker) is followed by another.
  Lines commit(const std::function<void(int attempt)>& prepare, const std::function<Lines(db::Transaction&)>& decide);
  void report(const Lines& lines);

  ImportLine decide_organization(db::Transaction& tx, const NewOrganization& fresh);
  NewUser prepare_user(const SourceUser& row, base::Time now) const;
  ImportLine decide_user(db::Transaction& tx, const NewUser& fresh, base::Time now);
  ImportLine decide_member(db::Transaction& tx, const NewMember& fresh, store::OrganizationId organization,
                           base::Time now);
  void write_member(db::Transaction& tx, const NewMember& fresh, store::OrganizationId organization,
                    const store::Account& account, base::Time now);
  bool is_organization_there(db::Transaction& tx, store::OrganizationId id);
  bool is_orphaned(db::Transaction& tx, store::OrganizationId id);
  bool is_duplicate(const SourceUser& row) const;

  std::optional<base::Uuid> find(db::Transaction& tx, const std::string& kind, const std::string& external_id);
  void remember(db::Transaction& tx, const std::string& kind, const std::string& external_id, const base::Uuid& id);

  const Services& services_;
  const ImportOptions options_;
  const ImportReport report_;
  std::map<std::string, Oldest> oldest_;  // by address
  bool has_duplicates_ = false;
  /// With the id, also of those that a dry run would make.
  std::vector<std::pair<ImportLine, store::OrganizationId>> organizations_;

  // What a dry run would have written.
  std::map<std::pair<std::string, std::string>, base::Uuid> imagined_rows_;
  std::set<base::Uuid> imagined_;
  std::set<base::Uuid> imagined_disabled_;                                     // users
  std::map<std::pair<base::Uuid, base::Uuid>, std::string> imagined_members_;  // role by organization and user
  std::set<base::Uuid> imagined_owned_;
};

}  // namespace gatehouse::domain
