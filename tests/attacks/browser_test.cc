#include "tests/attacks/browser_attack.h"

#include "api/routes.h"
#include "crypto/token.h"
#include "pages/pages.h"

#include <gmock/gmock.h>
#include <iostream>

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::Not;

namespace {

const std::string kEvil = "https://evil.test";

/// What browsers say of a request that a page of somebody else sent, old and new ones.
const std::vector<Headers> kForeign{{{"Sec-Fetch-Site", "cross-site"}},
                                    {{"Sec-Fetch-Site", "same-site"}},
                                    {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}},
                                    {{"Sec-Fetch-Site", "cross-site"}, {"Origin", std::string(kPublicUrl)}},
                                    {{"Origin", kEvil}},
                                    {{"Origin", "http://127.0.0.1:5001"}},
                                    {{"Origin", "https://127.0.0.1:5000"}},
                                    {{"Origin", "http://127.0.0.1:5000.evil.test"}},
                                    {{"Origin", ""}},
                                    {{"Origin", kEvil}, {"Sec-Fetch-Site", "same-origin"}}};
/// What proves nothing: enough to read with, and no more.
const std::vector<Headers> kSilent{{}, {{"Origin", "null"}}, {{"Sec-Fetch-Site", "none"}}};

}  // namespace

class BrowserCookie : public BrowserAttack {};

TEST_P(BrowserCookie, NoPageOfAnotherSiteSendsAForm) {
  const std::string before = account();
  int tried = 0;
  for (const http::Route& row : pages::page_routes(program().services())) {
    if (row.method != http::Method::post) continue;
    for (const Headers& foreign : kForeign) {
      Call call{.method = "POST",
                .target = row.path,
                .headers = foreign,
                .body = to_query({{"email", ada_.email}, {"password", kPassword}}),
                .content_type = "application/x-www-form-urlencoded"};
      call.headers.emplace_back("Cookie", browser_.cookies());
      call.headers.emplace_back("Accept", "text/html");
      const Reply reply = client().send(call);
      EXPECT_EQ(reply.status, 403) << row.path << reply;
      EXPECT_THAT(reply.body, HasSubstr("sent from another site")) << row.path;
      EXPECT_EQ(reply.header("set-cookie"), "") << row.path;
      ++tried;
    }
  }
  EXPECT_GE(tried, 15 * 10);
  EXPECT_EQ(account(), before);
}

TEST_P(BrowserCookie, NoRowOfTheApiTakesTheCookieFromAnotherSite) {
  const World world = make_world("w");
  Browser owner = signed_in(world.founder.email);
  int changes = 0, reads = 0;
  for (const api::Row& row : rows()) {
    if (row.access == api::Access::anyone) continue;
    const bool is_reading = row.route.method == http::Method::get;
    const auto expect_refused = [&](const Headers& headers) {
      Call call = calls_.call(row, world.own);
      call.headers = headers;
      call.headers.emplace_back("Cookie", owner.cookies());
      expect_problem(client().send(call), 403, "cross_site_request");
    };
    SCOPED_TRACE(name_of(row));
    for (const Headers& foreign : kForeign) expect_refused(foreign);
    if (!is_reading) {
      for (const Headers& silent : kSilent) expect_refused(silent);
    }
    ++(is_reading ? reads : changes);
  }
  EXPECT_EQ(owner.ask("/v1/session").status, 200);
  std::cout << "cookies of other sites on " << support::dialect_name(GetParam()) << ": " << changes
            << " rows that change, " << reads << " that read\n";
  EXPECT_TRUE(is_one_row() || changes > 40);
}

TEST_P(BrowserCookie, ReadingNeedsNoProofButNoForeignWordEither) {
  for (const Headers& silent : kSilent) EXPECT_EQ(session_by(browser_.cookies(), silent).status, 200);
  EXPECT_EQ(session_by(browser_.cookies(), {{"Sec-Fetch-Site", "same-origin"}}).status, 200);
  for (const Headers& foreign : kForeign) {
    expect_problem(session_by(browser_.cookies(), foreign), 403, "cross_site_request");
  }
}

TEST_P(BrowserCookie, AFormNeedsTheTokenOfItsOwnSession) {
  const Founder eve = found("eve@evil.example", "Evil");
  Browser evil = signed_in(eve.email);
  evil.open("/sign-out");
  const std::string foreign = evil.value_of("form_token");
  ASSERT_NE(foreign, "");
  browser_.open("/sign-out");
  const std::string own = browser_.value_of("form_token");
  EXPECT_NE(own, foreign);
  std::string changed = own;
  changed[5] = changed[5] == 'A' ? 'B' : 'A';
  const std::vector<Headers> without{{},
                                     {{"form_token", ""}},
                                     {{"form_token", foreign}},
                                     {{"form_token", changed}},
                                     {{"form_token", own + "A"}},
                                     {{"form_token", browser_.cookie()}},
                                     {{"form_token", foreign}, {"form_token", own}},
                                     {{"Form_token", own}}};
  const std::string before = account();
  for (const http::Route& row : pages::page_routes(program().services())) {
    const bool is_for_visitors =
        row.path.starts_with("/account") || row.path == "/choose-organization" || row.path == "/sign-out";
    if (row.method != http::Method::post || !is_for_visitors) continue;
    for (Headers fields : without) {
      for (const auto& field : Headers{{"name", "Owned"},
                                       {"password", kPassword},
                                       {"which", "others"},
                                       {"organization", ada_.organization_id}}) {
        fields.push_back(field);
      }
      browser_.post(row.path, fields);
      EXPECT_EQ(browser_.page().status, 403) << row.path << browser_.page();
      // A browser that says nothing gets no form back that somebody else has filled in.
      Call call{.method = "POST",
                .target = row.path,
                .headers = {{"Origin", "null"}, {"Cookie", browser_.cookies()}},
                .body = to_query(fields),
                .content_type = "application/x-www-form-urlencoded"};
      const Reply silent = client().send(call);
      EXPECT_EQ(silent.status, 403) << row.path;
      EXPECT_THAT(silent.body, Not(HasSubstr("Owned"))) << row.path;
    }
  }
  EXPECT_EQ(account(), before);
  EXPECT_EQ(browser_.post("/sign-out", {{"form_token", own}}).status, 200);
  EXPECT_EQ(browser_.target(), "/signed-out") << "the true token works after all of that";
}

TEST_P(BrowserCookie, AFormIsNoOtherMediaType) {
  browser_.open("/account/profile");
  const std::string body = "form_token=" + browser_.value_of("form_token") + "&name=Owned";
  for (const std::string type : {"text/plain", "application/json", "multipart/form-data", ""}) {
    const Reply reply = client().send({.method = "POST",
                                       .target = "/account/profile",
                                       .headers = {{"Sec-Fetch-Site", "same-origin"}, {"Cookie", browser_.cookies()}},
                                       .body = body,
                                       .content_type = type});
    EXPECT_EQ(reply.status, 415) << type;
  }
  EXPECT_THAT(account(), Not(HasSubstr("Owned")));
}

TEST_P(BrowserCookie, NoChangedCookieIsTaken) {
  const std::string value = browser_.cookie();
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string mutant = value;
    mutant[i] = mutant[i] == 'A' ? 'B' : 'A';
    expect_problem(session_by(named(mutant)), 401, "unauthenticated");
    if (i % 8 == 0) expect_problem(session_by(named(value.substr(0, i))), 401, "unauthenticated");
  }
  for (const std::string& other : {value + "A", value + "=", "\"" + value + "\"", value.substr(4), std::string()}) {
    expect_problem(session_by(named(other)), 401, "unauthenticated");
  }
  EXPECT_EQ(session_by(named(value)).status, 200);
}

TEST_P(BrowserCookie, WithoutOurKeyNobodyNamesASession) {
  const auto real = crypto::parse_browser_session(program().services().keys, browser_.cookie());
  ASSERT_TRUE(real);
  const auto others = crypto::EncryptionKeys::parse(crypto::EncryptionKeys::generate());
  expect_problem(session_by(named(std::string(crypto::make_browser_session(others, *real).reveal()))), 401,
                 "unauthenticated");
  // With our key, but of a session that there is not, or in another directory.
  const auto ours = [&](const crypto::BrowserSession& session) {
    return named(std::string(crypto::make_browser_session(program().services().keys, session).reveal()));
  };
  expect_problem(session_by(ours({real->directory, base::make_uuid_v7(kStart)})), 401, "unauthenticated");
  expect_problem(session_by(ours({base::make_uuid_v7(kStart), real->session})), 401, "unauthenticated");
  EXPECT_EQ(session_by(ours(*real)).status, 200);
}

TEST_P(BrowserCookie, TheCookieIsNoTokenAndNoTokenIsACookie) {
  const Tokens tokens = sign_in(ada_.email);
  for (const std::string& token : {tokens.access, tokens.refresh}) {
    expect_problem(session_by(named(token)), 401, "unauthenticated");
    expect_problem(session_by(named("gbs_" + token.substr(4))), 401, "unauthenticated");
  }
  expect_problem(session(browser_.cookie()), 401, "unauthenticated");
  expect_problem(refresh(browser_.cookie()), 401, "invalid_refresh_token");
  expect_problem(refresh("grt_" + browser_.cookie().substr(4)), 401, "invalid_refresh_token");
  EXPECT_EQ(browser_.ask("/v1/session").status, 200);
}

TEST_P(BrowserCookie, TwoCookiesOfOneNameAreNone) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string planted = named(signed_in(eve.email).cookie()), own = named(browser_.cookie());
  for (const std::string& cookies : {planted + "; " + own, own + "; " + planted, own + "; " + own}) {
    expect_problem(session_by(cookies), 401, "unauthenticated");
  }
  EXPECT_EQ(session_by("a=b; " + own + "; c=d").status, 200);
}

TEST_P(BrowserCookie, ACookieNeverCountsBesideAnAuthorizationHeader) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string evil = access_token(eve.email);
  const auto ask = [&](const std::string& authorization) {
    return session_by(browser_.cookies(), {{"Authorization", authorization}, {"Sec-Fetch-Site", "same-origin"}});
  };
  EXPECT_EQ(ask("Bearer " + evil).text("/user/id"), eve.user_id);
  std::string broken = evil;
  broken.back() = broken.back() == 'A' ? 'B' : 'A';
  for (const std::string& authorization :
       {"Bearer " + broken, std::string("Bearer "), std::string("Basic YTpi"), std::string("Bearer x")}) {
    expect_problem(ask(authorization), 401, "unauthenticated");
  }
  const Reply page = client().send({.target = "/account",
                                    .headers = {{"Cookie", browser_.cookies()},
                                                {"Accept", "text/html"},
                                                {"Authorization", "Bearer " + access_token(ada_.email)}}});
  EXPECT_EQ(page.status, 303) << "pages are opened by cookies alone";
}

TEST_P(BrowserCookie, AnEndedSessionIsOverForItsCookie) {
  Browser copy(client());
  copy.set_cookie("gatehouse_session", browser_.cookie());
  browser_.open("/sign-out");
  browser_.submit({});
  expect_problem(copy.ask("/v1/session"), 401, "unauthenticated");
  copy.post("/account/profile", {{"name", "Owned"}});
  EXPECT_EQ(copy.page().status, 401);
  EXPECT_THAT(copy.page().body, HasSubstr("Sign in"));
}

TEST_P(BrowserCookie, SigningInAdoptsNoSessionThatWasThereBefore) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string planted = signed_in(eve.email).cookie();
  Browser victim(client());
  victim.set_cookie("gatehouse_session", planted);
  victim.post("/sign-in", {{"email", ada_.email}, {"password", kPassword}});
  EXPECT_NE(victim.cookie(), planted);
  EXPECT_EQ(victim.ask("/v1/session").text("/user/id"), ada_.user_id);
  expect_problem(session_by(named(planted)), 401, "unauthenticated");
  // Again as oneself: the session before is over.
  const std::string first = victim.cookie();
  victim.post("/sign-in", {{"email", ada_.email}, {"password", kPassword}});
  EXPECT_NE(victim.cookie(), first);
  expect_problem(session_by(named(first)), 401, "unauthenticated");
  // What nobody has given out is nobody's session.
  Browser chooser(client());
  chooser.set_cookie("gatehouse_session", "gbs_my-own-choice");
  chooser.post("/sign-in", {{"email", ada_.email}, {"password", kPassword}});
  EXPECT_NE(chooser.cookie(), "gbs_my-own-choice");
  EXPECT_EQ(chooser.ask("/v1/session").status, 200);
}

TEST_P(BrowserCookie, OriginsThatMayCallTheApiMayNotUseTheCookie) {
  start({{"cors_origins", "https://app.example.com"}});
  ada_ = found("ada@acme.example", "Acme");
  browser_ = signed_in(ada_.email);
  const Reply reply = session_by(browser_.cookies(), {{"Origin", "https://app.example.com"}});
  expect_problem(reply, 403, "cross_site_request");
  EXPECT_EQ(reply.header("access-control-allow-origin"), "https://app.example.com");
  EXPECT_EQ(reply.header("access-control-allow-credentials"), "");
}

GATEHOUSE_ON_BOTH_DATABASES(BrowserCookie);

}  // namespace gatehouse::tests
