#include "store/audit.h"
#include "store/fixture_test.h"
#include "store/idempotency.h"
#include "store/limits.h"
#include "store/reset_requests.h"
#include "store/signing_keys.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;

GATEHOUSE_STORE_SUITE(LimitsTest);

const db::Bytes kKey{"a key"}, kOtherKey{"another"};

TEST_P(LimitsTest, AWindowBeginsWithItsFirstHitAndEndsOnce) {
  const auto count = [&](const db::Bytes& key, std::int64_t now) {
    return run([&](db::Transaction& tx) { return count_hit(tx, key, at(now), at(now + 60)); });
  };
  EXPECT_EQ(count(kKey, 0).hits, 1);
  EXPECT_EQ(count(kKey, 30).hits, 2);
  EXPECT_EQ(count(kKey, 30).ends_at, at(60)) << "hits do not lengthen the window";
  EXPECT_EQ(count(kOtherKey, 30).hits, 1);
  EXPECT_EQ(count(kKey, 59).hits, 4);
  const auto anew = count(kKey, 60);
  EXPECT_EQ(anew.hits, 1);
  EXPECT_EQ(anew.ends_at, at(120));
}

TEST_P(LimitsTest, HitsOfManyAtOnceAreAllCounted) {
  auto hits = run_parallel(16, [&](db::Transaction& tx) { return count_hit(tx, kKey, kNoon, at(60)).hits; });
  std::ranges::sort(hits);
  for (std::size_t i = 0; i < hits.size(); ++i) EXPECT_EQ(hits[i], std::int64_t(i + 1));
}

TEST_P(LimitsTest, LookingCountsNothing) {
  const auto peek = [&](std::int64_t now) {
    return run([&](db::Transaction& tx) { return peek_counter(tx, kKey, at(now)); });
  };
  EXPECT_EQ(peek(0).hits, 0);
  run([&](db::Transaction& tx) { count_hit(tx, kKey, kNoon, at(60)); });
  EXPECT_EQ(peek(1).hits, 1);
  EXPECT_EQ(peek(59).hits, 1);
  EXPECT_EQ(peek(59).ends_at, at(60));
  EXPECT_EQ(peek(60).hits, 0);
}

TEST_P(LimitsTest, AHitIsTakenBackButNeverBelowZero) {
  run([&](db::Transaction& tx) {
    count_hit(tx, kOtherKey, kNoon, at(60));
    count_hit(tx, kKey, kNoon, at(60));
    count_hit(tx, kKey, kNoon, at(60));
    refund_hit(tx, kKey);
  });
  EXPECT_EQ(run([&](db::Transaction& tx) { return peek_counter(tx, kOtherKey, at(1)).hits; }), 1);
  EXPECT_EQ(run([&](db::Transaction& tx) { return peek_counter(tx, kKey, at(1)).hits; }), 1);
  run([&](db::Transaction& tx) {
    for (int i = 0; i < 3; ++i) refund_hit(tx, kKey);
    refund_hit(tx, kOtherKey);
  });
  EXPECT_EQ(run([&](db::Transaction& tx) { return count_hit(tx, kKey, at(1), at(60)).hits; }), 1);
}

TEST_P(LimitsTest, EndedWindowsAreForgottenRunningOnesKept) {
  run([&](db::Transaction& tx) {
    count_hit(tx, kKey, kNoon, at(60));
    count_hit(tx, kOtherKey, kNoon, at(61));
    delete_ended_counters(tx, at(60), 100);
  });
  const auto hits = [&](const db::Bytes& key) {
    return run([&](db::Transaction& tx) { return peek_counter(tx, key, kNoon).hits; });
  };
  EXPECT_EQ(hits(kKey), 0);
  EXPECT_EQ(hits(kOtherKey), 1);
}

TEST_P(LimitsTest, EndedWindowsAreForgottenInSteps) {
  const auto step = [&] { return run([](db::Transaction& tx) { return delete_ended_counters(tx, at(60), 2); }); };
  run([](db::Transaction& tx) {
    for (const std::string key : {"a", "b", "c"}) count_hit(tx, db::Bytes{key}, kNoon, at(60));
    count_hit(tx, kKey, kNoon, at(61));
  });
  EXPECT_TRUE(step());
  EXPECT_FALSE(step());
  EXPECT_FALSE(step());
  EXPECT_EQ(run([](db::Transaction& tx) { return peek_counter(tx, kKey, kNoon).hits; }), 1);
}

GATEHOUSE_STORE_SUITE(IdempotencyKeysTest);

TEST_P(IdempotencyKeysTest, ExpiredOnesAreForgottenInStepsLiveOnesKept) {
  const auto claim = [&](const std::string& key, base::Time expires_at) {
    run([&](db::Transaction& tx) {
      claim_idempotency_key(tx, db::Bytes{key}, db::Bytes{"print"}, kNoon, at(10), expires_at);
    });
  };
  const auto is_there = [&](const std::string& key) {
    return run([&](db::Transaction& tx) { return find_idempotency_key(tx, db::Bytes{key}); }).has_value();
  };
  const auto step = [&] {
    return run([](db::Transaction& tx) { return delete_expired_idempotency_keys(tx, at(60), 2); });
  };
  claim("third", at(60));
  claim("first", at(58));
  claim("second", at(59));
  claim("live", at(61));
  EXPECT_TRUE(step());
  EXPECT_FALSE(is_there("first"));
  EXPECT_FALSE(is_there("second"));
  EXPECT_TRUE(is_there("third"));
  EXPECT_FALSE(step());
  EXPECT_FALSE(is_there("third"));
  EXPECT_TRUE(is_there("live"));
}

GATEHOUSE_STORE_SUITE(ResetRequestsTest);

TEST_P(ResetRequestsTest, AreListedOldestFirstAndTakenOnce) {
  const ResetRequest second{base::make_uuid_v7(at(2)), email("two@x.example"), "192.0.2.2", "req-2", at(2)};
  const ResetRequest first{base::make_uuid_v7(at(1)), email("one@x.example"), "192.0.2.1", "req-1", at(1)};
  run([&](db::Transaction& tx) {
    insert_reset_request(tx, second);
    insert_reset_request(tx, first);
  });
  const auto listed = run([](db::Transaction& tx) { return list_reset_requests(tx, 10); });
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].id, first.id);
  EXPECT_EQ(listed[0].email, first.email);
  EXPECT_EQ(listed[0].address, "192.0.2.1");
  EXPECT_EQ(listed[0].request_id, "req-1");
  EXPECT_EQ(listed[0].created_at, at(1));
  EXPECT_EQ(listed[1].id, second.id);
  EXPECT_EQ(run([](db::Transaction& tx) { return list_reset_requests(tx, 1); }).size(), 1U);

  const auto taken = run_parallel(8, [&](db::Transaction& tx) { return int(take_reset_request(tx, first.id)); });
  EXPECT_EQ(std::ranges::count(taken, 1), 1);
  EXPECT_EQ(run([](db::Transaction& tx) { return list_reset_requests(tx, 10); }).size(), 1U);
}

GATEHOUSE_STORE_SUITE(SigningKeysTest);

TEST_P(SigningKeysTest, AreListedUntilTheyRetireInTheOrderInWhichTheySign) {
  const auto kids = [&](std::int64_t now) {
    std::vector<std::string> listed;
    for (const auto& key : run([&](db::Transaction& tx) { return list_signing_keys(tx, at(now)); })) {
      listed.push_back(key.kid);
    }
    return listed;
  };
  run([&](db::Transaction& tx) {
    insert_signing_key(tx, {"new", "EdDSA", db::Bytes{"sealed"}, at(10), at(20), std::nullopt});
    insert_signing_key(tx, {"old", "ES256", db::Bytes{"sealed"}, kNoon, kNoon, std::nullopt});
    insert_signing_key(tx, {"older", "ES256", db::Bytes{"sealed"}, at(-9), at(-9), at(25)});
  });
  EXPECT_THAT(kids(0), ElementsAre("older", "old", "new"));
  run([](db::Transaction& tx) { retire_other_signing_keys(tx, "new", at(30)); });
  EXPECT_THAT(kids(24), ElementsAre("older", "old", "new"));
  EXPECT_THAT(kids(25), ElementsAre("old", "new")) << "an end that was set is not moved";
  EXPECT_THAT(kids(29), ElementsAre("old", "new"));
  EXPECT_THAT(kids(30), ElementsAre("new"));
}

TEST_P(SigningKeysTest, AreReadAsTheyWereWrittenAndResealed) {
  run([&](db::Transaction& tx) {
    insert_signing_key(tx, {"one", "ES256", db::Bytes{"sealed"}, at(1), at(2), at(3)});
    insert_signing_key(tx, {"two", "ES256", db::Bytes{"sealed"}, at(1), at(2), std::nullopt});
    set_signing_key_private(tx, "one", db::Bytes{"anew"});
  });
  const auto keys = run([](db::Transaction& tx) { return list_signing_keys(tx, kNoon); });
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].algorithm, "ES256");
  EXPECT_EQ(keys[0].private_key, db::Bytes{"anew"});
  EXPECT_EQ(keys[0].created_at, at(1));
  EXPECT_EQ(keys[0].signs_from, at(2));
  EXPECT_EQ(keys[0].retires_at, at(3));
  EXPECT_EQ(keys[1].private_key, db::Bytes{"sealed"});
  EXPECT_EQ(violation([](db::Transaction& tx) {
              insert_signing_key(tx, {"one", "ES256", db::Bytes{"x"}, kNoon, kNoon, std::nullopt});
            }),
            "signing_keys_pkey");
}

GATEHOUSE_STORE_SUITE(AuditTest);

constexpr db::Statement kEntries{
    "test entries",
    "SELECT id, at, action, actor_kind, actor_id, subject, address, request_id, payload, position, leaf_hash "
    "FROM audit_entries WHERE organization_id = $1"};

TEST_P(AuditTest, AnEntryIsKeptAsItWasWrittenAndItsIdIsWrittenOnce) {
  const AuditEntry entry{kPlatformOrganization,
                         AuditId::make(kNoon),
                         at(1),
                         "user.signed_up",
                         "user",
                         base::make_uuid_v7(kNoon),
                         "usr_x",
                         "::1",
                         "req-1",
                         R"({"a":"b"})"};
  run([&](db::Transaction& tx) { insert_audit_entry(tx, entry); });
  const auto rows = run([&](db::Transaction& tx) { return tx.query(kEntries, {kPlatformOrganization}); });
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].get<AuditId>(0), entry.id);
  EXPECT_EQ(rows[0].get<base::Time>(1), entry.at);
  EXPECT_EQ(rows[0].get<std::string>(2), entry.action);
  EXPECT_EQ(rows[0].get<std::string>(3), entry.actor_kind);
  EXPECT_EQ(rows[0].get<std::optional<base::Uuid>>(4), entry.actor);
  EXPECT_EQ(rows[0].get<std::optional<std::string>>(5), entry.subject);
  EXPECT_EQ(rows[0].get<std::optional<std::string>>(6), entry.address);
  EXPECT_EQ(rows[0].get<std::optional<std::string>>(7), entry.request_id);
  EXPECT_EQ(rows[0].get<std::string>(8), entry.payload);
  EXPECT_EQ(rows[0].get<std::optional<std::int64_t>>(9), std::nullopt);
  EXPECT_EQ(rows[0].get<std::optional<db::Bytes>>(10), std::nullopt);
  AuditEntry bare = entry;
  bare.actor = std::nullopt;
  bare.subject = bare.address = bare.request_id = std::nullopt;
  EXPECT_EQ(violation([&](db::Transaction& tx) { insert_audit_entry(tx, bare); }), "audit_entries_pkey");
  bare.id = AuditId::make(kNoon);
  EXPECT_EQ(violation([&](db::Transaction& tx) { insert_audit_entry(tx, bare); }), "");
}

}  // namespace
}  // namespace gatehouse::store
