#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using MemberPagesTest = StoreTest;

INSTANTIATE_TEST_SUITE_P(PostgreSQL, MemberPagesTest, testing::Values(db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

constexpr db::Statement kUsersRead{"users_read",
                                   "SELECT CAST(COALESCE(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0) AS BIGINT) "
                                   "FROM pg_stat_xact_user_tables WHERE relname = 'users'"};

// As after a large import, before PostgreSQL has analyzed the tables: it looked up every member's user, and sorted
// them, for a page of few, which took seconds in an organization with a million.
TEST_P(MemberPagesTest, APageOfManyMembersLooksUpItsOwnUsersOnly) {
  const Tenant a = add_tenant("a");
  sql("INSERT INTO users SELECT (jsonb_populate_record(NULL::users, to_jsonb(u) || jsonb_build_object("
      "'id', gen_random_uuid(), 'email', 'many' || n || '@a.example'))).* FROM users u, generate_series(1, 5000) n; "
      "INSERT INTO members SELECT (jsonb_populate_record(NULL::members, to_jsonb(m) || jsonb_build_object("
      "'id', gen_random_uuid(), 'user_id', u.id, 'email', u.email, 'joined_at', "
      "m.joined_at + INTERVAL '1 second' * substr(u.email, 5, strpos(u.email, '@') - 5)::bigint))).* "
      "FROM members m, users u WHERE u.email LIKE 'many%'");
  for (const MemberOrder order :
       {MemberOrder::joined, MemberOrder::joined_backwards, MemberOrder::email, MemberOrder::email_backwards}) {
    for (const std::optional<std::string>& prefix :
         {std::optional<std::string>(), std::optional<std::string>("many")}) {
      const auto [page, read] = run([&](db::Transaction& tx) {
        // As PostgreSQL plans once a statement has run some times: for no values in particular.
        tx.run_script("SET LOCAL plan_cache_mode = force_generic_plan");
        const auto before = tx.query_one(kUsersRead)->get<std::int64_t>(0);
        const auto members = list_members(tx, a.organization, {.prefix = prefix}, order, beginning_of(order), 10);
        return std::pair(members.size(), tx.query_one(kUsersRead)->get<std::int64_t>(0) - before);
      });
      EXPECT_EQ(page, 10u);
      // The planner itself reads a few, to see where an index ends.
      EXPECT_LE(read, 20) << prefix.value_or("all");
    }
  }
}

}  // namespace
}  // namespace gatehouse::store
