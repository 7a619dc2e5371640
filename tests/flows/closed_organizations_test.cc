#include "domain/operator_organizations.h"
#include "domain/organizations.h"
#include "store/invitation_events.h"
#include "store/invitations.h"
#include "store/letters.h"
#include "store/platform_letters.h"
#include "tests/support/flow_test.h"

#include <functional>
#include <gmock/gmock.h>
#include <stdexcept>

namespace gatehouse::tests {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;

/// What becomes of an organization from when it is given up until it is gone.
class ClosedOrganizations : public FlowTest {
 protected:
  struct Waiting {
    store::InvitationId invitation;
    store::LetterId letter;
  };

  static store::OrganizationId id_of(const Founder& founder) {
    return store::OrganizationId::parse(founder.organization_id).value();
  }
  void write(const std::function<void(db::Transaction&)>& body) {
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      body(tx);
      return {};
    });
    ASSERT_TRUE(done);
  }
  /// An invitation, and a letter with it that waits for an hour.
  Waiting keep_waiting(const Founder& founder) {
    const Reply made = client().post("/v1/organizations/" + founder.organization_id + "/invitations",
                                     {{"email", "late@far.example"}, {"role", "member"}}, access_token(founder.email));
    EXPECT_EQ(made.status, 201) << made;
    const base::Time due = program().now() + 1h;
    const Waiting waiting{store::InvitationId::parse(made.text("/id")).value(), store::LetterId::make(due)};
    write([&](db::Transaction& tx) {
      store::insert_letter(tx, {waiting.letter, id_of(founder), "invitation", *base::parse_email("late@far.example"),
                                db::Bytes{"sealed"}, 1, due, due + 48h, waiting.invitation});
    });
    return waiting;
  }
  std::string status_of(const Waiting& waiting) {
    const auto letter =
        program().services().database.read([&](db::Transaction& tx) { return store::find_letter(tx, waiting.letter); });
    return letter.value().status;
  }
  std::vector<std::string> timeline(const Founder& founder, const Waiting& waiting) {
    const auto events = program().services().database.read(
        [&](db::Transaction& tx) { return store::list_invitation_events(tx, id_of(founder), waiting.invitation); });
    std::vector<std::string> names;
    for (const store::InvitationEvent& event : events) names.push_back(event.what);
    return names;
  }
  void close(const Founder& founder) {
    const Reply reply = client().del("/v1/organizations/" + founder.organization_id, access_token(founder.email));
    ASSERT_EQ(reply.status, 204) << reply;
  }
  std::size_t purge(const std::stop_token& stop = {}) {
    return domain::purge_organizations(program().services(), stop);
  }
  std::vector<std::string> left() {
    static constexpr db::Statement kNames{"test organizations", "SELECT name FROM organizations ORDER BY name"};
    return program().services().database.read([](db::Transaction& tx) {
      std::vector<std::string> names;
      for (const db::Row& row : tx.query(kNames)) names.push_back(row.get<std::string>(0));
      return names;
    });
  }
};

TEST_P(ClosedOrganizations, SendNoInvitationsThatWaitOnceTheirOwnerDeletesThem) {
  const Founder ada = found("ada@acme.example", "Acme"), eve = found("eve@other.example", "Other");
  const Waiting hers = keep_waiting(ada), others = keep_waiting(eve);
  close(ada);
  EXPECT_EQ(status_of(hers), "withdrawn");
  EXPECT_THAT(timeline(ada, hers), Contains("withdrawn"));
  EXPECT_EQ(status_of(others), "queued");
}

TEST_P(ClosedOrganizations, SendNoInvitationsThatWaitOnceAnOperatorDeletesThem) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Waiting hers = keep_waiting(ada);
  ASSERT_TRUE(domain::delete_organization_for(program().services(), domain::Steward::at_command_line(),
                                              {id_of(ada), "ticket 4711"}));
  EXPECT_EQ(status_of(hers), "withdrawn");
  EXPECT_THAT(timeline(ada, hers), Contains("withdrawn"));
}

TEST_P(ClosedOrganizations, SendNoInvitationsThatWaitOnceTheirFounderTurnsOutToBeNobody) {
  const Founder trap = sign_up("victim@acme.example", "Trap");
  const std::string link = token_in(program().take_letter("victim@acme.example", subject::kWelcome));
  const Waiting waiting = keep_waiting(trap);
  const Reply gone = client().send({.method = "POST",
                                    .target = "/verify-email",
                                    .headers = {{"Accept", "text/html"}},
                                    .body = to_query({{"token", link}, {"action", "disown"}}),
                                    .content_type = "application/x-www-form-urlencoded"});
  ASSERT_EQ(gone.status, 200) << gone;
  EXPECT_EQ(status_of(waiting), "withdrawn");
}

TEST_P(ClosedOrganizations, ArePurgedHoweverManyInvitationsTheyHave) {
  const Founder ada = found("ada@acme.example", "Acme");
  const base::Time now = program().now();
  write([&](db::Transaction& tx) {
    for (int i = 0; i < 450; ++i) {
      store::insert_invitation(tx, {id_of(ada), store::InvitationId::make(now),
                                    *base::parse_email("guest" + std::to_string(i) + "@far.example"),
                                    store::RoleId::parse(ada.roles.at("member")).value(), db::Bytes{"a secret"},
                                    store::UserId::parse(ada.user_id).value(), std::nullopt, now, now + 48h});
    }
  });
  close(ada);
  program().advance(31 * 24h);
  EXPECT_EQ(purge(), 1U);
  EXPECT_THAT(left(), ElementsAre());
}

TEST_P(ClosedOrganizations, OneThatCanNotBePurgedHoldsUpNoOther) {
  const Founder ada = found("ada@acme.example", "Acme"), eve = found("eve@other.example", "Other");
  close(ada);
  program().advance(1s);
  close(eve);
  program().execute({"test bury roles twice",
                     "INSERT INTO stats_tombstones (organization_id, role_id, key, name, created_at, deleted_at) "
                     "SELECT r.organization_id, r.id, r.key, r.name, r.created_at, r.created_at FROM roles r "
                     "JOIN organizations o ON o.id = r.organization_id WHERE o.slug = 'acme'"});
  program().advance(31 * 24h);
  EXPECT_THROW(purge(), std::runtime_error);
  EXPECT_THAT(left(), ElementsAre("Acme"));
  program().execute({"test exhume roles", "DELETE FROM stats_tombstones WHERE deleted_at = created_at"});
  EXPECT_EQ(purge(), 1U);
  EXPECT_THAT(left(), ElementsAre());
}

TEST_P(ClosedOrganizations, StayWhereTheyAreWhenThePurgeIsToldToStop) {
  close(found("ada@acme.example", "Acme"));
  program().advance(31 * 24h);
  std::stop_source stopping;
  stopping.request_stop();
  EXPECT_EQ(purge(stopping.get_token()), 0U);
  EXPECT_THAT(left(), ElementsAre("Acme"));
  EXPECT_EQ(purge(), 1U);
}

GATEHOUSE_ON_BOTH_DATABASES(ClosedOrganizations);

}  // namespace gatehouse::tests
