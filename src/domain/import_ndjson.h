#pragma once

#include "domain/import.h"

#include <string>

namespace gatehouse::domain {

/// The documented format of docs/import.md: a JSON object a line, in any order. The file is read once for each list.
class NdjsonFile final : public ImportSource {
 public:
  static constexpr std::size_t kLineBytes = 64 * 1024;

  /// A regular file. Throws std::runtime_error when it can't be read; so do the lists.
  explicit NdjsonFile(std::string path);

  /// As rows of the table "line", whose external ids are the numbers of the lines, from 1.
  void report_unreadable(const ImportReport& report) override;
  void each_organization(const std::function<void(SourceOrganization)>& take) override;
  void each_user(const std::function<void(SourceUser)>& take) override;
  void each_member(const std::function<void(SourceMember)>& take) override;
  std::int64_t count_invitations() override { return 0; }

 private:
  const std::string path_;
};

}  // namespace gatehouse::domain
