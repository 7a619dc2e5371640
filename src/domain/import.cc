#include "domain/import.h"

#include "domain/importer.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

constexpr std::size_t kBatch = 100;
/// So many members are sorted by their organizations before they are added.
constexpr std::size_t kMemberWindow = 1000;

/// Collects rows and hands them on in batches.
template <class Row>
class Batches {
 public:
  Batches(std::size_t size, std::function<void(std::vector<Row>&)> flush) : size_(size), flush_(std::move(flush)) {}

  void take(Row row) {
    rows_.push_back(std::move(row));
    if (rows_.size() == size_) flush();
  }
  void flush() {
    if (!rows_.empty()) flush_(rows_);
    rows_.clear();
  }

 private:
  std::size_t size_;
  std::function<void(std::vector<Row>&)> flush_;
  std::vector<Row> rows_;
};

void add_users(Importer& importer, ImportSource& source) {
  source.each_user([&](const SourceUser& row) { importer.note_user(row); });
  Batches<SourceUser> users(kBatch, [&](std::vector<SourceUser>& rows) { importer.add_users(rows); });
  source.each_user([&](SourceUser row) { users.take(std::move(row)); });
  users.flush();
  if (!importer.has_duplicates()) return;
  Batches<SourceUser> others(kBatch, [&](std::vector<SourceUser>& rows) { importer.add_duplicate_users(rows); });
  source.each_user([&](SourceUser row) { others.take(std::move(row)); });
  others.flush();
}

void add_members(Importer& importer, ImportSource& source) {
  Batches<SourceMember> members(kMemberWindow, [&](std::vector<SourceMember>& rows) {
    std::ranges::stable_sort(rows, {}, &SourceMember::organization);
    for (auto begin = rows.begin(); begin != rows.end();) {
      auto end = begin;
      while (end != rows.end() && end->organization == begin->organization && end - begin < std::ptrdiff_t(kBatch)) {
        ++end;
      }
      importer.add_members({begin, end});
      begin = end;
    }
  });
  source.each_member([&](SourceMember row) { members.take(std::move(row)); });
  members.flush();
}

void count(ImportSummary& summary, const ImportLine& line) {
  if (line.table == "line") {
    ++summary.lines_failed;
    return;
  }
  ImportCounts& counts = line.table == "organization" ? summary.organizations
                         : line.table == "user"       ? summary.users
                                                      : summary.members;
  std::int64_t& number = line.result == "created"   ? counts.created
                         : line.result == "exists"  ? counts.exists
                         : line.result == "skipped" ? counts.skipped
                                                    : counts.failed;
  ++number;
  summary.orphaned_organizations += line.orphaned;
  summary.roles_mapped += line.role_mapped.has_value();
  summary.passwords_unusable += line.password_unusable.has_value();
}

}  // namespace

ImportSummary import_everything(const Services& services, ImportSource& source, const ImportOptions& options,
                                const ImportReport& report) {
  ImportSummary summary{.source = options.source, .dry_run = options.dry_run};
  const ImportReport hear = [&](const ImportLine& line) {
    count(summary, line);
    report(line);
  };
  Importer importer(services, options, hear);
  source.report_unreadable(hear);
  source.each_organization([&](const SourceOrganization& row) { importer.add_organization(row); });
  add_users(importer, source);
  add_members(importer, source);
  importer.report_organizations();
  summary.invitations_left = source.count_invitations();
  return summary;
}

}  // namespace gatehouse::domain
