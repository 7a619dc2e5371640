#include "store/invitation_events.h"

#include "store/tenancy_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InvitationEventsTest : public StoreTest {
 protected:
  InvitationId invite(const Tenant& tenant) {
    const auto id = InvitationId::make(kNoon);
    run([&](db::Transaction& tx) {
      insert_invitation(tx, {tenant.organization, id, email(base::to_base32(id.uuid) + "@x.example"),
                             tenant.member_role, db::Bytes{"secret"}, tenant.founder, std::nullopt, kNoon, at(60)});
    });
    return id;
  }
  void enter(const Tenant& tenant, InvitationId invitation, base::Time when, const std::string& what,
             std::optional<std::string> detail = {}) {
    run([&](db::Transaction& tx) {
      insert_invitation_event(
          tx, {tenant.organization, invitation, base::make_uuid_v7(when), when, what, std::move(detail)});
    });
  }
  std::vector<InvitationEvent> list(const Tenant& tenant, InvitationId invitation) {
    return run([&](db::Transaction& tx) { return list_invitation_events(tx, tenant.organization, invitation); });
  }
  std::vector<std::string> names(const Tenant& tenant, InvitationId invitation) {
    std::vector<std::string> names;
    for (const InvitationEvent& event : list(tenant, invitation)) names.push_back(event.what);
    return names;
  }
};

INSTANTIATE_TEST_SUITE_P(Both, InvitationEventsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(InvitationEventsTest, AreListedAsTheyWereEntered) {
  const Tenant a = add_tenant("a");
  const auto one = invite(a), other = invite(a);
  enter(a, one, at(1), "queued");
  enter(a, one, at(2), "refused", "451 later");
  enter(a, other, at(3), "opened");
  const auto events = list(a, one);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].organization, a.organization);
  EXPECT_EQ(events[0].invitation, one);
  EXPECT_EQ(events[0].what, "queued");
  EXPECT_EQ(events[0].at, at(1));
  EXPECT_EQ(events[0].detail, std::nullopt);
  EXPECT_EQ(events[1].what, "refused");
  EXPECT_EQ(events[1].detail, "451 later");
  EXPECT_THAT(names(a, other), ElementsAre("opened"));
}

TEST_P(InvitationEventsTest, OfOneMomentKeepTheirOrder) {
  const Tenant a = add_tenant("a");
  const auto one = invite(a);
  std::vector<std::string> entered;
  for (int i = 0; i < 12; ++i) {
    entered.push_back("event " + std::to_string(i));
    enter(a, one, kNoon, entered.back());
  }
  EXPECT_EQ(names(a, one), entered);
}

TEST_P(InvitationEventsTest, TheNewestOfOneInvitationAreKept) {
  const Tenant a = add_tenant("a");
  const auto one = invite(a), other = invite(a);
  enter(a, other, kNoon, "queued");
  run([&](db::Transaction& tx) {
    for (int i = 0; i < kInvitationEventsMost + 3; ++i) {
      insert_invitation_event(tx, {a.organization, one, base::make_uuid_v7(at(i)), at(i), std::to_string(i)});
    }
  });
  const auto kept = names(a, one);
  ASSERT_EQ(std::int64_t(kept.size()), kInvitationEventsMost);
  EXPECT_EQ(kept.front(), "3");
  EXPECT_EQ(kept.back(), std::to_string(kInvitationEventsMost + 2));
  EXPECT_THAT(names(a, other), ElementsAre("queued"));
}

TEST_P(InvitationEventsTest, NoneIsEnteredForAnInvitationThatIsGone) {
  const Tenant a = add_tenant("a");
  const auto gone = InvitationId::make(kNoon);
  enter(a, gone, kNoon, "sent", "250 ok");
  EXPECT_THAT(list(a, gone), IsEmpty());
}

TEST_P(InvitationEventsTest, AnOrganizationTakesThemAlong) {
  const Tenant a = add_tenant("a");
  const auto one = invite(a);
  enter(a, one, kNoon, "queued");
  run([&](db::Transaction& tx) {
    delete_member(tx, a.organization, a.member, kNoon);
    delete_organization(tx, a.organization, kNoon);
  });
  EXPECT_THAT(list(a, one), IsEmpty());
}

}  // namespace

std::vector<TenancyCase> invitation_event_cases() {
  return {
      {"insert_invitation_event",
       [](db::Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_invitation_event(tx, {key.organization, ids.invitation, ids.letter.uuid, kNoon, "sent", "250 ok"});
       }},
      {"insert_invitation_event (the newest are kept)",
       [](db::Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const base::Uuid& id : {ids.letter.uuid, ids.session.uuid}) {
           insert_invitation_event(tx, {key.organization, ids.invitation, id, kNoon, "sent", "250 ok"}, 2);
           for (const auto& event : list_invitation_events(tx, key.organization, ids.invitation)) {
             facts.add(base::to_base32(event.id));
           }
         }
       }},
      {"list_invitation_events",
       [](db::Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const auto& event : list_invitation_events(tx, key.organization, ids.invitation)) {
           facts.add(event.organization).add(event.invitation);
         }
       }},
  };
}

}  // namespace gatehouse::store
