#include "domain/sessions.h"

#include "domain/fixture_test.h"

namespace gatehouse::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr db::Statement kLastDays{"test last days", "SELECT last_day FROM member_activity ORDER BY last_day"};

/// Sessions, and on which days their refreshes note somebody as active. A row that was not written, or that the test
/// has deleted, shows that nothing was asked.
class SessionsTest : public DomainTest {
 protected:
  base::Secret begin_session(const House& house) {
    store::Session session = new_session(services_, house.founder, {}, clock_.now());
    session.organization = house.organization;
    run([&](db::Transaction& tx) { store::insert_session(tx, session); });
    return issue_tokens(services_, house.founder, session.id, session.generation, std::nullopt, clock_.now())
        .refresh_token;
  }
  base::Secret refreshed(const base::Secret& token) {
    auto tokens = refresh(services_, {}, {token});
    EXPECT_TRUE(tokens.has_value());
    return tokens->refresh_token;
  }
  /// Relative to today.
  std::vector<std::int64_t> last_days() {
    return run([&](db::Transaction& tx) {
      std::vector<std::int64_t> days;
      for (const db::Row& row : tx.query(kLastDays)) {
        days.push_back(row.get<std::int64_t>(0) - clock_.now().time_since_epoch() / 24h);
      }
      return days;
    });
  }
};

TEST_F(SessionsTest, ARefreshNotesActivityOnceADay) {
  base::Secret token = begin_session(found("Acme", "acme", add_user("ann@x.example")));
  token = refreshed(token);
  EXPECT_THAT(last_days(), IsEmpty()) << "the sign-in noted this day";
  clock_.advance(12h - 1us);
  token = refreshed(token);
  EXPECT_THAT(last_days(), IsEmpty());
  clock_.advance(1us);
  token = refreshed(token);
  EXPECT_THAT(last_days(), ElementsAre(0));
  run([](db::Transaction& tx) { tx.run_script("DELETE FROM member_activity"); });
  clock_.advance(1h);
  token = refreshed(token);
  EXPECT_THAT(last_days(), IsEmpty());
}

TEST_F(SessionsTest, ATokenThatIsGivenAgainAfterMidnightNotesTheNewDay) {
  const base::Secret token = begin_session(found("Acme", "acme", add_user("ann@x.example")));
  clock_.advance(12h - 1s);
  refreshed(token);
  EXPECT_THAT(last_days(), IsEmpty());
  clock_.advance(2s);
  refreshed(token);
  EXPECT_THAT(last_days(), ElementsAre(0));
}

TEST_F(SessionsTest, ARefreshAfterAClockThatRanAheadNotesNothingOlder) {
  const base::Secret token = begin_session(found("Acme", "acme", add_user("ann@x.example")));
  clock_.advance(24h);
  const base::Secret next = refreshed(token);
  clock_.advance(-13h);
  refreshed(next);
  EXPECT_THAT(last_days(), ElementsAre(1));
}

}  // namespace
}  // namespace gatehouse::domain
