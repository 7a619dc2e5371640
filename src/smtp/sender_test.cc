#include "smtp/sender.h"

#include "base/text.h"
#include "tests/support/smtp_server.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::smtp {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SenderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gatehouse_smtp_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  void start(std::vector<std::string> options) { server_ = std::make_unique<tests::SmtpServer>(directory_, options); }
  void start_with_starttls_and_auth() { start({"--tls", "starttls", "--user", "post", "--password", "hunter2/:@"}); }

  Delivery send(const Message& message, std::string_view scheme = "smtp", std::string_view query = {},
                std::string_view credentials = {}) {
    const std::string url = fmt::format("{}://{}127.0.0.1:{}{}", scheme, credentials, server_->port(), query);
    return Sender({base::Secret(url), ca_file_, 2, "gate.example.com"}).send(message);
  }
  Delivery send_by_starttls(std::string_view credentials = kCredentials) {
    ca_file_ = server_->certificate_file();
    return send(sample(), "smtp", "?starttls=required", credentials);
  }

  std::string received() {
    return std::string(server_->wait_for_events("connection", 1).at(0).at("received").as_string());
  }

  static Message sample() {
    return {"Gatehouse",         {"no-reply@gate.example.com"},
            {"ada@example.com"}, "Hello",
            "Hello Ada\n",       "<p>Hello Ada</p>\n",
            "out_01jd",          base::parse_rfc3339("2026-11-22T11:50:34Z")->time};
  }

  static constexpr std::string_view kCredentials = "post:hunter2%2F%3A%40@";
  std::filesystem::path directory_;
  std::string ca_file_;
  std::unique_ptr<tests::SmtpServer> server_;
};

TEST_F(SenderTest, HandsALetterToExactlyOneRecipient) {
  start({});
  const Delivery delivery = send(sample());
  EXPECT_EQ(delivery.outcome, Outcome::sent);
  EXPECT_EQ(delivery.reply, "250 2.0.0 OK: taken");
  const auto messages = server_->events("message");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].at("mail_from").as_string(), "no-reply@gate.example.com");
  EXPECT_EQ(messages[0].at("rcpt_tos"), (boost::json::array{"ada@example.com"}));
  EXPECT_EQ(messages[0].at("data").as_string(), to_wire(sample()));
  EXPECT_THAT(received(), StartsWith("EHLO gate.example.com\r\n"));
}

TEST_F(SenderTest, NamesAndTextsArriveAsTheyWereWritten) {
  start({});
  Message message = sample();
  message.from_name = "Grüße \"aus\" dem Torhaus 🏰 & Söhne";
  message.subject =
      "Überraschung für Zoë 🎉 – eine ziemlich lange Betreffzeile, die umbrochen werden muss 👩‍💻";
  message.text = "Zeile eins \nümlaut = gleich\n.\n.dot\n..two dots\n\nFrom here\n" + std::string(300, 'x') + "\n";
  message.html = "<p>Zoë 🎉</p>\n.\n<p>.</p>\n";
  ASSERT_EQ(send(message).outcome, Outcome::sent);
  const auto got = server_->events("message").at(0);
  EXPECT_EQ(got.at("from_name").as_string(), message.from_name);
  EXPECT_EQ(got.at("from").as_string(), message.from.text);
  EXPECT_EQ(got.at("to").as_string(), message.to.text);
  EXPECT_EQ(got.at("subject").as_string(), message.subject);
  EXPECT_EQ(got.at("text").as_string(), message.text);
  EXPECT_EQ(got.at("html").as_string(), message.html);
  EXPECT_EQ(got.at("data").as_string(), to_wire(message));
}

TEST_F(SenderTest, AQuotedNameArrivesAsItWasWritten) {
  start({});
  Message message = sample();
  message.from_name = "Ada, \"the\" \\ Countess <ada@evil.test>";
  ASSERT_EQ(send(message).outcome, Outcome::sent);
  EXPECT_EQ(server_->events("message").at(0).at("from_name").as_string(), message.from_name);
  EXPECT_EQ(server_->events("message").at(0).at("from").as_string(), message.from.text);
}

TEST_F(SenderTest, SignsInInsideStartTls) {
  start_with_starttls_and_auth();
  const Delivery delivery = send_by_starttls();
  EXPECT_EQ(delivery.outcome, Outcome::sent) << delivery.reply;
  const auto got = server_->events("message").at(0);
  EXPECT_TRUE(got.at("tls").as_bool());
  EXPECT_EQ(got.at("user").as_string(), "post");
}

TEST_F(SenderTest, SignsInInsideImplicitTls) {
  start({"--tls", "implicit", "--user", "post", "--password", "hunter2/:@"});
  ca_file_ = server_->certificate_file();
  const Delivery delivery = send(sample(), "smtps", "", kCredentials);
  EXPECT_EQ(delivery.outcome, Outcome::sent) << delivery.reply;
  EXPECT_TRUE(server_->events("message").at(0).at("tls").as_bool());
}

TEST_F(SenderTest, AWrongPasswordIsTheOperatorsAndNotTheLettersFault) {
  start_with_starttls_and_auth();
  const Delivery delivery = send_by_starttls("post:wrong-secret@");
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_EQ(delivery.reply, "the server refused the user name or the password (535)");
  EXPECT_EQ(send_by_starttls("").outcome, Outcome::retry) << "AUTH required, none configured";
  EXPECT_THAT(server_->events("message"), testing::IsEmpty());
}

TEST_F(SenderTest, ACertificateThatNobodyVouchesForIsRefused) {
  start_with_starttls_and_auth();
  const Delivery delivery = send(sample(), "smtp", "?starttls=required", kCredentials);
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_THAT(delivery.reply, HasSubstr("certificate"));
  EXPECT_THAT(received(), Not(HasSubstr("MAIL FROM")));
  EXPECT_THAT(received(), Not(HasSubstr("AUTH")));
}

TEST_F(SenderTest, ACertificateForAnotherHostIsRefused) {
  start({"--tls", "starttls", "--tls-name", "DNS:mail.evil.test", "--user", "post", "--password", "hunter2/:@"});
  const Delivery delivery = send_by_starttls();
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_THAT(received(), Not(HasSubstr("MAIL FROM")));
  EXPECT_THAT(received(), Not(HasSubstr("AUTH")));
}

TEST_F(SenderTest, AServerWithoutStartTlsGetsNeitherCredentialsNorLetter) {
  start({"--user", "post", "--password", "hunter2/:@"});
  const Delivery delivery = send_by_starttls();
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_THAT(delivery.reply, HasSubstr("STARTTLS"));
  const std::string sent = received();
  EXPECT_THAT(sent, Not(HasSubstr("AUTH")));
  EXPECT_THAT(sent, Not(HasSubstr("MAIL")));
  EXPECT_THAT(sent, Not(HasSubstr("Hello")));
  EXPECT_THAT(sent, Not(HasSubstr("example.com>")));
}

TEST_F(SenderTest, AServerThatIsDownIsTriedAgain) {
  start({});
  const std::string url = fmt::format("smtp://127.0.0.1:{}", server_->port());
  server_.reset();
  const Delivery delivery = Sender({base::Secret(url), "", 2, ""}).send(sample());
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_THAT(delivery.reply, HasSubstr("connect"));
}

struct Refusal {
  std::string stage;
  std::string answer;
  Outcome outcome;
};

class RefusalTest : public SenderTest, public testing::WithParamInterface<Refusal> {};

TEST_P(RefusalTest, IsMappedAndReported) {
  const Refusal& refusal = GetParam();
  start({"--at", refusal.stage, "--answer", refusal.answer});
  const Delivery delivery = send(sample());
  EXPECT_EQ(delivery.outcome, refusal.outcome);
  EXPECT_EQ(delivery.reply, refusal.answer);
}

INSTANTIATE_TEST_SUITE_P(Server, RefusalTest,
                         testing::Values(Refusal{"greeting", "421 4.3.2 shutting down", Outcome::retry},
                                         Refusal{"greeting", "554 5.7.1 go away", Outcome::retry},
                                         Refusal{"mail", "451 4.3.0 try again later", Outcome::retry},
                                         Refusal{"mail", "530 5.7.0 sign in first", Outcome::retry},
                                         Refusal{"mail", "550 5.7.1 sender refused", Outcome::failed},
                                         Refusal{"rcpt", "450 4.2.0 greylisted", Outcome::retry},
                                         Refusal{"rcpt", "550 5.1.1 no such mailbox", Outcome::failed},
                                         Refusal{"data", "452 4.2.2 mailbox full", Outcome::retry},
                                         Refusal{"data", "554 5.6.0 not wanted here", Outcome::failed}),
                         [](const auto& test) { return test.param.stage + "_" + test.param.answer.substr(0, 3); });

class DropTest : public SenderTest, public testing::WithParamInterface<std::string> {};

TEST_P(DropTest, ALostConnectionIsTriedAgain) {
  start({"--at", GetParam(), "--answer", "drop"});
  const Delivery delivery = send(sample());
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_FALSE(delivery.reply.empty());
}

INSTANTIATE_TEST_SUITE_P(Server, DropTest, testing::Values("greeting", "mail", "rcpt", "data"),
                         [](const auto& test) { return test.param; });

TEST_F(SenderTest, ALetterWhoseAnswerWasLostComesAgainByteForByte) {
  start({"--at", "data", "--answer", "drop", "--times", "1"});
  EXPECT_EQ(send(sample()).outcome, Outcome::retry);
  EXPECT_EQ(send(sample()).outcome, Outcome::sent);
  const auto messages = server_->events("message");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].at("data"), messages[1].at("data"));
}

TEST_F(SenderTest, ALostGoodbyeLosesNothing) {
  start({"--at", "quit", "--answer", "drop"});
  const Delivery delivery = send(sample());
  EXPECT_EQ(delivery.outcome, Outcome::sent);
  EXPECT_EQ(delivery.reply, "250 2.0.0 OK: taken");
}

TEST_F(SenderTest, AServerThatHangsIsGivenUp) {
  start({"--at", "data", "--answer", "hang"});
  const Sender sender({base::Secret(fmt::format("smtp://127.0.0.1:{}", server_->port())), "", 1, ""});
  const auto before = std::chrono::steady_clock::now();
  const Delivery delivery = sender.send(sample());
  EXPECT_EQ(delivery.outcome, Outcome::retry);
  EXPECT_THAT(delivery.reply, HasSubstr("timeout"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST_F(SenderTest, ALetterThatWouldForgeAHeaderIsNeverSent) {
  start({});
  Message message = sample();
  message.subject = "Hello\r\nBcc: eve@evil.test";
  const Delivery delivery = send(message);
  EXPECT_EQ(delivery.outcome, Outcome::failed);
  EXPECT_EQ(delivery.reply, "not sent: the subject holds a control character");
  message = sample();
  message.to.text = "ada@example.com>\r\nRCPT TO:<eve@evil.test";
  EXPECT_EQ(send(message).outcome, Outcome::failed);
  ASSERT_EQ(send(sample()).outcome, Outcome::sent);
  EXPECT_EQ(server_->wait_for_events("connection", 1).size(), 1u) << "only the good letter made a connection";
}

TEST_F(SenderTest, RepliesAreCutCleanedAndFreeOfThePassword) {
  start({"--at", "rcpt", "--answer", "550 your password is hunter2/:@ \x1b[31m" + std::string(400, 'x')});
  const Delivery delivery = send(sample());
  EXPECT_THAT(delivery.reply, HasSubstr("hunter2")) << "no password configured, nothing to hide";
  EXPECT_LE(delivery.reply.size(), 300u);
  EXPECT_THAT(delivery.reply, Not(HasSubstr("\x1b")));
  start({"--tls", "starttls", "--user", "post", "--password", "hunter2/:@", "--at", "rcpt", "--answer",
         "550 your password is hunter2/:@"});
  EXPECT_EQ(send_by_starttls().reply, "550 your password is ");
}

TEST(Settings, ThatCantBeUsedAreRefusedAtOnce) {
  EXPECT_THROW(Sender({base::Secret("ftp://mail.example.com"), "", 30, ""}), std::invalid_argument);
  EXPECT_THROW(Sender({base::Secret("smtp://mail.example.com"), "", 0, ""}), std::invalid_argument);
  EXPECT_THROW(Sender({base::Secret("smtp://mail.example.com"), "", 30, "a\r\nb"}), std::invalid_argument);
  EXPECT_EQ(Sender({base::Secret("smtp://a:b@mail.example.com"), "", 30, ""}).describe(),
            "smtp://mail.example.com:587 as a");
}

}  // namespace
}  // namespace gatehouse::smtp
