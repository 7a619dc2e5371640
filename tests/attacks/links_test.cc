#include "tests/support/flow_test.h"
#include "tests/support/smtp_server.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::tests {

namespace {

constexpr std::string_view kUrl = "https://id.example.com";

/// One way to tell a server that it is somebody else.
struct Poison {
  std::string name;
  Headers headers;
  std::string target_prefix;  // for the absolute form of a request target
};

std::vector<Poison> poisons() {
  std::vector<Poison> all{
      {"Host", {{"Host", "evil.test"}}, {}},
      {"Host with port", {{"Host", "id.example.com:evil.test"}}, {}},
      {"Host with user", {{"Host", "id.example.com@evil.test"}}, {}},
      {"two Hosts", {{"Host", "127.0.0.1"}, {"Host", "evil.test"}}, {}},
      {"absolute form", {}, "http://evil.test"},
      {"absolute form and Host", {{"Host", "evil.test"}}, "http://evil.test"},
      {"Forwarded", {{"Forwarded", "host=evil.test;proto=http;for=1.2.3.4"}}, {}},
      {"all X", {{"X-Forwarded-Host", "evil.test"}, {"X-Forwarded-Proto", "http"}, {"X-Host", "evil.test"}}, {}},
  };
  for (const char* field : {"X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server",
                            "X-HTTP-Host-Override", "X-Original-URL", "X-Rewrite-URL", "Origin", "Referer"}) {
    all.push_back({field, {{field, "http://evil.test"}}, {}});
  }
  all.push_back({"X-Forwarded-Port", {{"X-Forwarded-Port", "6666"}}, {}});
  all.push_back({"X-Forwarded-Prefix", {{"X-Forwarded-Prefix", "/evil.test"}}, {}});
  for (const char* scheme : {"http", "ftp", "https, http"}) {
    all.push_back({std::string("X-Forwarded-Proto ") + scheme, {{"X-Forwarded-Proto", scheme}}, {}});
  }
  return all;
}

}  // namespace

/// Rows of the security review: reset links that a request's host had poisoned (Zitadel, Supabase).
class LinkPoisoning : public FlowTest {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "gatehouse_smtp_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    server_.emplace(directory_, std::vector<std::string>{});
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  Reply ask(const Poison& poison, const std::string& path, const Object& body, const std::string& token = {}) {
    return client().send({.method = "POST",
                          .target = poison.target_prefix + path,
                          .token = token,
                          .headers = poison.headers,
                          .body = boost::json::serialize(body)});
  }

  /// The token of a letter that has come to that address.
  std::string token_for(const std::string& to, std::string_view subject) {
    std::string token;
    eventually([&] {
      for (const Object& letter : server_->events("message")) {
        if (text_of(letter.at("to")) == to &&
            letter.at("subject").as_string().find(subject) != std::string_view::npos) {
          token = token_in(text_of(letter.at("text")), text_of(letter.at("html")), kUrl);
        }
      }
      return !token.empty();
    });
    return token;
  }

  /// Makes the program write every letter that it has, each by a poisoned request. How many letters with a link are to
  /// come of it.
  int write_all_letters(const Poison& poison, const std::string& who) {
    const std::string ada = who + "-a@acme.example", grace = who + "-b@acme.example";
    const Object sign_up{{"email", ada}, {"password", kPassword}, {"organization_name", who}};
    const Reply signed_up = ask(poison, "/signup", sign_up);
    if (signed_up.status != 201) {
      EXPECT_GE(signed_up.status, 400) << poison.name;
      EXPECT_LT(signed_up.status, 500) << poison.name << signed_up;
      return 0;
    }
    EXPECT_EQ(ask(poison, "/signup", sign_up).status, 409) << poison.name;
    const Reply signed_in = ask(poison, "/signin", {{"email", ada}, {"password", kPassword}});
    EXPECT_EQ(signed_in.status, 200) << poison.name;
    EXPECT_EQ(ask(poison, "/invite-member",
                  {{"recipient", grace}, {"organization_id", signed_up.text("/organization/id")}, {"role", "member"}},
                  signed_in.text("/access_token"))
                  .status,
              200);
    EXPECT_EQ(ask(poison, "/reset-password", {{"email", ada}}).status, 200);
    const std::string reset = token_for(ada, subject::kReset);
    EXPECT_EQ(ask(poison, "/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}).status, 200);
    return 6;
  }

  void expect_clean_letters(int count) {
    const auto letters = server_->wait_for_events("message", std::size_t(count));
    EXPECT_EQ(letters.size(), std::size_t(count));
    std::set<std::string> subjects;
    for (const Object& letter : letters) {
      subjects.emplace(letter.at("subject").as_string());
      EXPECT_EQ(letter.at("rcpt_tos").as_array().size(), 1u);
      const std::string data(letter.at("data").as_string());
      EXPECT_THAT(data, testing::Not(testing::HasSubstr("evil")));
      for (const char* part : {"text", "html"}) {
        const std::string text(letter.at(part).as_string());
        int links = 0;
        for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 1), ++links) {
          const auto begin = text.find_last_of(" \n\"'>", at) + 1;
          EXPECT_TRUE(text.substr(begin).starts_with(std::string(kUrl) + "/")) << text.substr(begin, 60);
        }
        EXPECT_GE(links, 1) << text;
      }
    }
    EXPECT_EQ(subjects.size(), 5u + unsigned(invitations_)) << "each kind of letter that has a link";
  }

  int run(const Settings& more) {
    Settings settings{{"public_url", std::string(kUrl)},
                      {"limits.enabled", "true"},
                      {"mail.smtp_url", "smtp://127.0.0.1:" + std::to_string(server_->port())}};
    settings.insert(more.begin(), more.end());
    start(settings, false);
    int letters = 0, number = 0;
    for (const Poison& poison : poisons()) {
      program().advance(std::chrono::minutes(1));  // for the limits, which are off on loopback only
      const int written = write_all_letters(poison, "p" + std::to_string(number++));
      letters += written;
      invitations_ += written > 0;
    }
    return letters;
  }

  std::filesystem::path directory_;
  std::optional<SmtpServer> server_;
  int invitations_ = 0;
};

TEST_P(LinkPoisoning, LinksBeginWithThePublicUrlWhateverARequestSays) {
  const int letters = run({});
  expect_clean_letters(letters);
  EXPECT_GE(letters, 6 * 15) << "most of these requests are served";
}

TEST_P(LinkPoisoning, ATrustedProxyDoesNotDecideLinksEither) {
  expect_clean_letters(run({{"trusted_proxies", "127.0.0.0/8"}}));
}

GATEHOUSE_ON_BOTH_DATABASES(LinkPoisoning);

}  // namespace gatehouse::tests
