#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/my_sessions.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "store/activity.h"

namespace gatehouse::domain {

/// One thing that somebody did, or that happened to the account.
struct ActivityView {
  store::AuditId id;
  base::Time at;
  std::string action;
  std::optional<std::string> address;
  std::optional<store::OrganizationId> organization_id;
  std::optional<std::string> request_id;

  static constexpr std::string_view kSchemaName = "Activity";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &ActivityView::id), wire::field("at", &ActivityView::at),
                        wire::field("action", &ActivityView::action).example("session.signed_in"),
                        wire::field("address", &ActivityView::address)
                            .says("From where. Null when it was done by somebody else who may do so."),
                        wire::field("organization_id", &ActivityView::organization_id)
                            .says("Whose audit log has it. Null when it is about the account itself."),
                        wire::field("request_id", &ActivityView::request_id));
  }
};

/// The address of an admin or operator who did something to the account is not the account's to know.
ActivityView activity_view(const store::Activity& entry, store::UserId user);

/// What the caller did, and what happened to the account (failed sign-ins too), newest first.
base::Result<Page<ActivityView>> list_my_activity(const Services& services, const SignedIn& caller,
                                                  const MyPageInput& input);

}  // namespace gatehouse::domain
