#include "tests/support/flow_test.h"

#include "store/letters.h"
#include "tests/support/smtp_server.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::tests {

using namespace std::chrono_literals;

// Letters over a real SMTP server in a process of its own.
class MailDelivery : public FlowTest {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "gatehouse_smtp_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    open_server({});
    port_ = server_->port();
    start({{"mail.smtp_url", "smtp://127.0.0.1:" + std::to_string(port_)}}, false);
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  /// The server ends, and what listens at its port from now on is another one, when there are options.
  void open_server(std::vector<std::string> options) {
    close_server();
    if (port_ != 0) options.insert(options.end(), {"--port", std::to_string(port_)});
    server_.emplace(directory_, std::move(options));
  }
  void close_server() { server_.reset(); }
  /// When whatever it took is known to have arrived: a letter whose answer was lost comes again.
  void close_idle_server() {
    EXPECT_TRUE(eventually([&] { return queued() == 0; }));
    close_server();
  }

  std::vector<Object> messages() { return SmtpEvents(directory_).accepted(); }

  /// Waits for a letter that the server took.
  Object take(const std::string& to, std::string_view subject) {
    std::optional<Object> found;
    eventually([&] {
      for (const Object& message : messages()) {
        if (is_for(message, to, subject)) found = message;
      }
      return found.has_value();
    });
    if (!found) throw std::runtime_error("no letter \"" + std::string(subject) + "\" came to " + to);
    return *found;
  }
  int count(const std::string& to, std::string_view subject) {
    int number = 0;
    for (const Object& message : messages()) number += is_for(message, to, subject);
    return number;
  }
  static bool is_for(const Object& message, const std::string& to, std::string_view subject) {
    return message.at("rcpt_tos").as_array().size() == 1 && text_of(message.at("rcpt_tos").as_array()[0]) == to &&
           message.at("subject").as_string().find(subject) != std::string_view::npos;
  }
  static std::string header(const Object& message, std::string_view name) {
    for (const Json& field : message.at("headers").as_array()) {
      if (text_of(field.as_array()[0]) == name) return text_of(field.as_array()[1]);
    }
    return {};
  }

  std::optional<base::Time> next_due() {
    static constexpr db::Statement kNextDue{
        "next_due", "SELECT next_try_at FROM letters WHERE status = 'queued' ORDER BY next_try_at LIMIT 1"};
    return program().services().database.read([](db::Transaction& tx) {
      const auto row = tx.query_one(kNextDue);
      return row ? std::optional(row->get<base::Time>(0)) : std::nullopt;
    });
  }
  std::int64_t queued() {
    return program().services().database.read([](db::Transaction& tx) { return store::outbox_depth(tx).queued; });
  }
  std::int64_t tries() { return std::int64_t(server_->events("message").size()); }
  /// Waits until the letter that waits was tried that often and put off until then.
  void expect_put_off(std::int64_t number, base::Duration by) {
    EXPECT_TRUE(eventually([&] { return tries() == number && next_due() == program().now() + by; }))
        << tries() << " tries";
  }

  /// Reads what all servers of this test wrote down.
  struct SmtpEvents {
    explicit SmtpEvents(std::filesystem::path directory) : path(directory / "smtp_events.jsonl") {}
    std::vector<Object> accepted() const {
      std::vector<Object> found;
      std::ifstream file(path);
      for (std::string line; std::getline(file, line) && !file.eof();) {
        Object event = boost::json::parse(line).as_object();
        if (event.at("event") == "message" && event.at("accepted").as_bool()) found.push_back(std::move(event));
      }
      return found;
    }
    std::filesystem::path path;
  };

  std::filesystem::path directory_;
  std::optional<SmtpServer> server_;
  int port_ = 0;
};

TEST_P(MailDelivery, LettersArriveWithOneRecipientAndTheLinkInBothParts) {
  sign_up("ada@acme.example", "Acme");
  const Object letter = take("ada@acme.example", subject::kWelcome);
  EXPECT_EQ(letter.at("from"), "no-reply@gatehouse.example");
  EXPECT_EQ(letter.at("from_name"), "Gatehouse");
  EXPECT_EQ(letter.at("to"), "ada@acme.example");
  const std::string token = token_in(text_of(letter.at("text")), text_of(letter.at("html")), kPublicUrl);
  EXPECT_EQ(client().post("/v1/email/verify", {{"token", token}}).status, 200);
  EXPECT_TRUE(eventually([&] { return queued() == 0; }));
}

TEST_P(MailDelivery, AServerThatIsAwayForAWhileLosesNothing) {
  close_server();
  const std::vector<std::string> people{"a@acme.example", "b@acme.example", "c@acme.example"};
  for (const std::string& person : people) sign_up(person, "Acme");
  EXPECT_TRUE(eventually([&] { return next_due() == kStart + 1min; }));
  EXPECT_EQ(queued(), 3);
  open_server({});
  program().advance(1min);
  for (const std::string& person : people) take(person, subject::kWelcome);
  EXPECT_TRUE(eventually([&] { return queued() == 0; }));
  for (const std::string& person : people) EXPECT_EQ(count(person, subject::kWelcome), 1);
}

TEST_P(MailDelivery, ARestartLosesNothing) {
  close_server();
  sign_up("ada@acme.example", "Acme");
  EXPECT_TRUE(eventually([&] { return next_due() == kStart + 1min; }));
  program().restart({});
  open_server({});
  program().advance(1min);
  take("ada@acme.example", subject::kWelcome);
}

TEST_P(MailDelivery, TriesGetRarer) {
  open_server({"--at", "data", "--answer", "451 4.3.0 try again later"});
  sign_up("ada@acme.example", "Acme");
  expect_put_off(1, 1min);
  program().advance(1min);
  expect_put_off(2, 5min);
  program().advance(5min);
  expect_put_off(3, 30min);
  program().advance(30min);
  expect_put_off(4, 2h);
  program().advance(2h);
  expect_put_off(5, 6h);
  program().advance(6h);
  expect_put_off(6, 6h);
  open_server({});
  program().advance(6h);
  take("ada@acme.example", subject::kWelcome);
}

TEST_P(MailDelivery, ATemporaryRefusalIsTriedAgain) {
  open_server({"--at", "rcpt", "--answer", "450 4.2.0 greylisted", "--times", "1"});
  sign_up("ada@acme.example", "Acme");
  EXPECT_TRUE(eventually([&] { return next_due() == kStart + 1min; }));
  program().advance(1min);
  take("ada@acme.example", subject::kWelcome);
}

TEST_P(MailDelivery, AFinalRefusalIsShownWithTheServersWords) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  take(ada.email, subject::kWelcome);
  open_server({"--at", "rcpt", "--answer", "550 5.1.1 no such person here"});
  const std::string token = access_token(ada.email);
  ASSERT_EQ(
      client()
          .post("/invite-member",
                {{"recipient", "gone@acme.example"}, {"organization_id", ada.organization_id}, {"role", "member"}},
                token)
          .status,
      200);
  const std::string list = "/v1/organizations/" + ada.organization_id + "/invitations";
  EXPECT_TRUE(eventually([&] { return client().get(list, token).text("/data/0/delivery/status") == "failed"; }));
  EXPECT_THAT(client().get(list, token).text("/data/0/delivery/reply"), testing::HasSubstr("no such person here"));
  EXPECT_EQ(client().get(list, token).text("/data/0/status"), "pending") << "another try is the inviter's to make";
}

TEST_P(MailDelivery, TheTimelineOfAnInvitationTellsWhatTheServerSaid) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  take(ada.email, subject::kWelcome);
  const std::string token = access_token(ada.email);
  take(ada.email, subject::kAlert);
  const std::string invitations = "/v1/organizations/" + ada.organization_id + "/invitations";
  const auto make = [&](const std::string& email) {
    return client().post(invitations, {{"email", email}, {"role", "member"}}, token).text("/id");
  };
  const auto becomes = [&](const std::string& id, const std::vector<std::string>& expected) {
    return eventually([&] {
      std::vector<std::string> events;
      const Reply shown = client().get(invitations + "/" + id, token);
      for (const Json& event : shown.at("/timeline").as_array()) {
        events.push_back(text_of(event.at("event")));
      }
      return events == expected;
    });
  };
  open_server({"--at", "rcpt", "--answer", "450 4.2.0 greylisted", "--times", "1"});
  const std::string put_off = make("grace@acme.example");
  EXPECT_TRUE(becomes(put_off, {"queued", "refused"}));
  const Reply waiting = client().get(invitations + "/" + put_off, token);
  EXPECT_THAT(waiting.text("/timeline/1/reply"), testing::HasSubstr("greylisted"));
  EXPECT_EQ(waiting.text("/timeline/1/at"), base::to_rfc3339(kStart));
  EXPECT_EQ(waiting.text("/delivery/status"), "queued");
  program().advance(1min);
  EXPECT_TRUE(becomes(put_off, {"queued", "refused", "sent"}));
  const Reply arrived = client().get(invitations + "/" + put_off, token);
  EXPECT_EQ(arrived.at("/timeline/1"), waiting.at("/timeline/1")) << "what was, stays";
  EXPECT_EQ(arrived.text("/timeline/2/at"), base::to_rfc3339(kStart + 1min));
  EXPECT_THAT(arrived.text("/timeline/2/reply"), testing::HasSubstr("250"));

  open_server({"--at", "rcpt", "--answer", "450 4.2.0 greylisted"});
  const std::string taken_back = make("linus@acme.example");
  EXPECT_TRUE(becomes(taken_back, {"queued", "refused"}));
  EXPECT_EQ(client().post(invitations + "/" + taken_back + "/revoke", {}, token).status, 200);
  EXPECT_TRUE(becomes(taken_back, {"queued", "refused", "withdrawn", "revoked"}));
  EXPECT_EQ(queued(), 0);
}

TEST_P(MailDelivery, ALinkThatTheServerQuotesIsNotShown) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  take(ada.email, subject::kWelcome);
  const std::string token = access_token(ada.email);
  take(ada.email, subject::kAlert);
  open_server({"--at", "data", "--answer", "550 5.7.1 bad http://x.example/?token=3Dgin_AbCd-0_9, gin_EfGh; go away"});
  const std::string invitations = "/v1/organizations/" + ada.organization_id + "/invitations";
  const std::string one =
      invitations + "/" +
      client().post(invitations, {{"email", "grace@acme.example"}, {"role", "member"}}, token).text("/id");
  EXPECT_TRUE(eventually([&] { return client().get(one, token).text("/delivery/status") == "failed"; }));
  const Reply shown = client().get(one, token);
  const std::string harmless = "550 5.7.1 bad http://x.example/?token=3Dgin_***, gin_***; go away";
  EXPECT_EQ(shown.text("/delivery/reply"), harmless);
  EXPECT_EQ(shown.text("/timeline/1/reply"), harmless);
}

TEST_P(MailDelivery, ALostAnswerAfterDataGivesTheSameMessageAgain) {
  open_server({"--at", "data", "--answer", "drop", "--times", "1"});
  sign_up("ada@acme.example", "Acme");
  EXPECT_TRUE(eventually([&] { return tries() == 1 && next_due() == kStart + 1min; }));
  program().advance(1min);
  take("ada@acme.example", subject::kWelcome);
  const auto seen = server_->events("message");
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_FALSE(header(seen[0], "Message-ID").empty());
  EXPECT_EQ(header(seen[0], "Message-ID"), header(seen[1], "Message-ID"));
  EXPECT_EQ(seen[0].at("data"), seen[1].at("data"));
}

TEST_P(MailDelivery, ALinkThatHasExpiredIsNeverSent) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  take(ada.email, subject::kWelcome);
  close_idle_server();
  ASSERT_EQ(client().post("/reset-password", {{"email", ada.email}}).status, 200);
  EXPECT_TRUE(eventually([&] { return queued() == 1 && next_due() == kStart + 1min; }));
  open_server({});
  program().advance(30min);
  EXPECT_TRUE(eventually([&] { return queued() == 0; }));
  EXPECT_EQ(count(ada.email, subject::kReset), 0);
}

TEST_P(MailDelivery, AnInvitationThatWasRenewedWhileItWaitedIsSentOnce) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  take(ada.email, subject::kWelcome);
  const std::string token = access_token(ada.email);
  take(ada.email, subject::kAlert);
  close_idle_server();
  const auto invite_grace = [&] {
    return client()
        .post("/invite-member",
              {{"recipient", "grace@acme.example"}, {"organization_id", ada.organization_id}, {"role", "member"}},
              token)
        .status;
  };
  ASSERT_EQ(invite_grace(), 200);
  EXPECT_TRUE(eventually([&] { return next_due() == kStart + 1min; }));
  ASSERT_EQ(invite_grace(), 200);
  EXPECT_EQ(queued(), 1);
  open_server({});
  program().advance(1min);
  const Object letter = take("grace@acme.example", subject::kInvitation);
  EXPECT_TRUE(eventually([&] { return queued() == 0; }));
  EXPECT_EQ(count("grace@acme.example", subject::kInvitation), 1);
  const std::string link = token_in(text_of(letter.at("text")), text_of(letter.at("html")), kPublicUrl);
  accept(link, "grace@acme.example");
}

GATEHOUSE_ON_BOTH_DATABASES(MailDelivery);

}  // namespace gatehouse::tests
