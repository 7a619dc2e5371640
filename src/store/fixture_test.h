#pragma once

#include "store/invitations.h"
#include "store/letters.h"
#include "store/limits.h"
#include "store/members.h"
#include "store/migrations.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/sessions.h"
#include "store/users.h"
#include "tests/support/databases.h"

#include <array>
#include <functional>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::store {

/// What only tests ask: the window of a limit as it stands, and what became of a letter.
CounterState peek_counter(db::Transaction& tx, const db::Bytes& key, base::Time now);
struct LetterState {
  std::string status;
  std::optional<std::string> reply;
};
std::optional<LetterState> find_letter_state(db::Transaction& tx, LetterId id);

using namespace std::chrono_literals;

// Which key a table can be distributed by. Every table stands in one of the three.
inline constexpr std::array<std::string_view, 11> kOrganizationTables{
    "roles",        "members",          "invitations",     "audit_entries",     "api_keys",          "stats_deltas",
    "stats_counts", "stats_tombstones", "member_activity", "invitation_events", "organization_logos"};
inline constexpr std::array<std::string_view, 4> kAccountTables{"users", "sessions", "one_time_tokens",
                                                                "sign_in_origins"};
inline constexpr std::array<std::string_view, 11> kGlobalTables{
    "directories",      "organizations", "reset_requests",    "limit_counters",
    "letters",          "signing_keys",  "schema_migrations", "application_permissions",
    "idempotency_keys", "imported_rows", "announcements"};

inline constexpr base::Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};
inline base::Time at(std::int64_t seconds) { return kNoon + std::chrono::seconds(seconds); }

/// An organization with its roles and its founder.
struct Tenant {
  DirectoryId directory;
  OrganizationId organization;
  RoleId owner_role;
  RoleId member_role;
  UserId founder;
  MemberId member;

  Account account() const { return {directory, founder}; }
};

/// The functions of store/ on either database, with today's schema.
class StoreTest : public testing::TestWithParam<db::Dialect> {
 protected:
  StoreTest();

  /// Runs `body` in a transaction of its own, commits, and returns what it returns.
  template <class Body>
  auto run(Body&& body) {
    using T = std::invoke_result_t<Body, db::Transaction&>;
    auto result = database_->write([&](db::Transaction& tx) -> base::Result<T> {
      if constexpr (std::is_void_v<T>) {
        body(tx);
        return {};
      } else {
        return body(tx);
      }
    });
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  /// The unique constraint that `body` violates; nothing of it is kept.
  std::string violation(const std::function<void(db::Transaction&)>& body);
  /// Whether the database refuses `body` for another reason, such as a foreign key.
  bool is_refused(const std::function<void(db::Transaction&)>& body);
  /// What `count` threads get that run `body` at the same time, each in a transaction of its own.
  template <class Body>
  auto run_parallel(int count, Body body) {
    using T = std::invoke_result_t<Body, db::Transaction&>;
    std::vector<std::future<T>> threads;
    for (int i = 0; i < count; ++i) threads.push_back(std::async(std::launch::async, [&] { return run(body); }));
    std::vector<T> results;
    for (auto& thread : threads) results.push_back(thread.get());
    return results;
  }

  DirectoryId add_directory();
  UserId add_user(DirectoryId directory, const std::string& email);
  Tenant add_tenant(const std::string& slug, DirectoryId directory = kSharedDirectory);
  MemberId add_member(const Tenant& tenant, UserId user, RoleId role, base::Time joined_at = kNoon);
  /// A session that idles out after an hour and ends after a day.
  SessionId add_session(const Account& account, std::optional<OrganizationId> organization);
  /// Runs SQL that no function of store/ has, such as suspending a member.
  void sql(const std::string& text) {
    run([&](db::Transaction& tx) { tx.run_script(text); });
  }

  support::TestDatabase home_;
  std::unique_ptr<db::Database> database_;
};

base::EmailAddress email(const std::string& text);
/// "Acme" in the shared directory, as it was stored before there was a ledger: for tests of migrations.
void insert_old_organization(db::Transaction& tx, OrganizationId id);
/// Ada in the shared directory, as she was stored then.
void insert_old_user(db::Transaction& tx, UserId id, const std::string& address);

}  // namespace gatehouse::store

#define GATEHOUSE_STORE_SUITE(suite)                                                                   \
  using suite = ::gatehouse::store::StoreTest;                                                         \
  INSTANTIATE_TEST_SUITE_P(Both, suite, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql), \
                           [](const auto& parameter) { return support::dialect_name(parameter.param); })
