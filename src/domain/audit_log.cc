#include "domain/audit_log.h"

#include "store/audit_log.h"

#include <algorithm>
#include <boost/json.hpp>

namespace gatehouse::domain {

namespace {

namespace json = boost::json;

/// Ids are made when a request begins, and `at` is that time: how far the two may lie apart all the same.
constexpr std::chrono::minutes kIdSlack{10};

/// Below every id that is made then or later, and above every one that was made before.
store::AuditId first_id_at(base::Time time) {
  const auto since =
      std::max<std::int64_t>(0, std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count());
  store::AuditId id;
  for (std::size_t i = 0; i < 6; ++i) id.uuid.bytes[i] = std::uint8_t(since >> (40 - 8 * i));
  return id;
}

bool is_action_text(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || letter == '_' || letter == '.';
  });
}

base::Result<void> read_action(const std::string& text, store::AuditQuery& query) {
  const bool is_prefix = text.ends_with(".*");
  const std::string named = is_prefix ? text.substr(0, text.size() - 1) : text;
  if (!is_action_text(named)) {
    return base::refuse_field("?action", "Give an action such as member.removed, or member.* for all of members.");
  }
  query.first_action = named;
  query.last_action = is_prefix ? named + "~" : named;
  return {};
}

base::Result<void> read_actor(const std::string& text, store::AuditQuery& query) {
  if (const auto user = store::UserId::parse(text)) {
    query.actor = {user->uuid, false};
  } else if (const auto key = store::ApiKeyId::parse(text)) {
    query.actor = {key->uuid, true};
  } else {
    return base::refuse_field("?actor", "Give the id of a user (usr_…) or of an API key (key_…).");
  }
  return {};
}

base::Result<void> read_times(const AuditFilter& filter, store::AuditQuery& query) {
  if (filter.from) {
    query.from = filter.from->time;
    query.above = first_id_at(query.from - kIdSlack);
  }
  if (filter.to) {
    query.to = std::min(store::AuditQuery::kEndOfTime, filter.to->time + filter.to->precision - base::Duration(1));
    query.below = first_id_at(query.to + kIdSlack);
  }
  if (query.to < query.from) return base::refuse_field("?to", "The range ends before it begins.");
  return {};
}

base::Result<store::AuditQuery> to_query(const AuditFilter& filter, base::Time now) {
  store::AuditQuery query;
  query.subject = filter.subject;
  query.is_ascending = filter.order == "asc";
  if (filter.action) TRY(read_action(*filter.action, query));
  if (filter.actor) TRY(read_actor(*filter.actor, query));
  if (filter.address) {
    const auto address = base::IpAddress::parse(*filter.address);
    if (!address) return base::refuse_field("?address", "This is no IP address.");
    query.address = address->to_string();
  }
  TRY(read_times(filter, query));
  if (query.is_ascending) query.below = std::min(query.below, first_id_at(now - kFeedDelay));
  return query;
}

/// A cursor belongs to one list: to these filters in this order.
std::string list_name(const std::optional<store::OrganizationId>& organization, const AuditFilter& filter) {
  std::string name = organization ? "audit" : "audit of all";
  for (const auto& text : {filter.action, filter.actor, filter.subject, filter.address, filter.order}) {
    name += '|';
    if (text) name += std::to_string(text->size()) + ':' + *text;
  }
  for (const auto& time : {filter.from, filter.to}) {
    name += '|';
    if (time) name += std::to_string(time->time.time_since_epoch().count());
  }
  return name;
}

AuditActorView actor_of(const store::AuditEntry& entry) {
  AuditActorView actor{entry.actor_kind, std::nullopt};
  if (!entry.actor) return actor;
  actor.id = entry.actor_kind == "api_key" ? store::ApiKeyId{*entry.actor}.to_string()
                                           : store::UserId{*entry.actor}.to_string();
  return actor;
}

/// `v` is the version of the stored form.
std::map<std::string, std::string> details_of(const store::AuditEntry& entry) {
  std::map<std::string, std::string> details;
  const json::value payload = json::parse(entry.payload);
  for (const auto& [name, value] : payload.as_object()) {
    if (name != "v") details.emplace(name, std::string_view(value.as_string()));
  }
  return details;
}

AuditEntryView view_of(const store::AuditEntry& entry) {
  AuditEntryView view{entry.id,     entry.at,      entry.action,     actor_of(entry),  entry.subject,
                      std::nullopt, entry.address, entry.request_id, details_of(entry)};
  if (entry.organization != store::kPlatformOrganization) view.organization_id = entry.organization;
  return view;
}

std::vector<store::AuditEntry> read_rows(const Services& services,
                                         const std::optional<store::OrganizationId>& organization,
                                         const store::AuditQuery& query, std::int64_t limit) {
  return services.database.read([&](db::Transaction& tx) {
    return organization ? store::list_audit_entries(tx, *organization, query, limit)
                        : store::list_all_audit_entries(tx, query, limit);
  });
}

Page<AuditEntryView> to_page(AuditPage found) {
  return {std::move(found.entries), {std::move(found.next), found.has_more}};
}

}  // namespace

base::Result<AuditPage> read_audit(const Services& services, std::optional<store::OrganizationId> organization,
                                   const AuditFilter& filter, std::int64_t limit) {
  store::AuditQuery query = TRY(to_query(filter, services.clock.now()));
  const std::string list = list_name(organization, filter);
  const auto bound_to = organization.value_or(store::kPlatformOrganization);
  const Position position = TRY(from_cursor(services, list, bound_to, filter.after));
  if (filter.after) {
    const store::AuditId id{position.id};
    if (query.is_ascending) query.above = std::max(query.above, id);
    if (!query.is_ascending) query.below = std::min(query.below, id);
  }
  const auto rows = read_rows(services, organization, query, limit + 1);
  AuditPage page;
  page.has_more = std::int64_t(rows.size()) > limit;
  const auto shown = std::min(rows.size(), std::size_t(limit));
  for (std::size_t i = 0; i < shown; ++i) page.entries.push_back(view_of(rows[i]));
  if (shown > 0 && (page.has_more || query.is_ascending)) {
    page.next = to_cursor(services, list, bound_to, {rows[shown - 1].at, rows[shown - 1].id.uuid});
  } else if (query.is_ascending) {
    page.next = to_cursor(services, list, bound_to, position);
  }
  return page;
}

std::vector<AuditEntryView> read_audit_behind(const Services& services,
                                              std::optional<store::OrganizationId> organization, store::AuditId last,
                                              std::int64_t limit) {
  store::AuditQuery query;
  query.above = last;
  query.is_ascending = true;
  std::vector<AuditEntryView> entries;
  for (const store::AuditEntry& row : read_rows(services, organization, query, limit)) entries.push_back(view_of(row));
  return entries;
}

base::Result<Page<AuditEntryView>> list_audit(const Services& services, const InOrganization& caller,
                                              const AuditListInput& input) {
  return to_page(TRY(read_audit(services, caller.organization(), input, input.limit.value_or(kPageDefault))));
}

base::Result<Page<AuditEntryView>> list_platform_audit(const Services& services, const Operator&,
                                                       const PlatformAuditListInput& input) {
  return to_page(TRY(read_audit(services, input.organization, input, input.limit.value_or(kPageDefault))));
}

}  // namespace gatehouse::domain
