#include "store/fixture_test.h"
#include "store/platform_organizations.h"
#include "store/platform_users.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class PlatformTest : public StoreTest {
 protected:
  std::vector<std::string> slugs(const std::string& prefix, const std::string& status = {}) {
    std::vector<std::string> all;
    for (const auto& one : run([&](db::Transaction& tx) {
           return search_organizations(tx, {prefix, status, {}, {}, 100});
         })) {
      all.push_back(one.slug);
    }
    return all;
  }
  std::vector<std::string> addresses(const UserSearch& search) {
    std::vector<std::string> all;
    for (const auto& one : run([&](db::Transaction& tx) { return search_users(tx, search); })) {
      all.push_back(one.email.text);
    }
    return all;
  }
};

INSTANTIATE_TEST_SUITE_P(Both, PlatformTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(PlatformTest, OrganizationsAreFoundByTheBeginningOfSlugOrNameWhateverStandsInIt) {
  const Tenant acme = add_tenant("acme");
  const Tenant zeta = add_tenant("zeta-100");
  EXPECT_THAT(slugs(""), UnorderedElementsAre("acme", "zeta-100"));
  EXPECT_THAT(slugs("ac"), ElementsAre("acme"));
  EXPECT_THAT(slugs("the z"), ElementsAre("zeta-100"));
  EXPECT_THAT(slugs("zeta-100"), ElementsAre("zeta-100"));
  EXPECT_THAT(slugs("zeta-1000"), IsEmpty());
  EXPECT_THAT(slugs("%"), IsEmpty());
  EXPECT_THAT(slugs("_cme"), IsEmpty());
  EXPECT_THAT(slugs("'"), IsEmpty());

  run([&](db::Transaction& tx) {
    set_organization_suspended(tx, acme.organization, true);
    mark_organization_deleted(tx, zeta.organization, at(60));
  });
  EXPECT_THAT(slugs("", "active"), IsEmpty());
  EXPECT_THAT(slugs("", "suspended"), ElementsAre("acme"));
  EXPECT_THAT(slugs("", "deleted"), ElementsAre("zeta-100"));
  EXPECT_THAT(slugs("ac", "deleted"), IsEmpty());
  const auto deleted = run([&](db::Transaction& tx) { return search_organizations(tx, {"z", "", {}, {}, 1}); });
  EXPECT_EQ(deleted.at(0).purge_at, at(60));
  EXPECT_THAT(run([&](db::Transaction& tx) {
                return search_organizations(tx, {"", "", deleted[0].created_at, OrganizationId{base::Uuid{}}, 10});
              }).size(),
              2U)
      << "a page begins behind time and id together";
}

TEST_P(PlatformTest, UsersAreFoundInAllDirectoriesButTheOperators) {
  const DirectoryId apart = add_directory();
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const UserId twin = add_user(apart, "ann@x.example");
  const UserId root = add_user(kPlatformDirectory, "ann@x.example");
  add_user(kSharedDirectory, "bob@x.example");
  EXPECT_EQ(addresses({"ann", "", "", {}, {}, 10}).size(), 2U);
  EXPECT_THAT(addresses({"", "", "isolated", {}, {}, 10}), ElementsAre("ann@x.example"));
  EXPECT_THAT(addresses({"", "", "shared", {}, {}, 10}), UnorderedElementsAre("ann@x.example", "bob@x.example"));
  EXPECT_THAT(addresses({"b", "", "shared", {}, {}, 10}), ElementsAre("bob@x.example"));
  EXPECT_EQ(addresses({"ann", "", "shared", {}, {}, 10}).size(), 1U);
  EXPECT_EQ(addresses({"", "", "", {}, {}, 2}).size(), 2U);

  run([&](db::Transaction& tx) { set_user_status(tx, {apart, twin}, "disabled"); });
  EXPECT_THAT(addresses({"", "disabled", "", {}, {}, 10}), ElementsAre("ann@x.example"));
  EXPECT_THAT(addresses({"", "active", "isolated", {}, {}, 10}), IsEmpty());

  run([&](db::Transaction& tx) {
    EXPECT_EQ(locate_user(tx, ann), kSharedDirectory);
    EXPECT_EQ(locate_user(tx, twin), apart);
    EXPECT_EQ(locate_user(tx, root), std::nullopt);
    EXPECT_THAT(list_accounts_at(tx, email("ann@x.example"), 10),
                UnorderedElementsAre(Account{kSharedDirectory, ann}, Account{apart, twin}));
    EXPECT_EQ(list_accounts_at(tx, email("ann@x.example"), 1).size(), 1U);
  });
}

TEST_P(PlatformTest, MembersAreTalliedByWhoCanSignIn) {
  const Tenant acme = add_tenant("acme");
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const UserId bob = add_user(kSharedDirectory, "bob@x.example");
  const UserId cid = add_user(kSharedDirectory, "cid@x.example");
  for (const UserId user : {ann, bob, cid}) add_member(acme, user, acme.member_role, at(1));
  sql("UPDATE members SET status = 'suspended' WHERE user_id IN (SELECT id FROM users WHERE email = 'bob@x.example')");
  run([&](db::Transaction& tx) { set_user_status(tx, {kSharedDirectory, cid}, "disabled"); });
  const auto tallies = run([&](db::Transaction& tx) { return tally_members_by_role(tx, acme.organization); });
  ASSERT_EQ(tallies.size(), 2U);
  EXPECT_EQ(tallies[0].key, "owner");
  EXPECT_EQ(tallies[0].active, 1);
  EXPECT_EQ(tallies[1].active, 1);
  EXPECT_EQ(tallies[1].suspended, 2);
  const auto addresses = run([&](db::Transaction& tx) { return list_active_addressees(tx, acme.organization, 9); });
  ASSERT_EQ(addresses.size(), 2U);
  EXPECT_EQ(addresses[0].email.text, "founder@acme.example");
  EXPECT_EQ(addresses[1].email.text, "ann@x.example");
  EXPECT_EQ(run([&](db::Transaction& tx) { return list_active_addressees(tx, acme.organization, 1); }).size(), 1U);
}

TEST_P(PlatformTest, SessionsInOneOrganizationEndAndOthersGoOn) {
  const Tenant acme = add_tenant("acme"), other = add_tenant("other");
  add_session(acme.account(), acme.organization);
  add_session(acme.account(), std::nullopt);
  add_session(other.account(), other.organization);
  const auto open = [&](const Account& account, base::Time now = kNoon) {
    return run([&](db::Transaction& tx) { return list_open_sessions(tx, account, now); }).size();
  };
  EXPECT_EQ(open(acme.account()), 2U);
  run([&](db::Transaction& tx) { revoke_sessions_in_organization(tx, acme.organization, kNoon); });
  EXPECT_EQ(open(acme.account()), 1U);
  EXPECT_EQ(open(other.account()), 1U);
  EXPECT_EQ(open(other.account(), kNoon + 1h), 0U) << "it has idled out";
}

}  // namespace
}  // namespace gatehouse::store
