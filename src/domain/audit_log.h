#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"

#include <array>
#include <map>

/// Reading the audit log. Written is it by audit.h, in the transaction of each change.
namespace gatehouse::domain {

/// Which entries, and in which order. The fields that all its readers share.
struct AuditFilter {
  std::optional<std::string> action;
  std::optional<std::string> actor;
  std::optional<std::string> subject;
  std::optional<base::ParsedTime> from;
  std::optional<base::ParsedTime> to;
  std::optional<std::string> address;
  std::optional<std::string> order;
  std::optional<std::string> after;

  static constexpr std::array<std::string_view, 2> kOrders{"desc", "asc"};
  static constexpr auto fields() {
    return wire::fields(
        wire::field("action", &AuditFilter::action)
            .length(1, 60)
            .says("One action, or all of a resource: member.role_changed, member.*"),
        wire::field("actor", &AuditFilter::actor).length(30, 30).says("Who did it: the id of a user or of an API key."),
        wire::field("subject", &AuditFilter::subject).length(1, 60).says("The id of what it was done to."),
        wire::field("from", &AuditFilter::from).says("Then or later; RFC 3339, Unix seconds or a day of UTC."),
        wire::field("to", &AuditFilter::to).says("Then or earlier, the whole of what the text names."),
        wire::field("address", &AuditFilter::address).length(2, 45).says("The IP address that it came from."),
        wire::field("order", &AuditFilter::order)
            .one_of(kOrders)
            .says(
                "desc, newest first, when it is absent. asc is an event feed: each page has a `next`, from which a "
                "reader goes on later. It holds entries back until they are 15 seconds old; a change that could not be "
                "committed within 10 is given up, so that none is passed by that is committed late."),
        wire::field("after", &AuditFilter::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct AuditListInput : AuditFilter {
  store::OrganizationId organization;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    return std::tuple_cat(
        wire::fields(wire::field("organization", &AuditListInput::organization)), AuditFilter::fields(),
        wire::fields(wire::field("limit", &AuditListInput::limit).range(1, kPageMost).says("20 when it is absent.")));
  }
};

struct PlatformAuditListInput : AuditFilter {
  std::optional<store::OrganizationId> organization;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    return std::tuple_cat(
        wire::fields(wire::field("organization", &PlatformAuditListInput::organization).says("Only this one's.")),
        AuditFilter::fields(),
        wire::fields(
            wire::field("limit", &PlatformAuditListInput::limit).range(1, kPageMost).says("20 when it is absent.")));
  }
};

struct AuditActorView {
  std::string kind;
  std::optional<std::string> id;

  static constexpr std::string_view kSchemaName = "AuditActor";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("kind", &AuditActorView::kind).says("user, operator, api_key, anonymous, command_line or system"),
        wire::field("id", &AuditActorView::id).says("Of a user, an operator or an API key."));
  }
};

struct AuditEntryView {
  store::AuditId id;
  base::Time at;
  std::string action;
  AuditActorView actor;
  std::optional<std::string> subject;
  std::optional<store::OrganizationId> organization_id;
  std::optional<std::string> address;
  std::optional<std::string> request_id;
  std::map<std::string, std::string> details;

  static constexpr std::string_view kSchemaName = "AuditEntry";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &AuditEntryView::id), wire::field("at", &AuditEntryView::at),
        wire::field("action", &AuditEntryView::action), wire::field("actor", &AuditEntryView::actor),
        wire::field("subject", &AuditEntryView::subject).says("The id of what it was done to."),
        wire::field("organization_id", &AuditEntryView::organization_id).says("Null when it concerns no organization."),
        wire::field("address", &AuditEntryView::address), wire::field("request_id", &AuditEntryView::request_id),
        wire::field("details", &AuditEntryView::details).says("Ids and fixed words that belong to the action."));
  }
};

/// What happened in the organization. Needs audit:read. Refuses: `?action`, `?actor`, `?address`, `?to`, `?after` (a
/// cursor of other filters).
///
/// A reader of `asc` that goes on from `page.next` misses nothing that became visible within kFeedDelay after its id
/// was made. What makes that long enough: the id is made just before db::Database::write() is called, which asks for no
/// COMMIT later than db::kWriteLimit after that. What is left of kFeedDelay is for what nobody can enforce: how long
/// the database takes over a COMMIT that came in time, and how far the clocks of several nodes lie apart.
base::Result<Page<AuditEntryView>> list_audit(const Services& services, const InOrganization& caller,
                                              const AuditListInput& input);
/// The same over all organizations, with what belongs to none.
base::Result<Page<AuditEntryView>> list_platform_audit(const Services& services, const Operator& caller,
                                                       const PlatformAuditListInput& input);

inline constexpr std::chrono::seconds kFeedDelay{15};
static_assert(kFeedDelay >= db::kWriteLimit + std::chrono::seconds(5));

/// One row more than `limit` when there is more, and the cursor that leads on: always in ascending order, otherwise
/// when there is more. `organization`: nothing for all. For audit_export.h.
struct AuditPage {
  std::vector<AuditEntryView> entries;
  bool has_more = false;
  std::optional<std::string> next;
};
base::Result<AuditPage> read_audit(const Services& services, std::optional<store::OrganizationId> organization,
                                   const AuditFilter& filter, std::int64_t limit);

/// The next entries behind `last`, oldest first and up to the newest: a copy of the log as it is now, not a feed, so
/// nothing is held back.
std::vector<AuditEntryView> read_audit_behind(const Services& services,
                                              std::optional<store::OrganizationId> organization, store::AuditId last,
                                              std::int64_t limit);

}  // namespace gatehouse::domain
