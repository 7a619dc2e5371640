#include "dev/generate.h"

#include "dev/activity.h"
#include "dev/history.h"
#include "dev/tally.h"
#include "domain/audit.h"
#include "domain/passwords.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::dev {

namespace {

using store::Series;
using namespace std::chrono_literals;

constexpr std::size_t kRowsPerCommit = 20'000;
constexpr std::array kStatuses{"active", "suspended"};
constexpr std::array kGivenNames{"Ada", "Björn", "Chloé", "Dmitri", "Emeka", "Fatima", "Grace", "Hiro", "Inés", "Jaya"};
constexpr std::array kFamilyNames{"Adler", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad",
                                  "Ito",   "Jansen", "Kumar", "Lopez",  "Müller",  "Novak",   "Okafor", "Petrov"};

struct Kind {
  Series series;
  std::string_view name;
};
constexpr std::array kKinds{Kind{Series::cohort, "member"}, Kind{Series::timeline, "changed"},
                            Kind{Series::timeline, "joined"}, Kind{Series::timeline, "left"}};
constexpr std::array kMovements{"joined", "left"};

/// What has no role.
std::vector<Tally::Label> with_others(std::vector<Tally::Label> labels) {
  for (const char* kind : kMovements) labels.push_back({Series::growth, {{}, kind, {}}});
  for (const Event& event : kEvents) {
    labels.push_back({Series::events, {{}, std::string(event.kind), std::string(event.detail)}});
  }
  std::ranges::sort(labels);
  return labels;
}

/// What is counted of one organization.
std::vector<Tally::Label> labels_of(const History& history) {
  std::vector<Tally::Label> labels;
  for (const Kind& kind : kKinds) {
    for (const store::Role& role : history.roles) {
      for (const char* status : kStatuses) labels.push_back({kind.series, {role.id, std::string(kind.name), status}});
    }
  }
  return with_others(std::move(labels));
}

/// The same in the counts of the platform, see store::fold_deltas().
Tally::Label platform_label(const Tally::Label& label, const History& history) {
  const auto role = std::ranges::find(history.roles, label.key.role, &store::Role::id);
  if (role == history.roles.end()) return label;
  return {label.series, {{}, label.key.kind, label.key.detail + " " + role->key}};
}

std::vector<Tally::Label> labels_of_platform(const History& any) {
  std::vector<Tally::Label> labels;
  for (const Tally::Label& label : labels_of(any)) labels.push_back(platform_label(label, any));
  std::ranges::sort(labels);
  return labels;
}

/// Counts in an organization's tally and in the platform's.
class Counter {
 public:
  Counter(const History& history, Tally& platform)
      : tally_(history.organization.id, labels_of(history)), platform_(platform) {
    for (const Tally::Label& label : labels_of(history)) {
      in_platform_.push_back(platform.index_of(platform_label(label, history)));
    }
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        for (std::size_t status = 0; status < kStatuses.size(); ++status) {
          indexes_[kind][role][status] = tally_.index_of(
              {kKinds[kind].series,
               {history.roles[role].id, std::string(kKinds[kind].name), std::string(kStatuses[status])}});
        }
      }
    }
    for (std::size_t i = 0; i < kMovements.size(); ++i) {
      movements_[i] = tally_.index_of({Series::growth, {{}, kMovements[i], {}}});
    }
    for (std::size_t event = 0; event < kEvents.size(); ++event) {
      events_[event] =
          tally_.index_of({Series::events, {{}, std::string(kEvents[event].kind), std::string(kEvents[event].detail)}});
    }
  }

  void count_members(const History& history) {
    for (const Life& life : history.members) {
      if (!life.is_removed) add(indexes_[kInCohort][life.role][life.is_suspended], life.joined_at, 1);
    }
    for (const Change& change : history.changes) count(change);
  }
  void count_event(std::size_t event, base::Time at, std::int64_t change) { add(events_[event], at, change); }
  void write(db::BulkLoad& load) { tally_.write(load); }

 private:
  enum { kInCohort, kChanged, kJoined, kLeft };

  void count(const Change& change) {
    const bool was_suspended =
        change.is_suspended != (change.step == Step::suspended || change.step == Step::reinstated);
    switch (change.step) {
      case Step::joined: add(movements_[0], change.at, 1); return add(indexes_[kJoined][change.role][0], change.at, 1);
      case Step::removed:
        add(movements_[1], change.at, -1);
        return add(indexes_[kLeft][change.role][change.is_suspended], change.at, -1);
      default: break;
    }
    add(indexes_[kChanged][change.role_before][was_suspended], change.at, -1);
    add(indexes_[kChanged][change.role][change.is_suspended], change.at, 1);
  }
  void add(std::size_t label, base::Time at, std::int64_t change) {
    tally_.add(label, at, change);
    platform_.add(in_platform_[label], at, change);
  }

  Tally tally_;
  Tally& platform_;
  std::vector<std::size_t> in_platform_;
  std::array<std::array<std::array<std::size_t, kStatuses.size()>, kRoles>, kKinds.size()> indexes_{};
  std::array<std::size_t, kMovements.size()> movements_{};
  std::array<std::size_t, kEvents.size()> events_{};
};

/// Writes one organization but for its counts.
class Writer {
 public:
  /// `password_hash` is everybody's; kNoPassword when they are in a directory of their own.
  Writer(const domain::Services& services, db::BulkLoad& load, SeededRandom& random, const History& history,
         const std::string& password_hash)
      : services_(services), load_(load), random_(random), history_(history), password_hash_(password_hash) {}

  void write() {
    const store::Organization& organization = history_.organization;
    if (organization.directory != store::kSharedDirectory) {
      bulk_insert(load_, store::IsolatedDirectory{organization.directory, organization.created_at});
    }
    bulk_insert(load_, organization);
    for (const store::Role& role : history_.roles) bulk_insert(load_, role);
    for (std::size_t i = 0; i < history_.members.size(); ++i) write_member(i);
    for (const Change& change : history_.changes) write_audit_entry(change);
    load_.commit();
  }

 private:
  void write_member(std::size_t index) {
    const Life& life = history_.members[index];
    const store::Organization& organization = history_.organization;
    store::User user{organization.directory,
                     life.user,
                     {made_up_address(index, organization.slug)},
                     life.joined_at,
                     {},
                     "active",
                     organization.id,
                     life.joined_at};
    user.password_hash = {services_.sealer.seal(password_hash_, domain::password_binding(user.account()))};
    user.profile.name = std::string(kGivenNames[random_.below(kGivenNames.size())]) + " " +
                        kFamilyNames[random_.below(kFamilyNames.size())];
    bulk_insert(load_, user);
    if (!life.is_removed) {
      bulk_insert(load_, store::SettledMember{{organization.id, life.id, user.account(), history_.roles[life.role].id,
                                               life.joined_at, kStatuses[life.is_suspended]},
                                              user.email,
                                              *user.profile.name,
                                              life.changes,
                                              life.changed_at});
    }
    commit_sometimes();
  }

  void write_audit_entry(const Change& change) {
    const Life& life = history_.members[change.member];
    const store::OrganizationId organization = history_.organization.id;
    const auto role_id = [&](RoleIndex role) { return history_.roles[role].id.to_string(); };
    domain::AuditRecord record{{random_.uuid(change.at)},    organization,
                               domain::action::kMemberAdded, {"user", history_.members[0].user.uuid},
                               life.id.to_string(),          {{"user_id", life.user.to_string()}}};
    switch (change.step) {
      case Step::joined: record.details["role_id"] = role_id(change.role); break;
      case Step::role_changed:
        record.action = domain::action::kRoleChanged;
        record.details = {{"from_role_id", role_id(change.role_before)}, {"to_role_id", role_id(change.role)}};
        break;
      case Step::suspended: record.action = domain::action::kMemberSuspended; break;
      case Step::reinstated: record.action = domain::action::kMemberReinstated; break;
      case Step::removed:
        record.action = domain::action::kMemberRemoved;
        record.details["role_id"] = role_id(change.role);
        break;
    }
    if (change.member == 0) {
      record.action = domain::action::kOrganizationCreated;
      record.subject = organization.to_string();
      record.details = {{"member_id", life.id.to_string()}, {"directory", "isolated"}};
    }
    bulk_insert(load_, domain::entry_of(change.at, {}, record));
    commit_sometimes();
  }

  void commit_sometimes() {
    if (++rows_ % kRowsPerCommit == 0) load_.commit();
  }

  const domain::Services& services_;
  db::BulkLoad& load_;
  SeededRandom& random_;
  const History& history_;
  const std::string& password_hash_;
  std::size_t rows_ = 0;
};

void check(const domain::Services& services, const GenerateOptions& options) {
  const std::int64_t others = options.organizations - (options.largest > 0 ? 1 : 0);
  if (options.organizations < 1 || options.days < 1 || options.largest < 0 || options.largest > options.members ||
      options.members - options.largest < others) {
    throw std::runtime_error("every organization needs a member, and a past of a day at least");
  }
  if (services.database.read([](db::Transaction& tx) { return store::has_organizations(tx); })) {
    throw std::runtime_error("there are organizations in this database: made-up ones go into a database of their own");
  }
}

OrganizationName name_of(const GenerateOptions& options, std::size_t index) {
  if (index < options.names.size()) return options.names[index];
  const std::string slug = "made-up-" + std::to_string(index + 1);
  return {"Organization " + slug, slug};
}

/// In the order of their founding, which is that of their ids.
std::vector<HistoryPlan> make_plans(SeededRandom& random, const GenerateOptions& options) {
  const base::Time begin = options.end - 24h * options.days;
  std::vector<base::Time> foundings(std::size_t(options.organizations), begin);
  for (std::size_t i = 1; i < foundings.size(); ++i)
    foundings[i] = random.between(begin, options.end - 12h * options.days);
  std::ranges::sort(foundings);
  std::int64_t members = options.members, organizations = options.organizations;
  std::vector<HistoryPlan> plans;
  for (const base::Time founded_at : foundings) {
    std::int64_t share = (members + organizations - 1) / organizations;
    if (plans.empty() && options.largest > 0) share = options.largest;
    members -= share;
    --organizations;
    OrganizationName name = name_of(options, plans.size());
    plans.push_back({std::move(name.name), std::move(name.slug), founded_at, options.end, std::size_t(share)});
    if (options.password) plans.back().directory = store::kSharedDirectory;
  }
  return plans;
}

}  // namespace

std::string made_up_address(std::size_t number, const std::string& slug) {
  return "member" + std::to_string(number) + "@" + slug + ".example";
}

Generated generate(const domain::Services& services, const std::string& url, const GenerateOptions& options,
                   const std::function<void(std::int64_t)>& progress) {
  check(services, options);
  const auto dated = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::date_ledger_back(tx, options.end - 24h * options.days);
    return {};
  });
  static_cast<void>(dated);  // the body never refuses; trouble is thrown
  const auto load = db::open_bulk_load(url);
  SeededRandom random(options.seed);
  std::optional<Tally> platform;
  const std::string password_hash(options.password ? services.hasher.hash(*options.password, "made-up")
                                                   : std::string(domain::kNoPassword));
  Generated made;
  for (const HistoryPlan& plan : make_plans(random, options)) {
    const History history = make_history(random, plan);
    if (!platform) platform.emplace(store::kPlatformOrganization, labels_of_platform(history));
    Writer(services, *load, random, history, password_hash).write();
    Counter counter(history, *platform);
    counter.count_members(history);
    if (options.events) {
      make_activity(random, plan, [&](std::size_t event, base::Time at, std::int64_t change) {
        counter.count_event(event, at, change);
      });
    }
    counter.write(*load);
    made.left += std::ranges::count(history.members, true, &Life::is_removed);
    made.members += std::int64_t(plan.members);
    made.changes += std::int64_t(history.changes.size());
    progress(++made.organizations);
  }
  platform->write(*load);
  load->settle();
  return made;
}

}  // namespace gatehouse::dev
