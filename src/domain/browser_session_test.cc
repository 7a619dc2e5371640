#include "domain/browser_session.h"

#include "crypto/token.h"
#include "domain/fixture_test.h"
#include "store/platform_organizations.h"

namespace gatehouse::domain {
namespace {

/// What lets a cookie in, looked at without HTTP around it.
class BrowserSessionTest : public DomainTest {
 protected:
  static http::Request asking(http::Method method, http::Headers headers) {
    http::Request request;
    request.method = method;
    request.headers = std::move(headers);
    return request;
  }
  /// Of a session in that organization.
  std::string begin_in(const House& house, const store::Account& account) {
    session_ = sign_in(account).session();
    run([&](db::Transaction& tx) {
      store::switch_session(tx, account.directory, session_, house.organization, clock_.now(), clock_.now() + 1h);
    });
    return std::string(crypto::make_browser_session(keys_, {account.directory.uuid, session_.uuid}).reveal());
  }
  base::Result<SignedIn> show(const std::string& cookie) {
    return Admission::signed_in(services_, {}, {.cookie = cookie});
  }
  store::MemberId member_id(const House& house, const store::Account& account) {
    return run([&](db::Transaction& tx) { return store::find_member_by_user(tx, house.organization, account.user); })
        ->id;
  }

  const store::Account ann_ = add_user("ann@x.example"), bob_ = add_user("bob@x.example");
  const House acme_ = found("Acme", "acme", ann_);
  store::SessionId session_;
};

TEST_F(BrowserSessionTest, ItsHolderIsKnownToHaveComeByCookie) {
  const auto person = show(begin_in(acme_, ann_)).value();
  EXPECT_TRUE(person.is_by_cookie());
  EXPECT_EQ(person.account(), ann_);
  EXPECT_EQ(person.session(), session_);
  EXPECT_EQ(person.active_organization(), acme_.organization);
  EXPECT_FALSE(sign_in(ann_).is_by_cookie());
}

TEST_F(BrowserSessionTest, LivesNoLongerThanTheMembershipThoughNobodyEndedIt) {
  join(acme_, bob_, "member");
  const std::string cookie = begin_in(acme_, bob_);
  ASSERT_TRUE(show(cookie));
  const auto member = member_id(acme_, bob_);
  run([&](db::Transaction& tx) {
    store::set_member_status(tx, acme_.organization, member, "suspended", clock_.now());
  });
  EXPECT_EQ(show(cookie).error().code, &base::kUnauthenticated);
}

TEST_F(BrowserSessionTest, LivesNoLongerThanItsOrganizationIsActive) {
  const std::string cookie = begin_in(acme_, ann_);
  run([&](db::Transaction& tx) { store::set_organization_suspended(tx, acme_.organization, true); });
  EXPECT_EQ(show(cookie).error().code, &base::kUnauthenticated);
}

TEST_F(BrowserSessionTest, APolicyThatBecameStricterEndsIt) {
  const std::string used = begin_in(acme_, ann_), left = begin_in(acme_, ann_);
  store::Policies policies;
  policies.session_absolute_seconds = 120;
  run([&](db::Transaction& tx) { store::set_policies(tx, acme_.organization, policies); });
  clock_.advance(119s);
  EXPECT_TRUE(show(used));
  clock_.advance(1s);
  EXPECT_EQ(show(used).error().code, &base::kUnauthenticated);
  EXPECT_EQ(show(left).error().code, &base::kUnauthenticated) << "as was written down before the policy, it would live";
}

TEST_F(BrowserSessionTest, AnAuthorizationFieldTakesTheWordFromIt) {
  const std::string cookie = begin_in(acme_, ann_);
  for (const std::string_view field : {"", "Bearer", "Bearer x", "Basic YTpi"}) {
    const Proof both{.authorization = field, .cookie = cookie};
    EXPECT_EQ(Admission::signed_in(services_, {}, both).error().code, &base::kUnauthenticated) << field;
    const auto request =
        asking(http::Method::get, {{"authorization", std::string(field)}, {"cookie", "__Host-gatehouse_session=x"}});
    EXPECT_FALSE(api_proof_of(request, settings())->cookie) << field;
    EXPECT_FALSE(page_proof_of(request, settings()).cookie) << field;
  }
}

TEST_F(BrowserSessionTest, ChangesByTheApiNeedTheWordOfTheBrowser) {
  const auto is_taken = [&](http::Method method, http::Headers headers) {
    headers.emplace_back("cookie", "__Host-gatehouse_session=x");
    return api_proof_of(asking(method, std::move(headers)), settings()).has_value();
  };
  for (const auto method : {http::Method::post, http::Method::put, http::Method::patch, http::Method::del}) {
    EXPECT_FALSE(is_taken(method, {}));
    EXPECT_FALSE(is_taken(method, {{"origin", "null"}}));
    EXPECT_FALSE(is_taken(method, {{"sec-fetch-site", "none"}}));
    EXPECT_TRUE(is_taken(method, {{"origin", "https://id.example.com"}}));
    EXPECT_TRUE(is_taken(method, {{"sec-fetch-site", "same-origin"}}));
  }
  for (const auto method : {http::Method::get, http::Method::head}) {
    EXPECT_TRUE(is_taken(method, {}));
    EXPECT_FALSE(is_taken(method, {{"sec-fetch-site", "cross-site"}}));
  }
  // Without a cookie there is nothing to abuse.
  EXPECT_TRUE(api_proof_of(asking(http::Method::post, {{"origin", "https://evil.test"}}), settings()));
}

}  // namespace
}  // namespace gatehouse::domain
