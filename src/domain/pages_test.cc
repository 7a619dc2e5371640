#include "domain/pages.h"

#include "base/text.h"
#include "domain/fixture_test.h"

namespace gatehouse::domain {
namespace {

using testing::ElementsAre;

class PagesTest : public DomainTest {
 protected:
  std::string cursor() const { return to_cursor(services_, "members", organization_, position_); }
  bool is_taken(const std::string& text) const {
    return from_cursor(services_, "members", organization_, text).has_value();
  }

  store::OrganizationId organization_ = store::OrganizationId::make(kNoon);
  Position position_{kNoon + base::Duration(123456), base::make_uuid_v7(kNoon)};
};

TEST_F(PagesTest, ACursorLeadsBackToItsPosition) {
  for (const base::Time time : {position_.time, base::Time{}, base::Time(base::Duration(-5))}) {
    const Position position{time, position_.id};
    const auto back =
        from_cursor(services_, "members", organization_, to_cursor(services_, "members", organization_, position));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->time, position.time);
    EXPECT_EQ(back->id, position.id);
  }
}

TEST_F(PagesTest, ACursorCarriesTheTextThatItsListIsOrderedBy) {
  for (const std::string text : {"", "a", "grace@acme.example", "\xf4\x8f\xbf\xbf"}) {
    const Position position{kNoon, position_.id, text};
    const auto back =
        from_cursor(services_, "members", organization_, to_cursor(services_, "members", organization_, position));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->text, text);
    EXPECT_EQ(back->id, position.id);
  }
}

TEST_F(PagesTest, NoCursorIsTheBeginning) {
  const auto beginning = from_cursor(services_, "members", organization_, std::nullopt);
  ASSERT_TRUE(beginning.has_value());
  EXPECT_EQ(beginning->time, base::Time{});
  EXPECT_EQ(beginning->id, base::Uuid{});
}

TEST_F(PagesTest, EveryFlippedBitIsRefused) {
  const std::string raw = base::from_base64url(cursor()).value();
  for (std::size_t bit = 0; bit < raw.size() * 8; ++bit) {
    std::string changed = raw;
    changed[bit / 8] = char(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(is_taken(base::to_base64url(changed))) << bit;
  }
}

TEST_F(PagesTest, EveryCutAndEveryAdditionIsRefused) {
  const std::string whole = cursor();
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(is_taken(whole.substr(0, size))) << size;
  EXPECT_FALSE(is_taken(whole + "A"));
  EXPECT_FALSE(is_taken(whole + "="));
  EXPECT_FALSE(is_taken(" " + whole));
  EXPECT_FALSE(is_taken(whole + whole));
}

TEST_F(PagesTest, ACursorOfAnotherListOrOrganizationIsRefused) {
  EXPECT_FALSE(from_cursor(services_, "invitations", organization_, cursor()).has_value());
  EXPECT_FALSE(from_cursor(services_, "member", organization_, cursor()).has_value());
  EXPECT_FALSE(from_cursor(services_, "members", store::OrganizationId::make(kNoon), cursor()).has_value());
}

TEST_F(PagesTest, ARefusedCursorPointsAtItsParameter) {
  const auto refused = from_cursor(services_, "members", organization_, "nonsense");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, &base::kInvalidRequest);
  EXPECT_EQ(refused.error().problems.at(0).pointer, "?after");
}

TEST_F(PagesTest, ACursorOutlivesTheRotationOfItsKeyAndDiesWithIt) {
  const std::string old_key = "a:" + base::to_base64(std::string(32, 'a'));
  const std::string new_key = "b:" + base::to_base64(std::string(32, 'b'));
  const auto with = [&](const crypto::EncryptionKeys& keys) {
    return Services{*database_,     clock_,     hasher_, keys,      sealer_,
                    access_tokens_, settings(), [] {},   requests_, known_sessions_};
  };
  const auto before = keys(old_key), both = keys(new_key + "," + old_key), after = keys(new_key);
  const std::string text = to_cursor(with(before), "members", organization_, position_);
  EXPECT_TRUE(from_cursor(with(both), "members", organization_, text).has_value());
  EXPECT_FALSE(from_cursor(with(after), "members", organization_, text).has_value());
}

TEST_F(PagesTest, APageShowsItsLimitAndLeadsToTheRowBehindTheLastOne) {
  const auto page_of = [&](std::vector<int> rows, std::int64_t limit) {
    return make_page<int>(
        services_, "members", organization_, std::move(rows), limit, [](int row) { return row * 10; },
        [](int row) {
          return Position{base::Time(base::Duration(row)), {}};
        });
  };
  const auto more = page_of({1, 2, 3}, 2);
  EXPECT_THAT(more.data, ElementsAre(10, 20));
  EXPECT_TRUE(more.page.has_more);
  const auto next = from_cursor(services_, "members", organization_, more.page.next);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->time, base::Time(base::Duration(2)));
  const auto last = page_of({1, 2}, 2);
  EXPECT_THAT(last.data, ElementsAre(10, 20));
  EXPECT_FALSE(last.page.has_more);
  EXPECT_EQ(last.page.next, std::nullopt);
  EXPECT_TRUE(page_of({}, 2).data.empty());
}

}  // namespace
}  // namespace gatehouse::domain
