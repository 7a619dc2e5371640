#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr db::Statement kSetName{"test set name", "UPDATE users SET name = $2, name_folded = $2 WHERE email = $1"};
constexpr db::Statement kSetEmail{"test set email", "UPDATE users SET email = $2 WHERE email = $1"};
constexpr db::Statement kSetStatus{"test set status", "UPDATE members SET status = 'suspended' WHERE id = $1"};

class MemberListTest : public StoreTest {
 protected:
  void SetUp() override { tenant_ = add_tenant("a"); }

  MemberId add(const std::string& address, std::int64_t joined = 0, const std::string& name = "") {
    const MemberId id = add_member(tenant_, add_user(tenant_.directory, address), tenant_.member_role, at(joined));
    if (!name.empty()) run([&](db::Transaction& tx) { tx.execute(kSetName, {address, name}); });
    return id;
  }
  std::vector<Member> page(const MemberFilter& filter, MemberOrder order, const MemberPosition& after,
                           std::int64_t limit) {
    return run(
        [&](db::Transaction& tx) { return list_members(tx, tenant_.organization, filter, order, after, limit); });
  }
  std::vector<std::string> addresses(const MemberFilter& filter, MemberOrder order = MemberOrder::email) {
    std::vector<std::string> listed;
    for (const Member& member : page(filter, order, beginning_of(order), 100)) listed.push_back(member.email.text);
    return listed;
  }
  MemberFilter beginning_with(const std::string& prefix) { return {.prefix = prefix}; }

  Tenant tenant_;
};

INSTANTIATE_TEST_SUITE_P(Both, MemberListTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

// Three joined at the very same time: the id decides between them.
TEST_P(MemberListTest, PagesGoOnBehindTheLastRowAndLoseNobodyInAnyOrder) {
  int number = 5;
  for (const int seconds : {3, -5, 1, 1, 1}) add("n" + std::to_string(number--) + "@a.example", seconds);
  for (const MemberOrder order :
       {MemberOrder::joined, MemberOrder::joined_backwards, MemberOrder::email, MemberOrder::email_backwards}) {
    auto expected = page({}, MemberOrder::joined, {}, 100);
    ASSERT_EQ(expected.size(), 6U);
    const bool by_time = order == MemberOrder::joined || order == MemberOrder::joined_backwards;
    const bool backwards = order == MemberOrder::joined_backwards || order == MemberOrder::email_backwards;
    std::ranges::sort(expected, [&](const Member& a, const Member& b) {
      if (by_time) return std::pair(a.joined_at, a.id) < std::pair(b.joined_at, b.id);
      return std::pair(a.email, a.id) < std::pair(b.email, b.id);
    });
    if (backwards) std::ranges::reverse(expected);
    std::vector<MemberId> ids;
    for (const Member& member : expected) ids.push_back(member.id);
    for (const std::int64_t limit : {1, 2, 3, 6, 100}) {
      std::vector<MemberId> listed;
      MemberPosition last = beginning_of(order);
      for (int pages = 0; pages < 20; ++pages) {
        const auto rows = page({}, order, last, limit);
        EXPECT_LE(std::int64_t(rows.size()), limit);
        for (const Member& member : rows) listed.push_back(member.id);
        if (rows.empty()) break;
        last = {rows.back().joined_at, rows.back().email.text, rows.back().id};
      }
      EXPECT_THAT(listed, ElementsAreArray(ids)) << int(order) << " by " << limit;
    }
  }
}

TEST_P(MemberListTest, ThePrefixIsThatOfTheAddressOrOfTheName) {
  add("ada@a.example", 1, "lovelace ada");
  add("grace@a.example", 2, "ada's friend");
  add("adam@a.example", 3);
  add("bad@a.example", 4, "no ada");
  EXPECT_THAT(addresses(beginning_with("ada")), ElementsAre("ada@a.example", "adam@a.example", "grace@a.example"));
  EXPECT_THAT(addresses(beginning_with("ada@")), ElementsAre("ada@a.example"));
  EXPECT_THAT(addresses(beginning_with("lovelace")), ElementsAre("ada@a.example"));
  EXPECT_THAT(addresses(beginning_with("ada"), MemberOrder::joined_backwards),
              ElementsAre("adam@a.example", "grace@a.example", "ada@a.example"));
  for (const std::string none : {"%", "_da", "da", "adb", "ada%", "'", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_THAT(addresses(beginning_with(none)), IsEmpty()) << none;
  }
}

TEST_P(MemberListTest, AMemberWhoseAddressOrNameChangesIsFoundUnderTheNewOne) {
  add("ada@a.example", 1, "ada");
  run([&](db::Transaction& tx) {
    tx.execute(kSetEmail, {"ada@a.example", "countess@a.example"});
    tx.execute(kSetName, {"countess@a.example", "king"});
  });
  EXPECT_THAT(addresses(beginning_with("ada")), IsEmpty());
  EXPECT_THAT(addresses(beginning_with("countess")), ElementsAre("countess@a.example"));
  EXPECT_THAT(addresses(beginning_with("king")), ElementsAre("countess@a.example"));
}

TEST_P(MemberListTest, ARangeOfJoiningIsPagedInEveryOrder) {
  const std::vector<std::string> names{"g", "f", "e", "d", "c", "b"};
  for (std::size_t i = 0; i < names.size(); ++i) add(names[i] + "@a.example", 10 * std::int64_t(i));
  const MemberFilter filter{.joined_from = at(10), .joined_until = at(40)};
  for (const MemberOrder order :
       {MemberOrder::joined, MemberOrder::joined_backwards, MemberOrder::email, MemberOrder::email_backwards}) {
    std::vector<std::string> listed;
    MemberPosition last = beginning_of(order);
    for (auto rows = page(filter, order, last, 1); !rows.empty(); rows = page(filter, order, last, 1)) {
      listed.push_back(rows.front().email.text.substr(0, 1));
      last = {rows.front().joined_at, rows.front().email.text, rows.front().id};
    }
    const bool by_joining = order == MemberOrder::joined || order == MemberOrder::email_backwards;
    const std::vector<std::string> expected =
        by_joining ? std::vector<std::string>{"f", "e", "d"} : std::vector<std::string>{"d", "e", "f"};
    EXPECT_EQ(listed, expected) << int(order);
  }
}

TEST_P(MemberListTest, FiltersGoTogether) {
  const MemberId first = add("b@a.example", 10);
  add("c@a.example", 20);
  add("d@a.example", 30);
  run([&](db::Transaction& tx) { tx.execute(kSetStatus, {first}); });
  EXPECT_THAT(addresses({.role = tenant_.owner_role}), ElementsAre("founder@a.example"));
  EXPECT_THAT(addresses({.status = "suspended"}), ElementsAre("b@a.example"));
  EXPECT_THAT(addresses({.joined_from = at(20)}), ElementsAre("c@a.example", "d@a.example"));
  EXPECT_THAT(addresses({.joined_until = at(20)}), ElementsAre("b@a.example", "founder@a.example"));
  EXPECT_THAT(addresses({.joined_from = at(20), .joined_until = at(30)}), ElementsAre("c@a.example"));
  EXPECT_THAT(addresses({.role = tenant_.member_role, .status = "active", .joined_from = at(1), .prefix = "d"}),
              ElementsAre("d@a.example"));
  EXPECT_THAT(addresses({.role = tenant_.owner_role, .prefix = "d"}), IsEmpty());
}

TEST_P(MemberListTest, NobodyOfAnotherOrganizationOfTheDirectoryIsListed) {
  const Tenant b = add_tenant("b");
  const UserId both = add_user(kSharedDirectory, "both@x.example");
  add_member(b, both, b.member_role);
  EXPECT_THAT(addresses(beginning_with("both")), IsEmpty());
  EXPECT_THAT(addresses({}), ElementsAre("founder@a.example"));
}

}  // namespace
}  // namespace gatehouse::store
