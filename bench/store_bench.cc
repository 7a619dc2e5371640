// What the statistics cost in the store: the plain GROUP BY over memberships that the ledger stands in for, and what
// the ledger adds to a change of a membership. Prints one JSON object of times in microseconds, in the order in which
// they were taken. Run by bench/stats.py.

#include "base/log.h"
#include "store/announcements.h"
#include "store/application_permissions.h"
#include "store/audit.h"
#include "store/directories.h"
#include "store/invitations.h"
#include "store/letters.h"
#include "store/members.h"
#include "store/migrations.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/statistics.h"
#include "store/users.h"

#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <vector>

namespace gatehouse {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

// The classic statistics as they were answered before the ledger.
#define COUNT_COLUMNS                                                           \
  "SELECT o.id, o.name, o.slug, o.created_at, r.name, COUNT(*) FROM members m " \
  "JOIN organizations o ON o.id = m.organization_id "                           \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
#define COUNT_GROUPS "GROUP BY o.id, o.name, o.slug, o.created_at, r.id, r.name ORDER BY o.created_at, o.id, r.name"
constexpr db::Statement kCountOne{
    "bench count one", COUNT_COLUMNS
    "WHERE m.organization_id = $1 AND m.status = 'active' AND m.joined_at >= $2 AND m.joined_at <= $3 " COUNT_GROUPS};
constexpr db::Statement kCountAll{
    "bench count all",
    COUNT_COLUMNS "WHERE m.status = 'active' AND m.joined_at >= $1 AND m.joined_at <= $2 " COUNT_GROUPS};

// Changes of memberships as store/members.cc makes them, but for the delta.
constexpr db::Statement kSetRole{
    "bench set role",
    "UPDATE members SET role_id = $3, rights_version = rights_version + 1, changed_at = CASE WHEN "
    "COALESCE(changed_at, joined_at) > $2 THEN COALESCE(changed_at, joined_at) ELSE $2 END "
    "WHERE organization_id = $1 AND id = $4"};
constexpr db::Statement kInsertMember{
    "bench insert member",
    "INSERT INTO members (organization_id, id, directory_id, user_id, email, name_folded, role_id, status, "
    "rights_version, joined_at) VALUES ($1, $2, $3, $4, "
    "(SELECT email FROM users WHERE directory_id = $3 AND id = $4), "
    "(SELECT name_folded FROM users WHERE directory_id = $3 AND id = $4), $5, 'active', $7, $6)"};
std::int64_t microseconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
}

std::string to_json(const Times& times) { return fmt::format("[{}]", fmt::join(times, ",")); }

/// At most `rounds`, and no new one after some seconds.
Times repeat(int rounds, const std::function<void()>& work) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  Times times;
  for (int i = 0; i < rounds && (i < 2 || std::chrono::steady_clock::now() < give_up); ++i) {
    times.push_back(microseconds_of(work));
  }
  return times;
}

void count(db::Database& database, store::OrganizationId organization, int rounds) {
  const base::Time now = base::SystemClock().now(), long_ago = now - 24h * 36500;
  const auto ask = [&](const db::Statement& statement, std::initializer_list<db::Value> values) {
    return repeat(rounds,
                  [&] { database.read([&](db::Transaction& tx) { return tx.query(statement, values).size(); }); });
  };
  const Times one = ask(kCountOne, {organization, long_ago, now});
  const Times joined = ask(kCountOne, {organization, now - 24h * 91 - 1s, now - 24h * 30 - 1s});
  const Times all = ask(kCountAll, {long_ago, now});
  std::cout << fmt::format(R"({{"one":{},"joined":{},"all":{}}})", to_json(one), to_json(joined), to_json(all)) << "\n";
}

/// An organization to write in.
class Desk {
 public:
  explicit Desk(db::Database& database) : database_(database) {
    run([&](db::Transaction& tx) {
      store::insert_organization(tx, {organization_, store::kSharedDirectory, "Bench", "bench", "active", now()});
      for (const auto& [key, id] : {std::pair("admin", roles_[0]), std::pair("member", roles_[1])}) {
        store::insert_role(tx, {organization_, id, key, key, now()});
      }
    });
    join(admin_, add_user(), true);
  }

  store::Account add_user() {
    const store::Account account{store::kSharedDirectory, store::UserId::make(now())};
    run([&](db::Transaction& tx) {
      store::insert_user(tx, {account.directory,
                              account.user,
                              {fmt::format("u{}@bench.example", ++users_)},
                              now(),
                              db::Bytes{"none"},
                              "active",
                              organization_,
                              now()});
    });
    return account;
  }
  store::MemberId add_member() {
    const auto member = store::MemberId::make(now());
    join(member, add_user(), true);
    return member;
  }

  /// What an operation's transaction does: the fence, what the caller may, the change and what is read for it, the
  /// letter, the audit entry.
  void join(store::MemberId member, const store::Account& account, bool with_ledger) {
    const base::Time at = now();
    operate(at, [&](db::Transaction& tx) {
      if (with_ledger) return store::insert_member(tx, {organization_, member, account, roles_[1], at});
      tx.execute(kInsertMember, {organization_, member, account.directory, account.user, roles_[1], at,
                                 at.time_since_epoch().count()});
    });
  }
  void set_role(store::MemberId member, std::size_t role, bool with_ledger) {
    const base::Time at = now();
    operate(at, [&](db::Transaction& tx) {
      const auto found = store::find_member(tx, organization_, member);
      store::find_role(tx, organization_, roles_[role]);
      if (with_ledger) {
        store::set_member_role(tx, organization_, member, roles_[role], at);
      } else {
        store::announce(tx, member.uuid);
        tx.execute(kSetRole, {organization_, at, roles_[role], member});
      }
      store::list_pending_invitations_of(tx, organization_, found->user);
      store::find_member(tx, organization_, member);
    });
  }

 private:
  static base::Time now() { return base::SystemClock().now(); }
  void run(const std::function<void(db::Transaction&)>& body) {
    static_cast<void>(database_.write([&](db::Transaction& tx) -> base::Result<void> {
      body(tx);
      return {};
    }));
  }
  void operate(base::Time at, const std::function<void(db::Transaction&)>& change) {
    const auto audit = store::AuditId::make(at);
    const auto letter = store::LetterId::make(at);
    run([&](db::Transaction& tx) {
      store::fence_organization(tx, organization_);
      store::list_application_permissions(tx);
      store::find_member(tx, organization_, admin_);
      change(tx);
      store::insert_letter(
          tx, {letter, organization_, "role_changed", {"someone@bench.example"}, content_, 1, at, at + 24h});
      store::insert_audit_entry(
          tx, {organization_, audit, at, "member.role_changed", "user", admin_.uuid, admin_.to_string(), "203.0.113.9",
               "req_01jd3zq8h5fkt8v2m0s6c4w9xr", R"({"from":"member","to":"admin","v":1})"});
    });
  }

  db::Database& database_;
  const store::OrganizationId organization_ = store::OrganizationId::make(now());
  const std::array<store::RoleId, 2> roles_{store::RoleId::make(now()), store::RoleId::make(now())};
  const store::MemberId admin_ = store::MemberId::make(now());
  const db::Bytes content_{std::string(600, 'x')};
  int users_ = 0;
};

/// With and without in turns, and each first half of the time, so that both see the same machine.
void write(db::Database& database, int rounds) {
  constexpr int kMembers = 50;
  db::migrate(database, store::migrations());
  store::ensure_directories(database, base::SystemClock().now());
  Desk desk(database);
  std::array<std::vector<store::MemberId>, 2> members;
  for (auto& some : members) {
    for (int i = 0; i < kMembers; ++i) some.push_back(desk.add_member());
  }
  std::array<Times, 2> role_changes, joins;
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  for (int round = 0; round < rounds && std::chrono::steady_clock::now() < give_up; ++round) {
    const std::array<store::Account, 2> accounts{desk.add_user(), desk.add_user()};
    for (const std::size_t turn : {0, 1}) {
      const std::size_t with = (turn + std::size_t(round)) % 2;
      const auto member = members[with][std::size_t(round % kMembers)];
      role_changes[with].push_back(
          microseconds_of([&] { desk.set_role(member, std::size_t(round / kMembers) % 2, with == 1); }));
      const auto fresh = store::MemberId::make(base::SystemClock().now());
      joins[with].push_back(microseconds_of([&] { desk.join(fresh, accounts[with], with == 1); }));
    }
  }
  std::cout << fmt::format(R"({{"role_change":{{"without":{},"with":{}}},"join":{{"without":{},"with":{}}}}})",
                           to_json(role_changes[0]), to_json(role_changes[1]), to_json(joins[0]), to_json(joins[1]))
            << "\n";
}

int main_of(const std::vector<std::string>& words) {
  int rounds = 0;
  const bool counts = words.size() == 4 && words[0] == "counts";
  const bool writes = words.size() == 3 && words[0] == "writes";
  if (counts || writes) std::from_chars(words.back().data(), words.back().data() + words.back().size(), rounds);
  if (rounds < 1) {
    std::cerr << "store_bench counts URL ORGANIZATION ROUNDS | store_bench writes URL ROUNDS\n";
    return 2;
  }
  const auto database = db::open_database(words[1], {.connections = 2, .statement_timeout_ms = 300'000});
  if (counts) {
    count(*database, store::OrganizationId::parse(words[2]).value(), rounds);
  } else {
    write(*database, rounds);
  }
  return 0;
}

}  // namespace
}  // namespace gatehouse

int main(int argc, char** argv) {
  gatehouse::base::log::configure(gatehouse::base::log::Level::warning, gatehouse::base::log::Format::text);
  try {
    return gatehouse::main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "store_bench: " << error.what() << "\n";
    return 1;
  }
}
