#include "smtp/server_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace gatehouse::smtp {
namespace {

std::string refusal_of(std::string_view url) {
  try {
    parse_server_url(url);
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return {};
}

TEST(ServerUrl, ReadsHostPortAndDecodedCredentials) {
  const Server server = parse_server_url("smtps://post%40example.com:p%2Fa%3Ass@mail.example.com:4650");
  EXPECT_EQ(server.host, "mail.example.com");
  EXPECT_EQ(server.port, 4650);
  EXPECT_EQ(server.security, Security::implicit);
  EXPECT_EQ(server.user, "post@example.com");
  EXPECT_EQ(server.password.reveal(), "p/a:ss");
}

TEST(ServerUrl, HasTheSubmissionPortsByDefault) {
  EXPECT_EQ(parse_server_url("smtps://mail.example.com").port, 465);
  EXPECT_EQ(parse_server_url("smtp://mail.example.com/").port, 587);
}

TEST(ServerUrl, SparesOnlyLoopbackFromTls) {
  for (const auto* url :
       {"smtp://127.0.0.1:25", "smtp://127.9.9.9", "smtp://[::1]", "smtp://localhost", "smtp://LocalHost"}) {
    EXPECT_EQ(parse_server_url(url).security, Security::none) << url;
  }
  for (const auto* url : {"smtp://mail.example.com", "smtp://10.0.0.1", "smtp://localhost.evil.test",
                          "smtp://[fe80::1]", "smtp://127.0.0.1.evil.test", "smtp://127.0.0.1?starttls=required"}) {
    EXPECT_EQ(parse_server_url(url).security, Security::starttls) << url;
  }
}

TEST(ServerUrl, RefusesWhatItDoesNotUnderstandWithoutRepeatingThePassword) {
  for (const auto* url :
       {"", "mail.example.com", "http://u:hunter2@mail.example.com", "SMTP+X://u:hunter2@h.example.com", "smtp://",
        "smtp://u:hunter2@", "smtp://u:hunter2@mail.example.com:0", "smtp://u:hunter2@mail.example.com:99999",
        "smtp://u:hunter2@mail.example.com/path", "smtp://u:hunter2@mail.example.com?starttls=off",
        "smtps://u:hunter2@mail.example.com?starttls=required", "smtp://u:hunter2#@mail.example.com",
        "smtp://u:hun;ter2@mail.example.com", "smtp://u@mail.example.com", "smtp://u:hunter2%00@mail.example.com",
        "smtp://u:hunter2@mail.example.com#x"}) {
    const std::string refusal = refusal_of(url);
    EXPECT_THAT(refusal, testing::StartsWith("the SMTP URL ")) << url;
    EXPECT_THAT(refusal, testing::Not(testing::HasSubstr("hunter2"))) << url;
  }
}

TEST(ServerUrl, IsDescribedWithoutThePassword) {
  EXPECT_EQ(parse_server_url("smtp://post:hunter2@mail.example.com").describe(), "smtp://mail.example.com:587 as post");
  EXPECT_EQ(parse_server_url("smtps://mail.example.com").describe(), "smtps://mail.example.com:465");
}

}  // namespace
}  // namespace gatehouse::smtp
