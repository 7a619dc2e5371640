#pragma once

#include "base/result.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"

/// What is counted for somebody who says that they are kept out. Counters are kept under HMACs, so they can be looked
/// up by who is meant, but not listed.
namespace gatehouse::domain {

struct LimitSubjectInput {
  std::optional<base::EmailAddress> email;
  std::optional<std::string> network;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    using V = LimitSubjectInput;
    return wire::fields(wire::field("email", &V::email).example("ada@acme.example"),
                        wire::field("network", &V::network)
                            .length(1, 64)
                            .says("An address, or what limits count as one: an IPv4 address or an IPv6 /64.")
                            .example("192.0.2.7"),
                        wire::field("limit", &V::limit).range(1, kPageMost).says("20 when it is absent."),
                        wire::field("after", &V::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct ClearLimitsInput {
  std::optional<base::EmailAddress> email;
  std::optional<std::string> network;
  std::string reason;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("email", &ClearLimitsInput::email).example("ada@acme.example"),
        wire::field("network", &ClearLimitsInput::network).length(1, 64).says("As in GET.").example("192.0.2.7"),
        wire::field("reason", &ClearLimitsInput::reason)
            .length(1, 200)
            .says("Why, for the audit log, which does not say whose limits they were.")
            .example("Office behind one address, ticket 4713"));
  }
};

struct CountedLimitView {
  std::string name;
  std::string counted_by;
  std::optional<store::UserId> user_id;
  std::int64_t hits = 0;
  std::int64_t quota = 0;
  std::int64_t window_seconds = 0;
  std::optional<base::Time> ends_at;
  bool blocked = false;

  static constexpr std::string_view kSchemaName = "CountedLimit";
  static constexpr auto fields() {
    using V = CountedLimitView;
    return wire::fields(
        wire::field("name", &V::name),
        wire::field("counted_by", &V::counted_by).says("email, network, email_and_network, user or user_and_network"),
        wire::field("user_id", &V::user_id).says("The account with the address for which it is counted."),
        wire::field("hits", &V::hits), wire::field("quota", &V::quota),
        wire::field("window_seconds", &V::window_seconds),
        wire::field("ends_at", &V::ends_at).says("When the window is over that has begun."),
        wire::field("blocked", &V::blocked).says("Nothing more is let through until then."));
  }
};

/// Every limit and letter budget that counts the address alone, the network alone or, when both are given, both
/// together. Refuses: kInvalidRequest (neither is given, or no network).
base::Result<Page<CountedLimitView>> show_limits(const Services& services, const Steward& steward,
                                                 const LimitSubjectInput& input);

/// Forgets what is counted for them; the same set. Refuses: kInvalidRequest.
base::Result<void> clear_limits(const Services& services, const Steward& steward, const ClearLimitsInput& input);

}  // namespace gatehouse::domain
