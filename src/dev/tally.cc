#include "dev/tally.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::dev {

namespace {

constexpr std::size_t kRowsPerCommit = 200'000;

std::int64_t divide_down(std::int64_t number, std::int64_t by) {
  return number >= 0 ? number / by : -((by - 1 - number) / by);
}

}  // namespace

Tally::Tally(store::OrganizationId organization, std::vector<Label> labels)
    : organization_(organization), labels_(std::move(labels)) {}

std::size_t Tally::index_of(const Label& label) const {
  const auto found = std::ranges::lower_bound(labels_, label);
  if (found == labels_.end() || *found != label) throw std::logic_error("nothing of this kind is counted");
  return std::size_t(found - labels_.begin());
}

void Tally::add(std::size_t label, base::Time at, std::int64_t change) {
  auto& items = items_[std::size_t(labels_[label].series)];
  items.push_back({store::bucket_of(at, store::Level::second), std::uint32_t(label), std::int32_t(change)});
}

void Tally::merge(std::vector<Item>& items) {
  std::ranges::sort(items, {}, [](const Item& item) { return std::pair(item.bucket, item.label); });
  std::size_t kept = 0;
  for (const Item& item : items) {
    const bool is_same = kept > 0 && items[kept - 1].bucket == item.bucket && items[kept - 1].label == item.label;
    if (is_same) {
      items[kept - 1].n += item.n;
    } else {
      items[kept++] = item;
    }
  }
  items.resize(kept);
}

void Tally::write(db::BulkLoad& load) {
  std::size_t written = 0;
  for (auto& items : items_) {
    for (std::size_t level = 0; level < store::kLevelSeconds.size(); ++level) {
      if (level > 0) {
        const std::int64_t width = store::kLevelSeconds[level] / store::kLevelSeconds[level - 1];
        for (Item& item : items) item.bucket = divide_down(item.bucket, width);
      }
      merge(items);
      for (const Item& item : items) {
        if (item.n == 0) continue;
        const Label& label = labels_[item.label];
        if (store::Level(level) < store::finest_level(label.series)) continue;
        bulk_insert(load,
                    store::CountRow{organization_, label.series, store::Level(level), item.bucket, label.key, item.n});
        if (++written % kRowsPerCommit == 0) load.commit();
      }
    }
    items = {};
  }
  load.commit();
}

}  // namespace gatehouse::dev
