#include "domain/operator_limits.h"

#include "domain/audit.h"
#include "domain/limits.h"
#include "store/limits.h"
#include "store/platform_users.h"

namespace gatehouse::domain {

namespace {

/// Accounts of one address that are looked at: one directory each.
constexpr std::int64_t kMostAccounts = 100;

struct Subjects {
  std::optional<base::EmailAddress> email;
  std::optional<std::string> network;
};

/// One counter.
struct Counted {
  const CountedLimit& counted;
  std::string subject;
  std::optional<store::UserId> user;
};

/// "192.0.2.7", "192.0.2.7/32", "2001:db8::1" and "2001:db8::/64" name what limits count as one network.
std::optional<std::string> to_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::string_view whole = address->is_v4() ? "/32" : "/64";
  if (slash != std::string_view::npos && text.substr(slash) != whole) return std::nullopt;
  return base::network_of(*address);
}

/// `where`: "?" in a query, "/" in a body.
base::Result<Subjects> read_subjects(const std::optional<base::EmailAddress>& email,
                                     const std::optional<std::string>& network, const std::string& where) {
  if (!email && !network) return base::refuse_field(where + "email", "Give email, network or both.");
  Subjects subjects{email, std::nullopt};
  if (network) {
    subjects.network = to_network(*network);
    if (!subjects.network) {
      return base::refuse_field(where + "network", "Expected an IP address, an IPv4 /32 or an IPv6 /64.");
    }
  }
  return subjects;
}

std::string_view words_for(Subject subject) {
  switch (subject) {
    case Subject::email: return "email";
    case Subject::network: return "network";
    case Subject::email_and_network: return "email_and_network";
    case Subject::person:
    case Subject::user: return "user";
    case Subject::person_and_network: return "user_and_network";
  }
  return "email";
}

/// The counters of one limit that the subjects name.
std::vector<Counted> counters_of(const CountedLimit& counted, const Subjects& who,
                                 const std::vector<store::Account>& accounts) {
  std::vector<Counted> all;
  const auto add = [&](std::string subject, std::optional<store::UserId> user) {
    all.push_back({counted, std::move(subject), user});
  };
  switch (counted.subject) {
    case Subject::email:
      if (who.email) add(who.email->text, {});
      break;
    case Subject::network:
      if (who.network) add(*who.network, {});
      break;
    case Subject::email_and_network:
      if (who.email && who.network) add(who.email->text + " " + *who.network, {});
      break;
    case Subject::person:
      for (const auto& account : accounts) add(base::to_base32(account.user.uuid), account.user);
      break;
    case Subject::user:
      for (const auto& account : accounts) add(account.user.to_string(), account.user);
      break;
    case Subject::person_and_network:
      if (!who.network) break;
      for (const auto& account : accounts) {
        add(base::to_base32(account.user.uuid) + " " + *who.network, account.user);
      }
      break;
  }
  return all;
}

std::vector<Counted> all_counters(db::Transaction& tx, const Subjects& who) {
  std::vector<store::Account> accounts;
  if (who.email) accounts = store::list_accounts_at(tx, *who.email, kMostAccounts);
  std::vector<Counted> all;
  for (const CountedLimit& counted : kLimits) {
    for (Counted& one : counters_of(counted, who, accounts)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

base::Result<Page<CountedLimitView>> show_limits(const Services& services, const Steward&,
                                                 const LimitSubjectInput& input) {
  const Subjects who = TRY(read_subjects(input.email, input.network, "?"));
  const base::Time now = services.clock.now();
  std::vector<CountedLimitView> views = services.database.read([&](db::Transaction& tx) {
    std::vector<CountedLimitView> all;
    for (const Counted& one : all_counters(tx, who)) {
      const Limit& limit = one.counted.limit;
      CountedLimitView shown{std::string(limit.name),
                             std::string(words_for(one.counted.subject)),
                             one.user,
                             0,
                             limit.quota,
                             limit.window.count(),
                             std::nullopt,
                             false};
      if (const auto counter = store::find_counter(tx, limit_key(services, {limit, one.subject}), now)) {
        shown.hits = counter->hits;
        shown.ends_at = counter->ends_at;
        shown.blocked = counter->hits >= limit.quota;
      }
      all.push_back(std::move(shown));
    }
    return all;
  });
  const std::string list =
      "operator/limits email=" + (who.email ? who.email->text : "") + " network=" + who.network.value_or("");
  return cut_page(services, list, store::kPlatformOrganization, std::move(views), {input.limit, input.after},
                  [](const CountedLimitView& shown) {
                    return shown.name + " " + shown.counted_by + " " +
                           (shown.user_id ? shown.user_id->to_string() : "");
                  });
}

base::Result<void> clear_limits(const Services& services, const Steward& steward, const ClearLimitsInput& input) {
  const Subjects who = TRY(read_subjects(input.email, input.network, "/"));
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    for (const Counted& one : all_counters(tx, who)) {
      store::delete_counter(tx, limit_key(services, {one.counted.limit, one.subject}));
    }
    const std::string_view kind = who.email && who.network ? "email_and_network" : who.email ? "email" : "network";
    record(tx, now, steward.origin(),
           {audit,
            store::kPlatformOrganization,
            action::kLimitsCleared,
            steward.actor(),
            std::nullopt,
            {{"counted_by", std::string(kind)}, {"reason", reason}}});
    return {};
  });
}

}  // namespace gatehouse::domain
