#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "store/sessions.h"

namespace gatehouse::domain {

/// Which page of a list of one's own.
struct MyPageInput {
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("limit", &MyPageInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &MyPageInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct MySessionView {
  store::SessionId id;
  bool is_current = false;
  std::string device;
  std::string address;
  std::optional<store::OrganizationId> organization_id;
  base::Time created_at;
  base::Time last_seen_at;
  base::Time expires_at;

  static constexpr std::string_view kSchemaName = "MySession";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &MySessionView::id),
        wire::field("is_current", &MySessionView::is_current).says("It is the one that asks."),
        wire::field("device", &MySessionView::device).says("What the device said of itself when it signed in."),
        wire::field("address", &MySessionView::address).says("From where it signed in."),
        wire::field("organization_id", &MySessionView::organization_id).says("The active one."),
        wire::field("created_at", &MySessionView::created_at),
        wire::field("last_seen_at", &MySessionView::last_seen_at).says("When it last got new tokens."),
        wire::field("expires_at", &MySessionView::expires_at).says("Unless it is refreshed before."));
  }
};

/// The caller's live sessions, newest first.
base::Result<Page<MySessionView>> list_my_sessions(const Services& services, const SignedIn& caller,
                                                   const MyPageInput& input);

struct MySessionInput {
  store::SessionId session;

  static constexpr auto fields() { return wire::fields(wire::field("session", &MySessionInput::session)); }
};

/// One of them. Refuses: kNotFound.
base::Result<MySessionView> show_my_session(const Services& services, const SignedIn& caller,
                                            const MySessionInput& input);

/// Ends one of them, the caller's own too. Refuses: kNotFound, kPreconditionFailed.
base::Result<void> end_my_session(const Services& services, const SignedIn& caller, const MySessionInput& input);

/// Ends all but the one that asks. Refuses: kPreconditionFailed (the first page of the list is what If-Match is about).
base::Result<void> end_my_other_sessions(const Services& services, const SignedIn& caller);

/// Where lists begin that show the newest first.
Position newest();

}  // namespace gatehouse::domain
