#pragma once

#include "store/bulk_rows.h"

#include <array>
#include <vector>

namespace gatehouse::dev {

/// Counts of one organization, or of the platform, as folding would leave them: gathered by second, written at all
/// levels in the order of their primary key. 16 bytes for each second and key that differ.
class Tally {
 public:
  struct Label {
    store::Series series;
    store::CountKey key;
    auto operator<=>(const Label&) const = default;
  };

  /// `labels`: all that will be counted, sorted.
  Tally(store::OrganizationId organization, std::vector<Label> labels);

  /// Which label that is. It must be among them.
  std::size_t index_of(const Label& label) const;
  void add(std::size_t label, base::Time at, std::int64_t change);
  /// Once, at the end. Commits now and then.
  void write(db::BulkLoad& load);

 private:
  struct Item {
    std::int64_t bucket;
    std::uint32_t label;
    std::int32_t n;
  };

  static void merge(std::vector<Item>& items);

  store::OrganizationId organization_;
  std::vector<Label> labels_;
  std::array<std::vector<Item>, 4> items_;  // by series
};

}  // namespace gatehouse::dev
