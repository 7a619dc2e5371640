#pragma once

#include "base/result.h"
#include "domain/activity.h"
#include "domain/my_invitations.h"
#include "domain/profile.h"

namespace gatehouse::domain {

struct ExportInput {
  base::Secret password;

  static constexpr std::string_view kSchemaName = "ExportRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("password", &ExportInput::password).length(1, 256).says("The account's password."));
  }
};

struct ExportedMembership {
  OrganizationReference organization;
  std::string role_key;
  std::string status;
  base::Time joined_at;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &ExportedMembership::organization),
                        wire::field("role_key", &ExportedMembership::role_key),
                        wire::field("status", &ExportedMembership::status),
                        wire::field("joined_at", &ExportedMembership::joined_at));
  }
};

struct ExportedSession {
  store::SessionId id;
  std::string device;
  std::string address;
  base::Time created_at;
  base::Time last_seen_at;
  base::Time expires_at;
  std::optional<base::Time> ended_at;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &ExportedSession::id), wire::field("device", &ExportedSession::device),
        wire::field("address", &ExportedSession::address), wire::field("created_at", &ExportedSession::created_at),
        wire::field("last_seen_at", &ExportedSession::last_seen_at),
        wire::field("expires_at", &ExportedSession::expires_at), wire::field("ended_at", &ExportedSession::ended_at));
  }
};

struct ExportedNetwork {
  std::string network;
  base::Time seen_at;

  static constexpr auto fields() {
    return wire::fields(wire::field("network", &ExportedNetwork::network),
                        wire::field("seen_at", &ExportedNetwork::seen_at));
  }
};

/// All that is stored about a person, and no secret.
struct AccountExport {
  base::Time exported_at;
  MeView profile;
  std::vector<ExportedMembership> memberships;
  std::vector<MyInvitationView> invitations;
  std::vector<ExportedSession> sessions;
  std::vector<ExportedNetwork> networks;
  std::vector<ActivityView> activity;
  bool has_more = false;

  static constexpr std::string_view kSchemaName = "AccountExport";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("exported_at", &AccountExport::exported_at), wire::field("profile", &AccountExport::profile),
        wire::field("memberships", &AccountExport::memberships),
        wire::field("invitations", &AccountExport::invitations).says("That wait for the confirmed address."),
        wire::field("sessions", &AccountExport::sessions).says("Those that are over too, for 30 days."),
        wire::field("networks", &AccountExport::networks).says("From where the account has signed in."),
        wire::field("activity", &AccountExport::activity).says("The newest 10,000 entries."),
        wire::field("has_more", &AccountExport::has_more)
            .says("There is more of something than fits: read the rest from its list."));
  }
};

/// Refuses: kInvalidCredentials, kRateLimited.
base::Result<AccountExport> export_me(const Services& services, const SignedIn& caller, const ExportInput& input);

}  // namespace gatehouse::domain
