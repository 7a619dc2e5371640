#include "store/audit_log.h"

#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AuditLogTest : public StoreTest {
 protected:
  AuditId write(OrganizationId organization, std::int64_t seconds, const std::string& action,
                const std::function<void(AuditEntry&)>& change = {}) {
    AuditEntry entry{organization, AuditId::make(at(seconds)), at(seconds), action, "system", {}, {}, {}, {}, "{}"};
    if (change) change(entry);
    run([&](db::Transaction& tx) { insert_audit_entry(tx, entry); });
    return entry.id;
  }
  std::vector<AuditId> ids(const std::vector<AuditEntry>& entries) {
    std::vector<AuditId> out;
    for (const AuditEntry& entry : entries) out.push_back(entry.id);
    return out;
  }
  std::vector<AuditId> list(const AuditQuery& query, std::int64_t limit = 10) {
    return ids(run([&](db::Transaction& tx) { return list_audit_entries(tx, acme_, query, limit); }));
  }
  std::vector<AuditId> list_all(const AuditQuery& query) {
    return ids(run([&](db::Transaction& tx) { return list_all_audit_entries(tx, query, 10); }));
  }

  OrganizationId acme_ = OrganizationId::make(kNoon), other_ = OrganizationId::make(kNoon);
};

INSTANTIATE_TEST_SUITE_P(Both, AuditLogTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(AuditLogTest, EntriesAreReadAsTheyWereWritten) {
  const AuditEntry entry{acme_,   AuditId::make(kNoon), at(1),   "member.removed", "user", base::make_uuid_v7(kNoon),
                         "mem_x", "192.0.2.1",          "req-1", R"({"v":"1"})"};
  run([&](db::Transaction& tx) { insert_audit_entry(tx, entry); });
  const auto found = run([&](db::Transaction& tx) { return list_audit_entries(tx, acme_, {}, 10); });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].organization, acme_);
  EXPECT_EQ(found[0].id, entry.id);
  EXPECT_EQ(found[0].at, at(1));
  EXPECT_EQ(found[0].action, "member.removed");
  EXPECT_EQ(found[0].actor_kind, "user");
  EXPECT_EQ(found[0].actor, entry.actor);
  EXPECT_EQ(found[0].subject, "mem_x");
  EXPECT_EQ(found[0].address, "192.0.2.1");
  EXPECT_EQ(found[0].request_id, "req-1");
  EXPECT_EQ(found[0].payload, R"({"v":"1"})");
}

TEST_P(AuditLogTest, PagesLieBetweenTwoIdsInEitherOrder) {
  const AuditId one = write(acme_, 1, "a"), two = write(acme_, 2, "a"), three = write(acme_, 3, "a");
  const AuditId foreign = write(other_, 2, "a"), nobodys = write(kPlatformOrganization, 4, "a");
  EXPECT_THAT(list({}), ElementsAre(three, two, one));
  EXPECT_THAT(list({}, 2), ElementsAre(three, two));
  AuditQuery query;
  query.is_ascending = true;
  EXPECT_THAT(list(query, 2), ElementsAre(one, two));
  query.above = one;
  query.below = three;
  EXPECT_THAT(list(query), ElementsAre(two)) << "both ends are exclusive";
  EXPECT_THAT(list_all(query), testing::UnorderedElementsAre(two, foreign));
  EXPECT_EQ(list_all({}).front(), nobodys);
}

TEST_P(AuditLogTest, ActionsAreARangeOfBytes) {
  const AuditId removed = write(acme_, 1, "member.removed"), role = write(acme_, 2, "member.role_changed");
  write(acme_, 3, "members");
  write(acme_, 4, "invitation.sent");
  AuditQuery query;
  query.first_action = "member.";
  query.last_action = "member.~";
  EXPECT_THAT(list(query), ElementsAre(role, removed));
  query.first_action = query.last_action = "member.removed";
  EXPECT_THAT(list(query), ElementsAre(removed));
}

TEST_P(AuditLogTest, TimesAreInclusive) {
  write(acme_, 1, "a");
  const AuditId two = write(acme_, 2, "a"), three = write(acme_, 3, "a");
  write(acme_, 4, "a");
  AuditQuery query;
  query.from = at(2);
  query.to = at(3);
  EXPECT_THAT(list(query), ElementsAre(three, two));
}

TEST_P(AuditLogTest, EachFilterAloneAndAllTogether) {
  const base::Uuid who = base::make_uuid_v7(kNoon);
  const auto fill = [&](AuditEntry& entry) {
    entry.actor_kind = "user";
    entry.actor = who;
    entry.subject = "mem_x";
    entry.address = "192.0.2.1";
  };
  const AuditId wanted = write(acme_, 1, "a", fill);
  const AuditId of_key = write(acme_, 2, "a", [&](AuditEntry& entry) {
    fill(entry);
    entry.actor_kind = "api_key";
  });
  write(acme_, 3, "a", [&](AuditEntry& entry) { entry.subject = "mem_y"; });
  const AuditId foreign = write(other_, 4, "a", fill);
  AuditQuery actor, key, subject, address;
  actor.actor = {who, false};
  key.actor = {who, true};
  subject.subject = "mem_x";
  address.address = "192.0.2.1";
  EXPECT_THAT(list(actor), ElementsAre(wanted));
  EXPECT_THAT(list_all(actor), ElementsAre(foreign, wanted));
  EXPECT_THAT(list(key), ElementsAre(of_key));
  EXPECT_THAT(list(subject), ElementsAre(of_key, wanted));
  EXPECT_THAT(list_all(subject), ElementsAre(foreign, of_key, wanted));
  EXPECT_THAT(list(address), ElementsAre(of_key, wanted));
  AuditQuery all = actor;
  all.subject = "mem_x";
  all.address = "192.0.2.1";
  EXPECT_THAT(list(all), ElementsAre(wanted));
  all.is_ascending = true;
  EXPECT_THAT(list_all(all), ElementsAre(wanted, foreign));
  all.subject = "mem_y";
  EXPECT_THAT(list(all), IsEmpty());
}

}  // namespace
}  // namespace gatehouse::store
