#include "store/sessions_test.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Both, SessionsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(SessionsTest, AreFoundAsTheyWereMade) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  const auto found = find(a.account(), id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->directory, a.directory);
  EXPECT_EQ(found->id, id);
  EXPECT_EQ(found->user, a.founder);
  EXPECT_EQ(found->organization, a.organization);
  EXPECT_EQ(found->generation, 1);
  EXPECT_EQ(found->address, "192.0.2.1");
  EXPECT_EQ(found->user_agent, "a browser");
  EXPECT_EQ(found->created_at, kNoon);
  EXPECT_EQ(found->expires_at, kNoon + 1h);
  EXPECT_EQ(found->absolute_expires_at, kNoon + 24h);
  EXPECT_EQ(found->revoked_at, std::nullopt);
  EXPECT_FALSE(find(a.account(), SessionId::make(kNoon)));
}

TEST_P(SessionsTest, OfOneAccountAreListedNewestFirst) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto add = [&](const Account& account, base::Time created_at) {
    const SessionId id = SessionId::make(created_at);
    run([&](db::Transaction& tx) {
      insert_session(tx, {account.directory, id, account.user, std::nullopt, 1, "", "", created_at, kNoon + 1h,
                          kNoon + 24h, std::nullopt});
    });
    return id;
  };
  const SessionId first = add(a.account(), at(1)), second = add(a.account(), at(2)), third = add(a.account(), at(3));
  add(b.account(), at(4));
  const auto ids_of = [](const std::vector<Session>& sessions) {
    std::vector<SessionId> ids;
    for (const Session& session : sessions) ids.push_back(session.id);
    return ids;
  };
  const auto live = [&](base::Time now, base::Time before, SessionId before_id, std::int64_t limit) {
    return run([&](db::Transaction& tx) { return list_live_sessions(tx, a.account(), now, before, before_id, limit); });
  };
  EXPECT_THAT(ids_of(live(at(5), at(9), {}, 10)), testing::ElementsAre(third, second, first));
  EXPECT_THAT(ids_of(live(at(5), at(9), {}, 2)), testing::ElementsAre(third, second));
  EXPECT_THAT(ids_of(live(at(5), at(2), second, 10)), testing::ElementsAre(first));
  EXPECT_EQ(live(at(5), at(9), {}, 10)[0].rotated_at, at(3));
  ASSERT_TRUE(rotate(a.account(), third, 1, at(7)));
  EXPECT_EQ(live(at(8), at(9), {}, 10)[0].rotated_at, at(7));

  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, second, at(8)); });
  EXPECT_THAT(ids_of(live(at(9), at(9), {}, 10)), testing::ElementsAre(third, first));
  EXPECT_THAT(live(kNoon + 2h, at(9), {}, 10), testing::IsEmpty()) << "over by idling";
  const auto all = run([&](db::Transaction& tx) { return list_sessions(tx, a.account(), 10); });
  EXPECT_THAT(ids_of(all), testing::ElementsAre(third, second, first));
  EXPECT_EQ(all[1].revoked_at, at(8));
}

TEST_P(SessionsTest, UseGivesMoreTimeToIdleAndTakesNoStepOfRotation) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  const auto use = [&](base::Time now) {
    return run([&](db::Transaction& tx) { return note_session_use(tx, a.directory, id, now, now + 1h); });
  };
  EXPECT_TRUE(use(at(100)));
  EXPECT_EQ(find(a.account(), id)->rotated_at, at(100));
  EXPECT_EQ(find(a.account(), id)->expires_at, at(100) + 1h);
  EXPECT_EQ(find(a.account(), id)->generation, 1);
  EXPECT_FALSE(use(at(100))) << "another request of that moment has noted it";
  EXPECT_FALSE(use(at(99)));
  for (auto now = kNoon + 30min; now < kNoon + 24h; now += 30min) ASSERT_TRUE(use(now));
  EXPECT_EQ(find(a.account(), id)->expires_at, kNoon + 24h) << "not beyond the absolute end";
  EXPECT_FALSE(use(kNoon + 24h));
}

TEST_P(SessionsTest, UseBringsNoSessionBackToLife) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, id, at(100)); });
  EXPECT_FALSE(run([&](db::Transaction& tx) { return note_session_use(tx, a.directory, id, at(101), at(700)); }));
  EXPECT_TRUE(is_revoked(a.account(), id));
}

TEST_P(SessionsTest, RevokingKeepsTheFirstTime) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization), other = add_session(a.account(), a.organization);
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, id, at(1)); });
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, id, at(2)); });
  EXPECT_EQ(find(a.account(), id)->revoked_at, at(1));
  EXPECT_FALSE(is_revoked(a.account(), other));
}

TEST_P(SessionsTest, AllSessionsOfAnAccountEndButTheOneToKeep) {
  const Tenant a = add_tenant("a");
  const Account bob{a.directory, add_user(a.directory, "bob@a.example")};
  const SessionId one = add_session(a.account(), a.organization), two = add_session(a.account(), std::nullopt);
  const SessionId bobs = add_session(bob, std::nullopt);
  run([&](db::Transaction& tx) { revoke_sessions_of(tx, a.account(), one, at(1)); });
  EXPECT_FALSE(is_revoked(a.account(), one));
  EXPECT_TRUE(is_revoked(a.account(), two));
  run([&](db::Transaction& tx) { revoke_sessions_of(tx, a.account(), one, at(2)); });
  run([&](db::Transaction& tx) { revoke_sessions_of(tx, a.account(), std::nullopt, at(2)); });
  EXPECT_TRUE(is_revoked(a.account(), one));
  EXPECT_EQ(find(a.account(), two)->revoked_at, at(1));
  EXPECT_FALSE(is_revoked(bob, bobs));
}

TEST_P(SessionsTest, WhoLeavesAnOrganizationLosesTheSessionsInIt) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role);
  const UserId bob = add_user(a.directory, "bob@a.example");
  const SessionId in_a = add_session(a.account(), a.organization), in_b = add_session(a.account(), b.organization);
  const SessionId nowhere = add_session(a.account(), std::nullopt);
  const SessionId bobs = add_session({a.directory, bob}, a.organization);
  run([&](db::Transaction& tx) { revoke_sessions_in(tx, a.organization, a.account(), at(1)); });
  run([&](db::Transaction& tx) { revoke_sessions_in(tx, a.organization, a.account(), at(2)); });
  EXPECT_EQ(find(a.account(), in_a)->revoked_at, at(1));
  EXPECT_FALSE(is_revoked(a.account(), in_b));
  EXPECT_FALSE(is_revoked(a.account(), nowhere));
  EXPECT_FALSE(is_revoked({a.directory, bob}, bobs));
}

TEST_P(SessionsTest, TellHowOldTheyAreAndWhatTheirOrganizationAsks) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization), homeless = add_session(a.account(), std::nullopt);
  run([&](db::Transaction& tx) { set_policies(tx, a.organization, {{}, 600, 900, {}, "", {}}); });
  rotate(a.account(), id, 1, at(100));
  const auto terms = [&](SessionId which, base::Time now) {
    return run([&](db::Transaction& tx) { return find_session_terms(tx, a.directory, which, now); });
  };
  const auto found = terms(id, at(200));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->organization, a.organization);
  EXPECT_EQ(found->created_at, kNoon);
  EXPECT_EQ(found->rotated_at, at(100));
  EXPECT_EQ(found->idle_seconds, 600);
  EXPECT_EQ(found->absolute_seconds, 900);
  EXPECT_EQ(live(a.account(), id, at(200))->idle_seconds, 600);
  EXPECT_EQ(live(a.account(), id, at(200))->rotated_at, at(100));
  EXPECT_FALSE(terms(homeless, at(200))->idle_seconds);
  EXPECT_FALSE(terms(homeless, at(3600))) << "it is over";
}

TEST_P(SessionsTest, SwitchingTakesAStepOfRotation) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role);
  const SessionId id = add_session(a.account(), a.organization);
  const auto switch_at = [&](base::Time now, base::Time end) {
    return run([&](db::Transaction& tx) { return switch_session(tx, a.directory, id, b.organization, now, end); });
  };
  EXPECT_EQ(switch_at(at(5), at(65)), 2);
  EXPECT_EQ(find(a.account(), id)->organization, b.organization);
  EXPECT_EQ(find(a.account(), id)->expires_at, at(65));
  EXPECT_EQ(rotate(a.account(), id, 1, at(14)), 2) << "whoever lost the answer";
  EXPECT_FALSE(rotate(a.account(), id, 1, at(16)));
  EXPECT_EQ(switch_at(at(20), kNoon + 48h), 3);
  EXPECT_EQ(find(a.account(), id)->expires_at, kNoon + 24h) << "the absolute end";
  EXPECT_FALSE(switch_at(kNoon + 24h, kNoon + 25h)) << "it is over";
}

TEST_P(SessionsTest, AnOrganizationEndsShortensAndForgetsTheSessionsInItOnly) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role);
  const SessionId fresh = add_session(a.account(), a.organization), stale = add_session(a.account(), a.organization),
                  elsewhere = add_session(a.account(), b.organization);
  rotate(a.account(), fresh, 1, at(100));
  run([&](db::Transaction& tx) {
    tighten_sessions_in_organization(tx, a.organization, at(-10), at(50), at(300), at(150));
  });
  EXPECT_TRUE(is_revoked(a.account(), stale)) << "not refreshed for too long";
  EXPECT_FALSE(is_revoked(a.account(), fresh));
  EXPECT_EQ(find(a.account(), fresh)->expires_at, at(300));
  EXPECT_EQ(find(a.account(), elsewhere)->expires_at, kNoon + 1h);
  run([&](db::Transaction& tx) {
    tighten_sessions_in_organization(tx, b.organization, kNoon, at(-10), at(300), at(150));
  });
  EXPECT_TRUE(is_revoked(a.account(), elsewhere)) << "too old";

  run([&](db::Transaction& tx) { revoke_sessions_in_organization(tx, a.organization, at(200)); });
  EXPECT_EQ(find(a.account(), fresh)->revoked_at, at(200));
  EXPECT_EQ(find(a.account(), stale)->revoked_at, at(150)) << "the first time stays";

  run([&](db::Transaction& tx) {
    set_last_organization(tx, a.account(), a.organization);
    forget_organization(tx, a.organization, a.account(), at(250));
  });
  EXPECT_EQ(find(a.account(), fresh)->organization, std::nullopt);
  EXPECT_EQ(find(a.account(), fresh)->revoked_at, at(200));
  EXPECT_EQ(find(a.account(), elsewhere)->organization, b.organization);
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_user(tx, a.account()); })->last_organization);
}

TEST_P(SessionsTest, DeadOnesAreForgottenAndLivingOnesKept) {
  const Tenant a = add_tenant("a");
  const SessionId lives = add_session(a.account(), a.organization), revoked = add_session(a.account(), a.organization);
  ASSERT_TRUE(rotate(a.account(), lives, 1, at(1800)));
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, revoked, at(100)); });
  const auto forget = [&](base::Time before) {
    run([&](db::Transaction& tx) { delete_dead_sessions(tx, before, 100); });
    return std::pair(find(a.account(), lives).has_value(), find(a.account(), revoked).has_value());
  };
  EXPECT_EQ(forget(at(100)), std::pair(true, true));
  EXPECT_EQ(forget(at(101)), std::pair(true, false));
  EXPECT_EQ(forget(at(1800) + 1h), std::pair(true, false));
  EXPECT_EQ(forget(at(1801) + 1h), std::pair(false, false));
}

TEST_P(SessionsTest, DeadOnesAreForgottenInStepsWhetherTheyExpiredOrWereEnded) {
  const Tenant a = add_tenant("a");
  std::vector<SessionId> ended;
  for (int i = 0; i < 3; ++i) ended.push_back(add_session(a.account(), a.organization));
  for (const SessionId id : ended) run([&](db::Transaction& tx) { revoke_session(tx, a.directory, id, at(100)); });
  const auto step = [&](base::Time before) {
    return run([&](db::Transaction& tx) { return delete_dead_sessions(tx, before, 2); });
  };
  const auto left = [&] { return run([&](db::Transaction& tx) { return list_sessions(tx, a.account(), 10).size(); }); };
  EXPECT_TRUE(step(at(101)));
  EXPECT_EQ(left(), 1U);
  EXPECT_FALSE(step(at(101)));
  EXPECT_EQ(left(), 0U);

  for (int i = 0; i < 3; ++i) add_session(a.account(), a.organization);
  EXPECT_TRUE(step(at(1) + 1h));
  EXPECT_EQ(left(), 1U);
  EXPECT_FALSE(step(at(1) + 1h));
  EXPECT_EQ(left(), 0U);
}

TEST_P(SessionsTest, ALiveSessionTellsAllThatAdmissionAsks) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  run([&](db::Transaction& tx) { mark_email_verified(tx, a.account(), at(5)); });
  const auto member = run([&](db::Transaction& tx) { return find_member(tx, a.organization, a.member); });
  const auto found = live(a.account(), id, at(10));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, a.founder);
  EXPECT_EQ(found->email, "founder@a.example");
  EXPECT_EQ(found->email_verified_at, at(5));
  EXPECT_EQ(found->organization, a.organization);
  EXPECT_EQ(found->member, a.member);
  EXPECT_EQ(found->rights_version, member->rights_version);
  EXPECT_EQ(found->created_at, kNoon);
}

TEST_P(SessionsTest, ALiveSessionIsNeitherOverNorOfADisabledUser) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization), revoked = add_session(a.account(), a.organization);
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, revoked, at(1)); });
  EXPECT_FALSE(live(a.account(), revoked, at(2)));
  EXPECT_TRUE(live(a.account(), id, kNoon + 1h - base::Duration(1)));
  EXPECT_FALSE(live(a.account(), id, kNoon + 1h));
  sql("UPDATE users SET status = 'disabled'");
  EXPECT_FALSE(live(a.account(), id, at(2)));
}

TEST_P(SessionsTest, ALiveSessionHasNoMemberWhereTheMembershipIsNotActive) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  for (const std::string table : {"members", "organizations"}) {
    sql("UPDATE " + table + " SET status = 'suspended'");
    const auto found = live(a.account(), id, at(2));
    ASSERT_TRUE(found) << table;
    EXPECT_EQ(found->organization, a.organization) << table;
    EXPECT_EQ(found->member, std::nullopt) << table;
    EXPECT_EQ(found->rights_version, std::nullopt) << table;
    sql("UPDATE " + table + " SET status = 'active'");
  }
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, at(1)); });
  EXPECT_EQ(live(a.account(), id, at(2))->member, std::nullopt);
}

}  // namespace
}  // namespace gatehouse::store
