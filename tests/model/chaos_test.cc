#include "domain/permissions.h"
#include "domain/statistics_check.h"
#include "domain/statistics_folding.h"
#include "store/ledger_rows.h"
#include "store/members.h"
#include "store/roles.h"
#include "tests/support/flow_test.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iostream>
#include <random>
#include <thread>

namespace gatehouse::tests {

namespace {

constexpr int kThreads = 8;
constexpr int kTries = 160;  // of each thread

std::string body(const Object& object) { return boost::json::serialize(object); }

}  // namespace

/// What holds whatever eight people do to an organization at the same time.
class Chaos : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    // The test's clock is not the one by which the schema was made.
    const auto dated = program().services().database.write([](db::Transaction& tx) -> base::Result<void> {
      store::date_ledger_back(tx, kStart - std::chrono::seconds(1));
      return {};
    });
    ASSERT_TRUE(dated);
    acme_ = found("ada@acme.example", "Acme");
    owner_ = access_token(acme_.email);
    path_ = "/v1/organizations/" + acme_.organization_id;
    for (const store::Role& role : roles()) fixed_[role.key] = role.id.to_string();
  }

  store::OrganizationId organization() const { return *store::OrganizationId::parse(acme_.organization_id); }
  std::vector<store::Role> roles() {
    return program().services().database.read(
        [&](db::Transaction& tx) { return store::list_roles(tx, organization()); });
  }
  std::vector<store::Member> members() {
    return program().services().database.read([&](db::Transaction& tx) {
      return store::list_members(tx, organization(), {}, store::MemberOrder::joined, {}, 1000);
    });
  }
  std::vector<std::string> member_ids() {
    std::vector<std::string> ids;
    for (const store::Member& member : members()) ids.push_back(member.id.to_string());
    return ids;
  }

  /// `act(random, token)` many times in eight threads, each as one of `people`; tokens are renewed when they are dead.
  /// Meanwhile the statistics are folded, and in the end they are what their recount says.
  template <class Act>
  void run(const std::vector<std::string>& people, Act act) {
    std::jthread folding([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) domain::fold_statistics(program().services(), stop);
    });
    std::vector<std::thread> threads;
    for (int number = 0; number < kThreads; ++number) {
      threads.emplace_back([&, number] {
        std::mt19937_64 random(std::uint64_t(number) + 1);
        const std::string& email = people[std::size_t(number) % people.size()];
        std::string token;
        for (int i = 0; i < kTries; ++i) {
          if (token.empty()) token = try_sign_in(email).text("/access_token");
          Call call = act(random);
          call.token = token;
          const Reply reply = client().send(call);
          EXPECT_LT(reply.status, 500) << call.method << " " << call.target << ": " << reply;
          ++tried_;
          if (reply.status < 400) ++succeeded_;
          if (reply.status == 401) token.clear();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    folding = std::jthread();
    expect_right_statistics();
    std::cout << "chaos on " << support::dialect_name(GetParam()) << ": " << succeeded_ << " of " << tried_
              << " requests succeeded\n";
  }

  void expect_right_statistics() {
    const auto summary = domain::verify_statistics(
        program().services(), {},
        {[](const domain::StatisticsDifference& one) {
           ADD_FAILURE() << one.series << " " << one.level << " " << one.kind << " " << one.detail << ": expected "
                         << one.expected << ", counted " << one.actual;
         },
         // The log has the times at which operations began, and here many began at once: their order in it may be
         // another than that in which they were done. The sums are compared all the same.
         [](store::OrganizationId, std::int64_t) {}});
    EXPECT_EQ(summary.differences, 0);
    EXPECT_EQ(summary.organizations, 1);
  }

  Founder acme_;
  std::string owner_, path_;
  std::map<std::string, std::string> fixed_;
  std::atomic<int> tried_ = 0, succeeded_ = 0;
};

TEST_P(Chaos, AnOrganizationKeepsAnActiveOwnerWhateverItsOwnersDoToEachOther) {
  std::vector<std::string> owners{acme_.email};
  for (int i = 1; i < kThreads; ++i) {
    owners.push_back("owner" + std::to_string(i) + "@acme.example");
    join(acme_, owners.back(), "owner");
  }
  const auto ids = member_ids();
  std::atomic<int> least = kThreads;
  run(owners, [&](std::mt19937_64& random) -> Call {
    const std::string member = path_ + "/members/" + ids[random() % ids.size()];
    const auto active = program().services().database.read([&](db::Transaction& tx) {
      return store::count_active_members_with_role(tx, organization(), std::string(domain::kOwnerRole));
    });
    least = std::min(least.load(), int(active));
    switch (random() % 5) {
      case 0:
      case 1: return {.method = "POST", .target = member + "/suspend", .body = "{}"};
      case 2: return {.method = "PATCH", .target = member, .body = body({{"role_id", fixed_["admin"]}})};
      case 3:
        return {.method = "POST",
                .target = path_ + "/transfer-ownership",
                .body = body({{"member_id", ids[random() % ids.size()]}})};
      default: return {.method = "POST", .target = member + "/reinstate", .body = "{}"};
    }
  });
  EXPECT_GE(least, 1);
  EXPECT_GT(succeeded_, 10);
  EXPECT_TRUE(std::ranges::any_of(members(), [](const store::Member& member) {
    return member.is_active() && member.role_key == domain::kOwnerRole;
  }));
}

TEST_P(Chaos, NobodyGainsWhatTheActorsDidNotHave) {
  const std::set<std::string, std::less<>> held{"organization:read", "roles:read",      "members:read",
                                                "members:invite",    "members:update",  "members:remove",
                                                "roles:manage",      "invitations:read"};
  boost::json::array words;
  for (const std::string& word : held) words.emplace_back(word);
  const Reply role = client().send({.method = "POST",
                                    .target = path_ + "/roles",
                                    .token = owner_,
                                    .body = body({{"name", "Helpers"}, {"permissions", words}})});
  ASSERT_EQ(role.status, 201) << role;
  std::vector<std::string> helpers;
  for (int i = 0; i < kThreads; ++i) {
    helpers.push_back("helper" + std::to_string(i) + "@acme.example");
    const Person person = join(acme_, helpers.back());
    ASSERT_EQ(update_role(access_token(acme_.email), person.member_id, role.text("/id")).status, 200);
  }
  const std::vector<std::string> wanted{"audit:read",     "api_keys:manage", "owners:manage",   "members:read",
                                        "members:update", "roles:read",      "roles:manage",    "stats:read",
                                        "members:invite", "members:remove",  "invitations:read"};
  const auto ids = member_ids();
  run(helpers, [&](std::mt19937_64& random) -> Call {
    const std::string member = path_ + "/members/" + ids[random() % ids.size()];
    const auto all = roles();
    const std::string any_role = all[random() % all.size()].id.to_string();
    boost::json::array some;
    for (int i = 0; i < 3; ++i) some.emplace_back(wanted[random() % wanted.size()]);
    switch (random() % 8) {
      case 0:
      case 1: return {.method = "PATCH", .target = member, .body = body({{"role_id", any_role}})};
      case 2:
        return {.method = "POST",
                .target = path_ + "/roles",
                .body = body({{"name", "Made " + std::to_string(random())}, {"permissions", some}})};
      case 3: return {.method = "PATCH", .target = path_ + "/roles/" + any_role, .body = body({{"permissions", some}})};
      case 4:
        return {.method = "DELETE",
                .target = path_ + "/roles/" + any_role + "?replacement=" + all[random() % all.size()].id.to_string()};
      case 5:
        return {
            .method = "POST",
            .target = path_ + "/invitations",
            .body = body({{"email", "new" + std::to_string(random() % 50) + "@acme.example"}, {"role_id", any_role}})};
      case 6: return {.method = "POST", .target = member + "/reinstate", .body = "{}"};
      default:
        return {.method = "POST",
                .target = "/v1/permissions/check",
                .body = body({{"organization_id", acme_.organization_id},
                              {"checks", boost::json::array{Object{{"permission", "roles:read"}}}}})};
    }
  });
  EXPECT_GT(succeeded_, 50);
  for (const store::Member& member : members()) {
    if (member.email.text == acme_.email) {
      EXPECT_EQ(member.role_key, domain::kOwnerRole);
      EXPECT_TRUE(member.is_active());
      continue;
    }
    const auto has = domain::permissions_of(member.role_key, member.role_permissions, {});
    EXPECT_FALSE(domain::outranks(has, held)) << member.email.text << " holds " << domain::to_words(has);
  }
  for (const store::Role& one : roles()) {
    if (fixed_.contains(one.key)) continue;
    EXPECT_FALSE(domain::outranks(domain::from_words(one.permissions), held)) << one.key;
  }
}

GATEHOUSE_ON_BOTH_DATABASES(Chaos);

}  // namespace gatehouse::tests
