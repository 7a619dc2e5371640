#pragma once

#include "base/result.h"
#include "domain/services.h"
#include "store/ids.h"
#include "wire/fields.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::domain {

inline constexpr std::int64_t kPageDefault = 20;
inline constexpr std::int64_t kPageMost = 200;

struct OrganizationInput {
  store::OrganizationId organization;

  static constexpr auto fields() { return wire::fields(wire::field("organization", &OrganizationInput::organization)); }
};

/// Which page of a list that needs nothing else.
struct PageInput {
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(wire::field("limit", &PageInput::limit).range(1, kPageMost).says("20 when it is absent."),
                        wire::field("after", &PageInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

/// Which page of which organization.
struct OrganizationPageInput {
  store::OrganizationId organization;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &OrganizationPageInput::organization),
        wire::field("limit", &OrganizationPageInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &OrganizationPageInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct PageView {
  std::optional<std::string> next;
  bool has_more = false;

  static constexpr std::string_view kSchemaName = "Page";
  static constexpr auto fields() {
    return wire::fields(wire::field("next", &PageView::next).says("Give it as `after` to get the next page."),
                        wire::field("has_more", &PageView::has_more));
  }
};

template <class Item>
struct Page {
  std::vector<Item> data;
  PageView page;

  static constexpr auto fields() {
    return wire::fields(wire::field("data", &Page::data), wire::field("page", &Page::page));
  }
};

/// Behind which row a page begins, in lists ordered by a time or a text, and an id.
struct Position {
  base::Time time;
  base::Uuid id;
  std::string text = {};
};

/// An opaque cursor, authenticated and bound to its list (name and organization), so that none can be made up or used
/// elsewhere. A list that can be filtered or sorted has both in its name.
std::string to_cursor(const Services& services, std::string_view list, store::OrganizationId organization,
                      const Position& position);
/// The beginning when there is none. Refuses `?after` when it is not a cursor of that list.
base::Result<Position> from_cursor(const Services& services, std::string_view list, store::OrganizationId organization,
                                   const std::optional<std::string>& cursor);

/// Makes a page of rows of which one more than `limit` was read: `to_view` for each, `position_of` the last one shown.
template <class Item, class Row, class ToView, class PositionOf>
Page<Item> make_page(const Services& services, std::string_view list, store::OrganizationId organization,
                     std::vector<Row> rows, std::int64_t limit, ToView to_view, PositionOf position_of) {
  Page<Item> page;
  page.page.has_more = std::int64_t(rows.size()) > limit;
  if (page.page.has_more) {
    rows.resize(std::size_t(limit), rows.front());
    page.page.next = to_cursor(services, list, organization, position_of(rows.back()));
  }
  for (const Row& row : rows) page.data.push_back(to_view(row));
  return page;
}

/// A page of a list that is short, and read whole, in its order. `name_of` tells its items apart.
template <class Item, class NameOf>
base::Result<Page<Item>> cut_page(const Services& services, std::string_view list, store::OrganizationId organization,
                                  std::vector<Item> items, const PageInput& input, NameOf name_of) {
  const Position position = TRY(from_cursor(services, list, organization, input.after));
  std::size_t begin = 0;
  if (input.after) {
    // Behind the item that was shown last; where that is gone, its successor has taken its place.
    const auto shown = std::size_t(position.time.time_since_epoch().count());
    const auto last = std::ranges::find_if(items, [&](const Item& item) { return name_of(item) == position.text; });
    begin = std::min(last == items.end() ? shown - 1 : std::size_t(last - items.begin()) + 1, items.size());
  }
  const std::size_t end = std::min(begin + std::size_t(input.limit.value_or(kPageDefault)), items.size());
  Page<Item> page;
  page.page.has_more = end < items.size();
  if (page.page.has_more) {
    const Position next{base::Time(base::Duration(std::int64_t(end))), {}, std::string(name_of(items[end - 1]))};
    page.page.next = to_cursor(services, list, organization, next);
  }
  page.data.assign(std::move_iterator(items.begin() + std::ptrdiff_t(begin)),
                   std::move_iterator(items.begin() + std::ptrdiff_t(end)));
  return page;
}

}  // namespace gatehouse::domain
