#include "domain/known_sessions.h"

#include "store/announcements.h"
#include "store/migrations.h"
#include "tests/support/databases.h"

#include <gmock/gmock.h>

#include <future>
#include <latch>

namespace gatehouse::domain {
namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1795348800}};

class KnownSessionsTest : public testing::TestWithParam<db::Dialect> {
 protected:
  KnownSessionsTest() { db::migrate(*database_, store::migrations()); }

  void keep(std::string_view proof, KnownSessions::Moment asked_at, base::Time until = kNow + 300s) {
    known_.keep(digest_of('t', proof), asked_at, {"{}", "", store::SessionId{session_}, {session_, user_}, until});
  }
  bool knows(std::string_view proof, base::Time now = kNow) {
    return known_.find(digest_of('t', proof), now) != nullptr;
  }
  /// So fast that what is known is believed for a while: a busy machine may need another try.
  void hear() {
    const auto begin = std::chrono::steady_clock::now();
    known_.hear(*database_);
    if (std::chrono::steady_clock::now() - begin > KnownSessions::kTrust / 4) hear();
  }
  const base::Uuid session_ = base::make_uuid_v7(kNow), user_ = base::make_uuid_v7(kNow);
  support::TestDatabase home_{GetParam()};
  std::unique_ptr<db::Database> database_ = db::open_database(home_.url);
  KnownSessions known_{64};
};

INSTANTIATE_TEST_SUITE_P(Both, KnownSessionsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(KnownSessionsTest, WhoHasNotListenedKnowsNothing) {
  keep("a", known_.moment());
  EXPECT_FALSE(knows("a"));
  hear();
  EXPECT_TRUE(knows("a"));
  std::this_thread::sleep_for(KnownSessions::kTrust + 10ms);
  EXPECT_FALSE(knows("a"));
  hear();
  EXPECT_TRUE(knows("a"));
}

TEST_P(KnownSessionsTest, AnAnswerEndsWhenItSays) {
  hear();
  keep("a", known_.moment(), kNow + 10s);
  EXPECT_TRUE(knows("a", kNow + 10s - 1us));
  EXPECT_FALSE(knows("a", kNow + 10s));
  EXPECT_FALSE(knows("b"));
}

TEST_P(KnownSessionsTest, ACookieIsNoToken) {
  hear();
  known_.keep(digest_of('c', "a"), known_.moment(), {"{}", "", store::SessionId{session_}, {session_}, kNow + 300s});
  EXPECT_NE(known_.find(digest_of('c', "a"), kNow), nullptr);
  EXPECT_EQ(known_.find(digest_of('t', "a"), kNow), nullptr);
}

TEST_P(KnownSessionsTest, AnAnswerEndsWithTheChangeOfAnythingThatItIsAbout) {
  hear();
  for (const base::Uuid& subject : {session_, user_, base::Uuid{}}) {
    keep("a", known_.moment());
    known_.forget(std::array{base::make_uuid_v7(kNow)});
    EXPECT_TRUE(knows("a"));
    known_.forget(std::array{subject});
    EXPECT_FALSE(knows("a"));
  }
}

TEST_P(KnownSessionsTest, WhatWasAskedForBeforeAChangeIsNotKeptBehindIt) {
  hear();
  const auto asked_at = known_.moment();
  known_.forget(std::array{user_});
  keep("a", asked_at);
  EXPECT_FALSE(knows("a"));
  keep("a", known_.moment());
  EXPECT_TRUE(knows("a"));
}

TEST_P(KnownSessionsTest, WhatOthersAnnounceIsHeardOnce) {
  hear();
  keep("a", known_.moment());
  const auto done = database_->write([&](db::Transaction& tx) -> base::Result<void> {
    store::announce(tx, user_);
    return {};
  });
  ASSERT_TRUE(done);
  hear();
  EXPECT_FALSE(knows("a"));
  keep("a", known_.moment());
  hear();
  EXPECT_TRUE(knows("a"));
}

TEST(KnownSessionsOnPostgresTest, WhoAnnouncedFirstAndCommitsLastIsHeard) {
  const support::TestDatabase home(db::Dialect::postgresql);
  const auto database = db::open_database(home.url);
  db::migrate(*database, store::migrations());
  const base::Uuid early = base::make_uuid_v7(kNow), late = base::make_uuid_v7(kNow);
  KnownSessions known(64);
  const auto announce = [&](const base::Uuid& subject, const std::function<void()>& before_commit) {
    const auto done = database->write([&](db::Transaction& tx) -> base::Result<void> {
      store::announce(tx, subject);
      static_cast<void>(store::list_announcements(tx, {}));  // so that it has been sent
      before_commit();
      return {};
    });
    ASSERT_TRUE(done);
  };
  const auto keep = [&](std::string_view proof, const base::Uuid& subject) {
    known.keep(digest_of('t', proof), known.moment(), {"{}", "", store::SessionId{}, {subject}, kNow + 300s});
  };
  const auto knows = [&](std::string_view proof) { return known.find(digest_of('t', proof), kNow) != nullptr; };
  known.hear(*database);
  keep("early", early);
  keep("late", late);

  std::latch made(1), heard(1);
  const auto writer = std::async(std::launch::async, [&] {
    announce(early, [&] {
      made.count_down();
      heard.wait();
    });
  });
  made.wait();
  std::this_thread::sleep_for(20ms);  // so that the ids tell them apart
  announce(late, [] {});
  known.hear(*database);
  EXPECT_FALSE(knows("late"));
  EXPECT_TRUE(knows("early")) << "it is not committed yet";
  heard.count_down();
  writer.wait();
  known.hear(*database);
  EXPECT_FALSE(knows("early"));
}

}  // namespace
}  // namespace gatehouse::domain
