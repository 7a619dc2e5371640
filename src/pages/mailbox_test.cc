#include "base/text.h"
#include "http/router.h"
#include "pages/markup_test.h"
#include "pages/pages.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::pages {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class MailboxPagesTest : public testing::Test {
 protected:
  static smtp::Message letter(const std::string& to, const std::string& subject, const std::string& text) {
    return {"Gatehouse", {"gate@example.com"},
            {to},        subject,
            text,        "<html><head><style>p{color:red}</style></head><p>Hello</p></html>",
            "msg_1",     base::parse_rfc3339("2026-11-22T11:50:34Z")->time};
  }

  http::Response ask(http::Method method, const std::string& path, Pairs query = {}, bool wants_page = true) {
    http::Request request;
    request.method = method;
    request.request_id = "req_test";
    request.query = std::move(query);
    for (const auto segment : base::split(std::string_view(path).substr(1), '/')) request.path.emplace_back(segment);
    const http::Resolution found = router_.resolve(method, request.path, wants_page);
    if (found.route == nullptr) throw std::runtime_error("no such row");
    EXPECT_EQ(found.route->lane, http::Lane::memory);
    request.path_parameters = found.path_parameters;
    return found.route->handle(request);
  }
  http::Response get(const std::string& path, Pairs query = {}) {
    return ask(http::Method::get, path, std::move(query));
  }

  boost::json::array messages(Pairs query = {}) {
    const auto response = ask(http::Method::get, "/dev/mail/messages", std::move(query), false);
    EXPECT_EQ(response.content_type, "application/json");
    return boost::json::parse(response.body).at("messages").as_array();
  }

  smtp::Mailbox mailbox_;
  http::Router router_{mailbox_routes(mailbox_)};
};

TEST_F(MailboxPagesTest, ListsNewestFirstAndRefreshesItself) {
  EXPECT_THAT(get("/dev/mail").body, HasSubstr("No letter has been sent yet."));
  mailbox_.add(letter("ada@example.com", "First & foremost", ""));
  mailbox_.add(letter("bob@example.com", "Second", ""));
  const std::string body = get("/dev/mail").body;
  EXPECT_LT(body.find("Second"), body.find("First &amp; foremost"));
  EXPECT_THAT(body, AllOf(HasSubstr("href=\"/dev/mail/2\""), HasSubstr("22 November 2026 at 11:50 UTC"),
                          HasSubstr("http-equiv=\"refresh\" content=\"5\""), HasSubstr("every letter is caught here")));
}

TEST_F(MailboxPagesTest, ALetterShowsTextWithLinksAndItsHtmlInASandbox) {
  mailbox_.add(
      letter("ada@example.com", "Hello", "Open <this>:\nhttps://id.example.com/verify-email?token=gve_a&b=1.\n"));
  const auto page = get("/dev/mail/1");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body,
              HasSubstr("Open &lt;this&gt;:\n<a href=\"https://id.example.com/verify-email?token=gve_a&amp;b=1\">"
                        "https://id.example.com/verify-email?token=gve_a&amp;b=1</a>.\n"));
  EXPECT_THAT(page.body, AllOf(HasSubstr("sandbox=\"allow-popups"), Not(HasSubstr("allow-scripts")),
                               Not(HasSubstr("allow-same-origin")), Not(HasSubstr("color:red"))));
  for (const auto& [name, value] : page.headers) EXPECT_THAT(value, Not(HasSubstr("unsafe-inline"))) << name;
}

TEST_F(MailboxPagesTest, TheFramedHtmlIsSandboxedByItselfAndItsLinksOpenOutside) {
  mailbox_.add(letter("ada@example.com", "Hello", ""));
  const auto frame = get("/dev/mail/1/html");
  EXPECT_EQ(frame.body, "<html><head><base target=\"_blank\"><style>p{color:red}</style></head><p>Hello</p></html>");
  EXPECT_THAT(frame.headers,
              ElementsAre(Pair("Content-Security-Policy",
                               AllOf(testing::StartsWith("sandbox allow-popups "), HasSubstr("default-src 'none'"),
                                     Not(HasSubstr("allow-scripts")), Not(HasSubstr("allow-same-origin")),
                                     HasSubstr("frame-ancestors 'self'")))));
}

TEST_F(MailboxPagesTest, SourceIsWhatGoesOverTheWire) {
  mailbox_.add(letter("ada@example.com", "Hëllo", "Hello\n"));
  const auto source = get("/dev/mail/1/source");
  EXPECT_EQ(source.content_type, "text/plain; charset=us-ascii");
  EXPECT_EQ(source.body, smtp::to_wire(mailbox_.find(1)->message));
}

TEST_F(MailboxPagesTest, ALetterThatIsNotThereIsNotFound) {
  EXPECT_EQ(get("/dev/mail/1").status, 404);
  EXPECT_EQ(get("/dev/mail/1/source").status, 404);
  EXPECT_EQ(get("/dev/mail/one").status, 400);
  EXPECT_EQ(get("/dev/mail/99999999999999999999").status, 400);
}

TEST_F(MailboxPagesTest, TestsFindTheLettersOfOneAddressAndTheLinksInThem) {
  mailbox_.add(letter("ada@example.com", "First", "See https://id.example.com/a?token=1, and so on"));
  mailbox_.add(letter("bob@example.com", "Other", ""));
  mailbox_.add(letter("ada@example.com", "Last", "(https://id.example.com/b) https://id.example.com"));
  EXPECT_EQ(messages().size(), 3u);
  const auto found = messages({{"to", "Ada@Example.com"}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].at("subject"), "Last");
  EXPECT_EQ(found[0].at("number"), 3);
  EXPECT_EQ(found[0].at("links"), boost::json::array({"https://id.example.com/b", "https://id.example.com"}));
  EXPECT_EQ(found[1].at("links"), boost::json::array({"https://id.example.com/a?token=1"}));
  EXPECT_EQ(found[1].at("to"), "ada@example.com");
  EXPECT_EQ(found[1].at("from"), "gate@example.com");
  EXPECT_EQ(found[1].at("date"), "2026-11-22T11:50:34.000Z");
  EXPECT_THAT(std::string(found[1].at("html").as_string()), HasSubstr("<p>Hello</p>"));
  EXPECT_EQ(messages({{"to", "nobody@example.com"}}).size(), 0u);
  EXPECT_EQ(ask(http::Method::get, "/dev/mail/messages", {{"to", "nobody"}}, false).status, 400);
}

TEST_F(MailboxPagesTest, ClearEmptiesAndNumbersGoOn) {
  mailbox_.add(letter("ada@example.com", "First", ""));
  EXPECT_EQ(ask(http::Method::del, "/dev/mail/messages", {}, false).status, 204);
  EXPECT_EQ(messages().size(), 0u);
  mailbox_.add(letter("ada@example.com", "Second", ""));
  EXPECT_EQ(messages()[0].at("number"), 2);
}

TEST_F(MailboxPagesTest, NothingInALetterBecomesMarkupOfThePage) {
  mailbox_.add(letter("harmless", "harmless", "harmless"));
  const std::string list = shape_of_markup(get("/dev/mail").body);
  const std::string page = shape_of_markup(get("/dev/mail/1").body);
  for (const std::string payload :
       {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</pre><script>alert(1)</script>",
        "</title><svg onload=alert(1)>", "javascript:alert(1)", "<a href=\"javascript:alert(1)\">x</a>", "<!--"}) {
    SCOPED_TRACE(payload);
    mailbox_.clear();
    mailbox_.add(letter(payload, payload, payload));
    const std::string number = std::to_string(mailbox_.list().front().number);
    EXPECT_EQ(shape_of_markup(get("/dev/mail").body), list);
    EXPECT_EQ(shape_of_markup(get("/dev/mail/" + number).body), page);
  }
}

TEST_F(MailboxPagesTest, ALinkInTextEndsWhereMarkupBegins) {
  mailbox_.add(
      letter("ada@example.com", "x", "http://a.test/\" onclick=\"alert(1) https://b.test/<script> https:// http"));
  std::vector<std::string> links;
  for (const Tag& tag : tags_of(get("/dev/mail/1").body)) {
    if (tag.name == "a" && tag.attribute("href").starts_with("http")) links.push_back(tag.attribute("href"));
    EXPECT_EQ(tag.attribute("onclick"), "");
  }
  EXPECT_THAT(links, ElementsAre("http://a.test/", "https://b.test/", "https://"));
}

}  // namespace
}  // namespace gatehouse::pages
