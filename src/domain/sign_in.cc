#include "domain/sign_in.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/directories.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "store/ledger.h"
#include "store/member_activity.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr Limit kFailuresPerMinute{"sign-in-failures", 1, std::chrono::minutes(1)};

/// The accounts that an address may mean from here: the operator's, when this is a place for operators, and a user's.
struct Candidates {
  std::optional<store::User> operator_account;
  std::optional<store::User> user;
  /// In which organization to work.
  std::optional<store::OrganizationId> asked;
  std::string counted_by;
};

/// By organization_id the account in that organization's own directory, if there is one of the address; else the shared
/// one, so that an id of somebody else's organization looks like one that does not exist.
Candidates find_candidates_by_id(db::Transaction& tx, const SignInInput& input) {
  Candidates found;
  found.asked = input.organization_id;
  const Entrance entrance = find_entrance(tx, *input.organization_id);
  if (entrance.is_isolated()) {
    found.counted_by = entrance.counted_by;
    found.user = find_user_at(tx, entrance, input.email);
  }
  if (!found.user) found.user = find_user_at(tx, {}, input.email);
  return found;
}

Candidates find_candidates(const Services& services, const Origin& origin, const SignInInput& input) {
  const bool operators_allowed = !input.organization && !origin.is_address_uncertain &&
                                 base::contains(services.settings.operator_networks, origin.address);
  return services.database.read([&](db::Transaction& tx) {
    if (input.organization_id) return find_candidates_by_id(tx, input);
    Candidates found;
    if (operators_allowed) {
      found.operator_account = store::find_user_by_email(tx, store::kPlatformDirectory, input.email);
    }
    const Entrance entrance = find_entrance(tx, input.organization);
    found.user = find_user_at(tx, entrance, input.email);
    found.counted_by = entrance.counted_by;
    if (entrance.organization) found.asked = entrance.organization->id;
    return found;
  });
}

/// The account that the password opens, with its hash renewed when it was made with a smaller cost than today's.
struct Opened {
  store::User user;
  std::optional<db::Bytes> renewed_hash;
};

std::optional<Opened> open_account(const Services& services, const Origin& origin, const Candidates& candidates,
                                   const base::Secret& password) {
  const std::string lane = base::network_of(origin.address);
  const auto try_account = [&](const std::optional<store::User>& user) -> std::optional<Opened> {
    const crypto::Verification verification = verify_password(services, user, password, lane);
    if (!verification.matches) return std::nullopt;
    Opened opened{*user, std::nullopt};
    if (verification.outdated) opened.renewed_hash = hash_password(services, user->account(), password, lane);
    return opened;
  };
  if (candidates.operator_account) {
    if (auto opened = try_account(candidates.operator_account)) return opened;
  }
  return try_account(candidates.user);
}

/// The asked one, else the last used, else the oldest. Refuses an asked one that is not the user's, but for accounts of
/// a directory of its own: there it only said which directory.
base::Result<std::optional<store::Membership>> choose_organization(const std::vector<store::Membership>& memberships,
                                                                   const store::User& user,
                                                                   const std::optional<store::OrganizationId>& asked) {
  const auto find = [&](const std::optional<store::OrganizationId>& wanted) {
    return std::find_if(memberships.begin(), memberships.end(),
                        [&](const store::Membership& one) { return wanted == one.organization; });
  };
  auto chosen = find(asked);
  if (asked && chosen == memberships.end() && user.directory == store::kSharedDirectory) {
    return refuse(base::kNotFound);
  }
  if (chosen == memberships.end()) chosen = find(user.last_organization);
  if (chosen == memberships.end()) chosen = memberships.begin();
  if (chosen == memberships.end()) return std::optional<store::Membership>();
  return std::optional<store::Membership>(*chosen);
}

/// As the strictest of the platform and all of the user's organizations has it.
bool wants_alert(const Services& services, const store::User& user, const std::vector<store::Membership>& memberships,
                 bool is_new_origin) {
  if (user.directory == store::kPlatformDirectory) return true;
  SignInAlert alert = services.settings.sign_in_alert;
  for (const store::Membership& membership : memberships) {
    alert = std::min(alert, rules_of(services.settings, membership.policies).sign_in_alert);
  }
  switch (alert) {
    case SignInAlert::always: return true;
    case SignInAlert::new_device: return is_new_origin;
    case SignInAlert::never: return false;
  }
  return true;
}

void send_alert(db::Transaction& tx, const Services& services, const Origin& origin, const store::User& user,
                base::Time now) {
  const Envelope envelope{user.email, user.account(), std::nullopt, now, now + kNoticeLife};
  if (user.directory == store::kPlatformDirectory) {
    enqueue(tx, services, envelope, mail::OperatorSignIn{now, origin.address, {origin.user_agent}});
    return;
  }
  const std::string recipient = user.email.text;
  const mail::Link reset{reset_page_of(tx, services, user.directory)};
  if (take_within(tx, services, {kAlertLettersPerHour, recipient}, now)) {
    enqueue(tx, services, envelope, mail::SignInAlert{now, origin.address, {origin.user_agent}, reset});
  } else if (take_within(tx, services, {kAlertSummariesPerHour, recipient}, now)) {
    enqueue(tx, services, envelope,
            mail::SignInSummary{kAlertLettersPerHour.quota, now - kAlertLettersPerHour.window, now, reset});
  }
}

/// Writes down how a try ended, and counts it where it is written: kind "sign_in", detail "RESULT METHOD".
void record_try(db::Transaction& tx, base::Time now, const Origin& origin, std::string_view result, AuditRecord entry) {
  const std::string method = "password";
  entry.details["method"] = method;
  record(tx, now, origin, entry);
  store::insert_event(tx, {entry.organization, entry.id.uuid, 0, "sign_in", std::string(result) + " " + method, now});
}

/// A session that has begun.
struct Began {
  store::User user;
  store::Session session;
  std::vector<store::Membership> memberships;
  std::optional<ActiveMembership> chosen;
};

}  // namespace

base::Result<SignInAttempt> SignInAttempt::begin(const Services& services, const Origin& origin,
                                                 const base::EmailAddress& email,
                                                 const std::optional<store::User>& user,
                                                 const std::string& counted_by) {
  const std::string network = base::network_of(origin.address);
  SignInAttempt attempt(origin, email.text, network);
  const std::string typed = counted_by.empty() ? email.text : email.text + " " + counted_by;
  attempt.account_ = user ? counted_as(user->directory, email) : typed;
  // Told in the answers, so it must not depend on whether there is an account.
  attempt.account_and_network_ = (counted_by.empty() ? attempt.account_ : typed) + " " + network;
  const base::Time known_since = services.clock.now() - kKnownOriginLife;
  // Asked for nobody too, so that an unknown address costs the same.
  const store::Account account = user ? user->account() : store::Account{};
  attempt.is_known_network_ = services.database.read(
      [&](db::Transaction& tx) { return store::is_known_network(tx, account, network, known_since); });
  const LimitUse per_network{kSignInPerAccountAndNetwork, attempt.account_and_network_};
  if (attempt.is_known_network_) {
    TRY(take_limits(services, origin, {{kSignInPerNetwork, network}, per_network}));
  } else {
    TRY(take_limits(services, origin,
                    {{kSignInPerNetwork, network}, per_network, {kSignInPerAccount, attempt.account_}}));
  }
  return attempt;
}

bool SignInAttempt::succeed(db::Transaction& tx, const Services& services, const store::Account& account,
                            base::Time now) const {
  refund_limit(tx, services, {kSignInPerAccountAndNetwork, account_and_network_});
  refund_limit(tx, services, {kSignInPerNetwork, network_});
  if (!is_known_network_) refund_limit(tx, services, {kSignInPerAccount, account_});
  return store::note_sign_in_origin(tx, account, network_, db::Bytes{crypto::sha256(origin_.user_agent)}, now,
                                    now - kKnownOriginLife);
}

void SignInAttempt::fail(const Services& services, const std::optional<store::User>& user,
                         const std::optional<store::OrganizationId>& asked) const {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const store::Account account = user ? user->account() : store::Account{};
    const bool is_member = asked && store::find_membership(tx, *asked, account);
    // A stranger's address is counted, never written down, and an entry of the platform tells of its first failure in
    // a minute.
    if (!user && !take_within(tx, services, {kFailuresPerMinute, email_}, now)) return {};
    record_try(tx, now, origin_, "failed",
               {audit,
                is_member ? *asked : audit_home(tx, account),
                action::kSignInFailed,
                {"anonymous", std::nullopt},
                user ? std::optional(user->id.to_string()) : std::nullopt,
                {}});
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

void open_session(db::Transaction& tx, const Origin& origin, const store::Session& session, store::AuditId audit) {
  const base::Time now = session.created_at;
  const store::Account account{session.directory, session.user};
  store::insert_session(tx, session);
  if (session.organization) {
    store::set_last_organization(tx, account, *session.organization);
    store::note_activity(tx, *session.organization, account, audit.uuid, now);
  }
  const bool is_operator = session.directory == store::kPlatformDirectory;
  record_try(tx, now, origin, "succeeded",
             {audit,
              session.organization.value_or(store::kPlatformOrganization),
              action::kSignedIn,
              {is_operator ? "operator" : "user", session.user.uuid},
              session.id.to_string(),
              {}});
}

namespace {

/// Checks the password and begins a session.
base::Result<Began> begin_session(const Services& services, const Anyone& caller, const SignInInput& input) {
  if (input.organization && input.organization_id) {
    return base::refuse_field("/organization", "Give either organization or organization_id.");
  }
  const Candidates candidates = find_candidates(services, caller.origin, input);
  const auto& likely = candidates.operator_account ? candidates.operator_account : candidates.user;
  const SignInAttempt attempt =
      TRY(SignInAttempt::begin(services, caller.origin, input.email, likely, candidates.counted_by));
  const auto opened = open_account(services, caller.origin, candidates, input.password);
  if (!opened) {
    attempt.fail(services, likely, input.organization_id);
    return refuse(base::kInvalidCredentials);
  }

  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const store::Session fresh = new_session(services, opened->user.account(), caller.origin, now);
  Began began = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<Began> {
    const auto user = store::lock_user(tx, opened->user.account());
    // Changed while we hashed: the password that was right is not the account's any more.
    if (!user || !user->is_active() || user->password_hash != opened->user.password_hash) {
      return refuse(base::kInvalidCredentials);
    }
    auto memberships = store::list_memberships(tx, user->account());
    auto chosen = TRY(choose_organization(memberships, *user, candidates.asked));
    store::Session session = fresh;
    if (chosen) begin_in(session, services, *chosen);
    open_session(tx, caller.origin, session, audit);
    if (opened->renewed_hash) store::set_password_hash(tx, user->account(), *opened->renewed_hash);
    const bool is_new_origin = attempt.succeed(tx, services, user->account(), now);
    if (wants_alert(services, *user, memberships, is_new_origin)) send_alert(tx, services, caller.origin, *user, now);
    return Began{*user, std::move(session), std::move(memberships), with_permissions(tx, services, std::move(chosen))};
  }));
  services.wake_jobs();
  return began;
}

}  // namespace

base::Result<SignInOutput> sign_in(const Services& services, const Anyone& caller, const SignInInput& input) {
  const Began began = TRY(begin_session(services, caller, input));
  const store::Session& session = began.session;
  TokenPair tokens =
      issue_tokens(services, began.user.account(), session.id, session.generation, began.chosen, session.created_at);
  SignInOutput output{"You are signed in.",
                      std::move(tokens.access_token),
                      std::move(tokens.refresh_token),
                      tokens.token_type,
                      tokens.expires_in,
                      view(began.user),
                      std::nullopt,
                      {}};
  if (began.chosen) output.organization = view(began.chosen->membership);
  for (const store::Membership& membership : began.memberships) output.organizations.push_back(view(membership));
  return output;
}

base::Result<BrowserSignIn> sign_in_browser(const Services& services, const Anyone& caller, const SignInInput& input) {
  const Began began = TRY(begin_session(services, caller, input));
  const store::Session& session = began.session;
  BrowserSignIn output{{session.directory, session.id, session.absolute_expires_at},
                       view(began.user),
                       std::nullopt,
                       began.memberships.size(),
                       session.directory == store::kPlatformDirectory};
  if (began.chosen) output.organization = view(began.chosen->membership);
  return output;
}

}  // namespace gatehouse::domain
