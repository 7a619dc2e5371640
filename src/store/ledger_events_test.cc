#include "store/audit.h"
#include "store/fixture_test.h"
#include "store/statistics.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// What the functions of the store count themselves besides memberships and activity: invitations and organizations.
class LedgerEventsTest : public StoreTest {
 protected:
  /// "kind detail" and how often, in the seconds from noon on.
  std::map<std::string, std::int64_t> events(OrganizationId organization, std::int64_t from, std::int64_t until) {
    return events_of(*database_, organization, at(from), at(until));
  }
  static std::map<std::string, std::int64_t> events_of(db::Database& database, OrganizationId organization,
                                                       base::Time from, base::Time until) {
    std::map<std::string, std::int64_t> events;
    const auto counts = database.read([&](db::Transaction& tx) {
      return sum_counts(tx, organization, Series::events, {from, until});
    });
    for (const auto& [key, n] : counts) events[key.kind + " " + key.detail] = n;
    return events;
  }
  std::map<std::string, std::int64_t> always(OrganizationId organization) { return events(organization, 0, 1'000'000); }

  NewInvitation draft(const Tenant& tenant, const std::string& address, std::int64_t created, std::int64_t expires) {
    return {tenant.organization,
            InvitationId::make(kNoon),
            email(address),
            tenant.member_role,
            secret_,
            tenant.founder,
            std::nullopt,
            at(created),
            at(expires)};
  }
  NewInvitation invite(const Tenant& tenant, const std::string& address, std::int64_t created, std::int64_t expires) {
    const NewInvitation made = draft(tenant, address, created, expires);
    run([&](db::Transaction& tx) { insert_invitation(tx, made); });
    return made;
  }
  void renew(NewInvitation invitation, std::int64_t now, std::int64_t expires) {
    invitation.created_at = at(now);
    invitation.expires_at = at(expires);
    run([&](db::Transaction& tx) { renew_invitation(tx, invitation); });
  }
  bool accept(const NewInvitation& invitation, base::Time now) {
    return run([&](db::Transaction& tx) {
      return accept_invitation(tx, invitation.organization, invitation.id, invitation.secret_hash, now);
    });
  }
  void revoke(const NewInvitation& invitation, std::int64_t now) {
    run([&](db::Transaction& tx) { revoke_invitation(tx, invitation.organization, invitation.id, at(now)); });
  }

  const db::Bytes secret_{"a secret"};
};

INSTANTIATE_TEST_SUITE_P(Both, LedgerEventsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(LedgerEventsTest, AnInvitationIsSentAndExpiresUnlessItIsAccepted) {
  const Tenant a = add_tenant("a");
  const NewInvitation kept = invite(a, "kept@x.example", 1, 60);
  const NewInvitation taken = invite(a, "taken@x.example", 2, 60);
  EXPECT_THAT(always(a.organization), ElementsAre(Pair("invitation expired", 2), Pair("invitation sent", 2)));
  EXPECT_FALSE(accept({taken.organization, taken.id, taken.email, taken.role, db::Bytes{"wrong"}, taken.inviter,
                       std::nullopt, kNoon, kNoon},
                      at(5)));
  EXPECT_FALSE(accept(kept, at(60))) << "over";
  EXPECT_TRUE(accept(taken, at(5)));
  EXPECT_FALSE(accept(taken, at(6))) << "once";
  EXPECT_THAT(always(a.organization), ElementsAre(Pair("accepted_after 3", 1), Pair("invitation accepted", 1),
                                                  Pair("invitation expired", 1), Pair("invitation sent", 2)));
  EXPECT_THAT(events(a.organization, 5, 6), ElementsAre(Pair("accepted_after 3", 1), Pair("invitation accepted", 1)));
  EXPECT_THAT(events(a.organization, 60, 61), ElementsAre(Pair("invitation expired", 1)));
}

TEST_P(LedgerEventsTest, WhatEndsAnInvitationInTimeTakesItsExpiryBack) {
  const Tenant a = add_tenant("a");
  const NewInvitation revoked = invite(a, "revoked@x.example", 0, 60), late = invite(a, "late@x.example", 0, 60);
  revoke(revoked, 59);
  revoke(revoked, 59);
  revoke(late, 60);
  EXPECT_THAT(always(a.organization), ElementsAre(Pair("invitation expired", 1), Pair("invitation sent", 2)));
}

TEST_P(LedgerEventsTest, OneThatIsSentAgainExpiresWhenItsNewTimeIsOver) {
  const Tenant a = add_tenant("a");
  const NewInvitation made = invite(a, "guest@x.example", 0, 60);
  renew(made, 10, 60);
  renew(made, 20, 80);
  EXPECT_THAT(events(a.organization, 1, 80), IsEmpty());
  EXPECT_THAT(events(a.organization, 80, 81), ElementsAre(Pair("invitation expired", 1)));
  renew(made, 90, 150);
  EXPECT_THAT(events(a.organization, 80, 81), ElementsAre(Pair("invitation expired", 1))) << "what was stays true";
  EXPECT_THAT(events(a.organization, 150, 151), ElementsAre(Pair("invitation expired", 1)));
  EXPECT_TRUE(accept(made, at(149)));
  EXPECT_THAT(
      events(a.organization, 1, 1'000),
      ElementsAre(Pair("accepted_after 150", 1), Pair("invitation accepted", 1), Pair("invitation expired", 1)));
  EXPECT_THAT(events(a.organization, 0, 1), ElementsAre(Pair("invitation sent", 1))) << "counted once";
  renew(made, 151, 200);
  EXPECT_THAT(events(a.organization, 151, 1'000), IsEmpty()) << "an accepted one is not renewed";
}

TEST_P(LedgerEventsTest, TheTimeToAcceptIsRoundedUpToTwoDigits) {
  const Tenant a = add_tenant("a");
  const std::vector<std::pair<base::Duration, std::string>> cases{
      {-5s, "0"},    {0s, "0"},      {1us, "1"},         {99s, "99"},          {99s + 1us, "100"},      {100s, "100"},
      {101s, "110"}, {995s, "1000"}, {86'400s, "87000"}, {604'800s, "610000"}, {9'999'999s, "10000000"}};
  std::map<std::string, std::int64_t> expected;
  for (const auto& [after, text] : cases) {
    const NewInvitation made = invite(a, "guest@x.example", 0, 20'000'000);
    EXPECT_TRUE(accept(made, kNoon + after));
    ++expected["accepted_after " + text];
  }
  auto counted = events(a.organization, -10, 20'000'000);
  std::erase_if(counted, [](const auto& one) { return one.first.starts_with("invitation"); });
  EXPECT_EQ(counted, expected);
}

TEST_P(LedgerEventsTest, AnOrganizationThatIsDeletedForestallsWhatWasToExpire) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const NewInvitation taken = invite(a, "taken@x.example", 0, 60);
  invite(a, "open@x.example", 0, 60);
  invite(a, "over@x.example", 0, 30);
  invite(b, "other@x.example", 0, 60);
  EXPECT_TRUE(accept(taken, at(1)));
  run([&](db::Transaction& tx) { delete_organization(tx, a.organization, at(40)); });
  for (const bool is_folded : {false, true}) {
    if (is_folded) run([&](db::Transaction& tx) { fold_deltas(tx, {}, 1'000); });
    EXPECT_THAT(events(a.organization, 2, 1'000), ElementsAre(Pair("invitation expired", 1)));
    EXPECT_THAT(events(b.organization, 2, 1'000), ElementsAre(Pair("invitation expired", 1)));
    EXPECT_THAT(
        always(kPlatformOrganization),
        ElementsAre(Pair("accepted_after 1", 1), Pair("invitation accepted", 1), Pair("invitation expired", 2),
                    Pair("invitation sent", 4), Pair("organization created", 2), Pair("organization deleted", 1)));
    EXPECT_THAT(events(kPlatformOrganization, 40, 41), ElementsAre(Pair("organization deleted", 1)));
  }
}

TEST_P(LedgerEventsTest, WhatMayBeRestoredIsNotDeleted) {
  const Tenant a = add_tenant("a");
  run([&](db::Transaction& tx) { mark_organization_deleted(tx, a.organization, at(60)); });
  EXPECT_THAT(always(kPlatformOrganization), ElementsAre(Pair("organization created", 1)));
  EXPECT_THAT(always(a.organization), IsEmpty()) << "the platform counts organizations, they do not count themselves";
}

constexpr db::Statement kOldInvitation{
    "test insert old invitation",
    "INSERT INTO invitations (organization_id, id, email, role_id, status, secret_hash, inviter_id, created_at, "
    "expires_at, finished_at, inviter_kind) VALUES ($1, $2, $3, $4, $5, $6, $2, $7, $8, $9, 'user')"};

TEST_P(LedgerEventsTest, WhatHappenedBeforeItWasCountedIsCounted) {
  const support::TestDatabase home(GetParam());
  const auto database = db::open_database(home.url);
  db::migrate(*database, migrations().first(10));
  ensure_directories(*database, kNoon);
  const auto organization = OrganizationId::make(kNoon);
  const auto role = RoleId::make(kNoon);
  const auto open = InvitationId::make(kNoon);
  ASSERT_TRUE(database->write([&](db::Transaction& tx) -> base::Result<void> {
    insert_old_organization(tx, organization);
    insert_role(tx, {organization, role, "member", "Member", kNoon});
    const auto add = [&](InvitationId id, const std::string& status, std::int64_t created, std::int64_t expires,
                         std::optional<base::Time> finished) {
      tx.execute(kOldInvitation, {organization, id, id.to_string() + "@x.example", role, status, secret_, at(created),
                                  at(expires), finished});
    };
    const auto fresh = [] { return InvitationId::make(kNoon); };
    add(open, "pending", 1, 500, std::nullopt);
    add(fresh(), "pending", 2, 50, std::nullopt);
    add(fresh(), "revoked", 3, 60, at(59));
    add(fresh(), "revoked", 4, 60, at(60));
    add(fresh(), "accepted", 5, 60, at(20));
    add(fresh(), "accepted", 6, 20'000, at(10'000) + 1us);
    const auto note = [&](const std::string& action, std::int64_t seconds) {
      insert_audit_entry(tx, {organization, AuditId::make(kNoon), at(seconds), action, "user", std::nullopt,
                              std::nullopt, std::nullopt, std::nullopt, "{}"});
    };
    note("session.signed_in", 100);
    note("session.signed_in", 101);
    note("session.sign_in_failed", 102);
    note("session.signed_out", 103);
    return {};
  }));
  EXPECT_EQ(db::migrate(*database, migrations()), std::int64_t(migrations().size()) - 10);
  const auto sum = [&](OrganizationId of, std::int64_t from, std::int64_t until) {
    return events_of(*database, of, at(from), at(until));
  };
  EXPECT_THAT(sum(organization, 0, 20'000),
              ElementsAre(Pair("accepted_after 10000", 1), Pair("accepted_after 15", 1), Pair("invitation accepted", 2),
                          Pair("invitation expired", 3), Pair("invitation sent", 6), Pair("sign_in failed password", 1),
                          Pair("sign_in succeeded password", 2)));
  EXPECT_THAT(sum(organization, 50, 61), ElementsAre(Pair("invitation expired", 2)));
  EXPECT_THAT(sum(organization, 500, 501), ElementsAre(Pair("invitation expired", 1)));
  EXPECT_EQ(sum(kPlatformOrganization, 0, 1).at("organization created"), 1);
  ASSERT_TRUE(database->write([&](db::Transaction& tx) -> base::Result<void> {
    revoke_invitation(tx, organization, open, at(400));
    return {};
  }));
  EXPECT_THAT(sum(organization, 500, 501), IsEmpty());
}

}  // namespace
}  // namespace gatehouse::store
