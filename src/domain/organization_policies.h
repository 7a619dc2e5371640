#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/members.h"
#include "domain/pages.h"
#include "domain/policies.h"
#include "domain/services.h"
#include "wire/fields.h"

namespace gatehouse::domain {

inline constexpr std::int64_t kLongestSessionSeconds = 365 * 24 * 3600;
inline constexpr std::size_t kMostDomains = 50;

/// What holds: of platform and organization the stricter.
struct EffectivePoliciesView {
  std::int64_t password_minimum = 0;
  std::int64_t session_idle_seconds = 0;
  std::int64_t session_absolute_seconds = 0;
  std::string sign_in_alert;
  std::vector<std::string> allowed_domains;
  std::string who_may_invite;

  static constexpr std::string_view kSchemaName = "EffectivePolicies";
  static constexpr auto fields() {
    return wire::fields(wire::field("password_minimum", &EffectivePoliciesView::password_minimum),
                        wire::field("session_idle_seconds", &EffectivePoliciesView::session_idle_seconds),
                        wire::field("session_absolute_seconds", &EffectivePoliciesView::session_absolute_seconds),
                        wire::field("sign_in_alert", &EffectivePoliciesView::sign_in_alert),
                        wire::field("allowed_domains", &EffectivePoliciesView::allowed_domains),
                        wire::field("who_may_invite", &EffectivePoliciesView::who_may_invite));
  }
};

struct PoliciesView {
  std::optional<std::int64_t> password_minimum;
  std::optional<std::int64_t> session_idle_seconds;
  std::optional<std::int64_t> session_absolute_seconds;
  std::optional<std::string> sign_in_alert;
  std::vector<std::string> allowed_domains;
  std::optional<std::string> who_may_invite;
  EffectivePoliciesView effective;

  static constexpr std::string_view kSchemaName = "Policies";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("password_minimum", &PoliciesView::password_minimum),
        wire::field("session_idle_seconds", &PoliciesView::session_idle_seconds),
        wire::field("session_absolute_seconds", &PoliciesView::session_absolute_seconds),
        wire::field("sign_in_alert", &PoliciesView::sign_in_alert),
        wire::field("allowed_domains", &PoliciesView::allowed_domains).says("Any domain when the list is empty."),
        wire::field("who_may_invite", &PoliciesView::who_may_invite),
        wire::field("effective", &PoliciesView::effective)
            .says("What holds: of platform and organization the stricter."));
  }
};

struct UpdatePoliciesInput {
  store::OrganizationId organization;
  wire::Clearable<std::int64_t> password_minimum;
  wire::Clearable<std::int64_t> session_idle_seconds;
  wire::Clearable<std::int64_t> session_absolute_seconds;
  wire::Clearable<std::string> sign_in_alert;
  wire::Clearable<std::vector<std::string>> allowed_domains;
  wire::Clearable<std::string> who_may_invite;

  static constexpr std::string_view kSchemaName = "UpdatePoliciesRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &UpdatePoliciesInput::organization),
        wire::field("password_minimum", &UpdatePoliciesInput::password_minimum)
            .range(8, 64)
            .example("12")
            .says("Characters of a new password at least. Null: as the platform asks; the same for the others."),
        wire::field("session_idle_seconds", &UpdatePoliciesInput::session_idle_seconds)
            .range(300, kLongestSessionSeconds)
            .example("86400")
            .says("A session in the organization ends so long after its last refresh; also those that are live now."),
        wire::field("session_absolute_seconds", &UpdatePoliciesInput::session_absolute_seconds)
            .range(300, kLongestSessionSeconds)
            .example("604800")
            .says("A session in the organization ends so long after sign-in; also those that are live now."),
        wire::field("sign_in_alert", &UpdatePoliciesInput::sign_in_alert)
            .one_of(kSignInAlertWords)
            .says("When a letter tells members of a sign-in."),
        wire::field("allowed_domains", &UpdatePoliciesInput::allowed_domains)
            .length(1, 253)
            .example("acme.example")
            .says("Only addresses of exactly these domains are invited, join and are added. At most 50; null or an "
                  "empty list allows any."),
        wire::field("who_may_invite", &UpdatePoliciesInput::who_may_invite)
            .one_of(kWhoMayInviteWords)
            .says("owners; admins: all whose role holds members:invite; members: every member, with a role that does "
                  "not outrank them. admins when it is null. Changed only by somebody who may invite as it is."));
  }
};

/// Needs organization:read.
base::Result<PoliciesView> show_policies(const Services& services, const InOrganization& caller,
                                         const OrganizationInput& input);

/// What becomes stricter holds at once: sessions that are too old by now end, and when fewer may invite, the pending
/// invitations of the people and API keys that may not are revoked and access tokens of all but owners are refused.
/// Needs policies:update. Refuses: kInvalidRequest, kPreconditionFailed, kOutranked (who may invite, by somebody who
/// may not).
base::Result<PoliciesView> update_policies(const Services& services, const InOrganization& caller,
                                           const UpdatePoliciesInput& input);

}  // namespace gatehouse::domain
