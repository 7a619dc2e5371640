#pragma once

#include "domain/browser_session.h"
#include "domain/sessions.h"

namespace gatehouse::domain {

struct SignInInput {
  base::EmailAddress email;
  base::Secret password;
  std::optional<store::OrganizationId> organization_id;
  std::optional<std::string> organization;

  static constexpr std::string_view kSchemaName = "SignInRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("email", &SignInInput::email).example("ada@acme.example"),
        wire::field("password", &SignInInput::password).length(1, 256),
        wire::field("organization_id", &SignInInput::organization_id)
            .says("Which organization to work in; the last used one when it is absent."),
        wire::field("organization", &SignInInput::organization)
            .length(1, 100)
            .example("acme")
            .says("The same by slug or id. Needed where an organization has a directory of its own: the "
                  "account is looked up there and nowhere else. In place of organization_id."));
  }
};

struct SignInOutput {
  std::string message;
  base::Secret access_token;
  base::Secret refresh_token;
  std::string token_type;
  std::int64_t expires_in = 0;
  UserView user;
  std::optional<MembershipView> organization;
  std::vector<MembershipView> organizations;

  static constexpr std::string_view kSchemaName = "SignInAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &SignInOutput::message),
                        wire::field("access_token", &SignInOutput::access_token),
                        wire::field("refresh_token", &SignInOutput::refresh_token),
                        wire::field("token_type", &SignInOutput::token_type),
                        wire::field("expires_in", &SignInOutput::expires_in), wire::field("user", &SignInOutput::user),
                        wire::field("organization", &SignInOutput::organization).says("The active one."),
                        wire::field("organizations", &SignInOutput::organizations).says("All of the user's."));
  }
};

/// Checks the password and begins a session. People sign in from anywhere, operators from operator.networks only and
/// without naming an organization. Refuses: kInvalidRequest, kInvalidCredentials (wrong, unknown and disabled alike, in
/// the same time, and also an `organization` that nobody has or in which the user is not), kNotFound (an
/// `organization_id` that is not the user's, after the password), kRateLimited.
base::Result<SignInOutput> sign_in(const Services& services, const Anyone& caller, const SignInInput& input);

/// Somebody who signed in with a browser.
struct BrowserSignIn {
  BrowserSession session;
  UserView user;
  /// The active one.
  std::optional<MembershipView> organization;
  /// Of how many the user is a member.
  std::size_t organizations = 0;
  bool is_operator = false;
};

/// The same for a browser: the session gets no tokens.
base::Result<BrowserSignIn> sign_in_browser(const Services& services, const Anyone& caller, const SignInInput& input);

/// Stores a session that begins with a password, and writes down and counts that it did. `audit`: of that entry.
void open_session(db::Transaction& tx, const Origin& origin, const store::Session& session, store::AuditId audit);

/// Counts one try to get into an account by its password. Shared by every path that takes a password.
class SignInAttempt {
 public:
  /// kRateLimited when there were too many: nothing was hashed then. `counted_by`: of the entrance that was named.
  static base::Result<SignInAttempt> begin(const Services& services, const Origin& origin,
                                           const base::EmailAddress& email, const std::optional<store::User>& user,
                                           const std::string& counted_by = {});
  /// The password was right: the try does not count. Notes network and device as known; true when they were new.
  bool succeed(db::Transaction& tx, const Services& services, const store::Account& account, base::Time now) const;
  /// The password was wrong: writes the outcome down, the same work for known and unknown accounts. It shows to the
  /// organization that was `asked` for if the user is its member, else to the account's audit_home(), and is counted
  /// there as a sign-in that failed. Of an unknown address nothing shows and nothing is counted but its limit.
  void fail(const Services& services, const std::optional<store::User>& user,
            const std::optional<store::OrganizationId>& asked = std::nullopt) const;

 private:
  SignInAttempt(const Origin& origin, std::string email, std::string network)
      : origin_(origin), email_(std::move(email)), network_(std::move(network)) {}

  Origin origin_;
  std::string email_;
  std::string network_;
  // What the limits count by.
  std::string account_;
  std::string account_and_network_;
  bool is_known_network_ = false;
};

}  // namespace gatehouse::domain
