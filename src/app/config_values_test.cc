#include "app/config_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::app {
namespace {

TEST(ConfigValues, EndpointsAreAddressAndPort) {
  Endpoint endpoint;
  EXPECT_FALSE(read_endpoint("[::1]:65535", endpoint));
  EXPECT_EQ(endpoint.to_string(), "[::1]:65535");
  EXPECT_FALSE(read_endpoint("0.0.0.0:0", endpoint));
  EXPECT_EQ(endpoint.to_string(), "0.0.0.0:0");
  for (const auto* text :
       {"", ":", ":5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 1", "::1:5000",
        "[127.0.0.1]:5000", "[::1]", "host:5000", "127.0.0.1:5000x", "127.0.0.1:000001"}) {
    EXPECT_TRUE(read_endpoint(text, endpoint)) << text;
  }
  EXPECT_EQ(endpoint.to_string(), "0.0.0.0:0") << "a refused text changes nothing";
}

TEST(ConfigValues, OriginsAreWrittenAsBrowsersWriteThem) {
  const auto origin = [](std::string_view text) {
    std::string out = "refused";
    read_origin(text, out);
    return out;
  };
  EXPECT_EQ(origin("https://Auth.Example.com"), "https://auth.example.com");
  EXPECT_EQ(origin("https://auth.example.com/"), "https://auth.example.com");
  EXPECT_EQ(origin("HTTPS://auth.example.com:443"), "https://auth.example.com");
  EXPECT_EQ(origin("http://auth.example.com:443"), "http://auth.example.com:443");
  EXPECT_EQ(origin("http://[::1]:5000"), "http://[::1]:5000");
  EXPECT_EQ(origin(""), "");
  for (const auto* text : {"auth.example.com",
                           "ftp://a.example",
                           "https://",
                           "https://u@a.example",
                           "https://u:p@a.example",
                           "https://a.example/x",
                           "https://a.example?x",
                           "https://a.example#x",
                           "https://a example",
                           "https://a.example:",
                           "https://a.example:99999",
                           "https://a..example",
                           "https://-a.example",
                           "https://a_b.example",
                           "https://b\xc3\xbc.example",
                           "https://[::1",
                           "https://[a.b]",
                           "https://a.example\\@evil.test",
                           "https://a.example\r\nx: y",
                           "*",
                           "null"}) {
    EXPECT_EQ(origin(text), "refused") << text;
  }
}

TEST(ConfigValues, OriginListsNameTheWrongOne) {
  std::vector<std::string> out;
  EXPECT_FALSE(read_origins("https://a.example , http://localhost:5173,", out));
  EXPECT_THAT(out, testing::ElementsAre("https://a.example", "http://localhost:5173"));
  EXPECT_THAT(*read_origins("https://a.example,*", out), testing::HasSubstr("\"*\""));
  EXPECT_EQ(out.size(), 2u);
}

TEST(ConfigValues, NetworkListsNameTheWrongOne) {
  std::vector<base::Network> out;
  EXPECT_FALSE(read_networks("", out));
  EXPECT_TRUE(out.empty());
  EXPECT_FALSE(read_networks("10.0.0.0/8,::1", out));
  EXPECT_EQ(out.size(), 2u);
  EXPECT_THAT(*read_networks("10.0.0.0/8,10.0.0.0/33", out), testing::HasSubstr("\"10.0.0.0/33\""));
}

TEST(ConfigValues, WebUrlsKeepTheirPath) {
  std::string out;
  EXPECT_FALSE(read_web_url("https://App.example.com:443/Start?x=1", out));
  EXPECT_EQ(out, "https://app.example.com/Start?x=1");
  EXPECT_TRUE(read_web_url("javascript:alert(1)", out));
  EXPECT_TRUE(read_web_url("https://a.example/\"onclick=", out));
}

TEST(ConfigValues, SmtpUrlsHaveAHostAndNoPath) {
  base::Secret out;
  for (const auto* text : {"smtp://mail.example.com", "smtps://mail.example.com:465/", "smtp://u%40x:p%2f@[::1]:25",
                           "smtp://127.0.0.1:1025", "smtp://u:p@127.0.0.1:1025?starttls=required"}) {
    EXPECT_FALSE(read_smtp_url(text, out)) << text;
    EXPECT_EQ(out.reveal(), text);
  }
  for (const auto* text : {"mail.example.com", "http://mail.example.com", "smtp://", "smtp://u:p@", "smtp://h/path",
                           "smtp://h?x", "smtp://u@x:p@h", "smtp://h:0", "smtp://h:99999", "smtp://h\r\n.example"}) {
    EXPECT_TRUE(read_smtp_url(text, out)) << text;
  }
}

TEST(ConfigValues, SendersAreAnAddressWithOrWithoutName) {
  std::string name;
  base::EmailAddress address;
  EXPECT_FALSE(read_sender("No-Reply@Example.com", name, address));
  EXPECT_EQ(name, "");
  EXPECT_EQ(address.text, "no-reply@example.com");
  EXPECT_FALSE(read_sender("\"B\xc3\xbcro, Example\" <a@example.com>", name, address));
  EXPECT_EQ(name, "B\xc3\xbcro, Example");
  for (const auto* text :
       {"Example", "Example <a@example.com", "Example <a@example.com> x", "a@example.com, b@example.com",
        "Bad\r\nBcc: x@example.com <a@example.com>", "Bad\xff <a@example.com>"}) {
    EXPECT_TRUE(read_sender(text, name, address)) << text;
  }
}

TEST(ConfigValues, MaskedUrlsHoldNoPassword) {
  EXPECT_EQ(mask_url("postgresql://user:hunter2@db.example.com:5432/gatehouse"),
            "postgresql://user:***@db.example.com:5432/gatehouse");
  EXPECT_EQ(mask_url("postgresql://a.example,b.example/gatehouse"), "postgresql://a.example,b.example/gatehouse");
  EXPECT_EQ(mask_url("sqlite:./var/gatehouse.db"), "sqlite:./var/gatehouse.db");
  for (const auto* url :
       {"postgresql://u:hunter2@h/d", "postgresql://u:hunter2/x@h/d", "postgresql://u:hunter2?x@h/d",
        "postgresql://u:x@hunter2@h/d", "postgresql://h/d?password=hunter2", "postgresql://h/d?p%61ssword=hunter2",
        "postgresql://h:1/d?password=hunter2@x", "postgresql://h/d?password=hunter2@x", "smtp://u:hunter2@h",
        "postgresql://u:hunter2@h/d?x=a@b"}) {
    EXPECT_THAT(mask_url(url), testing::Not(testing::HasSubstr("hunter2"))) << url;
  }
}

TEST(ConfigValues, LoopbackOriginsAreKnownByTheirHost) {
  for (const auto* origin :
       {"http://127.0.0.1", "http://127.8.9.1:1", "http://[::1]", "http://localhost:5000", "https://a.b.localhost"}) {
    EXPECT_TRUE(is_loopback_origin(origin)) << origin;
  }
  for (const auto* origin :
       {"http://128.0.0.1", "http://localhost.example", "http://127.0.0.1.example", "http://[::2]", ""}) {
    EXPECT_FALSE(is_loopback_origin(origin)) << origin;
  }
}

TEST(ConfigValues, NumbersKeepTheirRange) {
  int out = 7;
  EXPECT_FALSE(read_number("8", 1, 8, out));
  EXPECT_EQ(out, 8);
  for (const auto* text : {"", "0", "9", "8x", " 8", "99999999999999999999"})
    EXPECT_TRUE(read_number(text, 1, 8, out)) << text;
  EXPECT_EQ(out, 8);
}

}  // namespace
}  // namespace gatehouse::app
