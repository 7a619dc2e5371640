#include "smtp/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>

namespace gatehouse::smtp {
namespace {

using testing::HasSubstr;
using testing::Not;

Message sample() {
  return {"Gatehouse",
          {"no-reply@gate.example.com"},
          {"ada@example.com"},
          "Confirm your email address",
          "Hello\nhttps://gate.example.com/verify-email?token=gve_abc\n",
          "<p>Hello</p>\n",
          "out_01jd",
          base::parse_rfc3339("2026-11-22T11:50:34Z")->time};
}

std::string headers_of(const std::string& wire) { return wire.substr(0, wire.find("\r\n\r\n") + 2); }

TEST(Wire, HasTheHeadersOfAnAutomaticLetter) {
  const std::string headers = headers_of(to_wire(sample()));
  for (const auto* line : {"From: \"Gatehouse\"\r\n <no-reply@gate.example.com>\r\n", "To: ada@example.com\r\n",
                           "Subject: Confirm your email address\r\n", "Date: Sun, 22 Nov 2026 11:50:34 +0000\r\n",
                           "Message-ID: <out_01jd@gate.example.com>\r\n", "MIME-Version: 1.0\r\n",
                           "Auto-Submitted: auto-generated\r\n", "X-Auto-Response-Suppress: All\r\n"}) {
    EXPECT_THAT(headers, HasSubstr(line));
  }
}

TEST(Wire, IsTheSameForEveryTry) { EXPECT_EQ(to_wire(sample()), to_wire(sample())); }

TEST(Wire, KeepsEveryLineShortAndAscii) {
  Message message = sample();
  message.from_name = "Grüße aus der Straße 🏰 und noch viel mehr Text, der nicht in eine Zeile passt";
  message.subject = std::string(50, 'x') + " Überraschung 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉";
  message.text = std::string(500, 'a') + "ü" + std::string(500, '=') + " \n";
  std::istringstream lines(to_wire(message));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size() - 1, 76u) << line;
    for (const char character : line) EXPECT_LT(static_cast<unsigned char>(character), 0x80);
  }
}

TEST(Wire, EncodesWhatWouldBeReadAsAnEncodedWord) {
  Message message = sample();
  message.subject = "=?UTF-8?B?aGk=?=";
  EXPECT_THAT(headers_of(to_wire(message)), Not(HasSubstr("=?UTF-8?B?aGk=?=")));
}

TEST(Wire, CantBeGivenAnotherHeader) {
  const auto refused = [](auto change) {
    Message message = sample();
    change(message);
    EXPECT_THROW(to_wire(message), std::invalid_argument);
  };
  using namespace std::string_literals;
  for (const std::string& evil : {"a\r\nBcc: eve@evil.test"s, "a\nb"s, "a\rb"s, "a\0b"s, "a\x7f"s, "\xff"s}) {
    refused([&](Message& message) { message.subject = evil; });
    refused([&](Message& message) { message.from_name = evil; });
    refused([&](Message& message) { message.message_id = evil; });
    refused([&](Message& message) { message.to.text = evil + "@example.com"; });
    refused([&](Message& message) { message.from.text = "a@example.com" + evil; });
  }
  for (const auto* address : {"", "ada", "a@example.com,b@example.com", "a@example.com b@example.com",
                              "<a@example.com>", "a@example.com>", "a@example.com> SIZE=1", "A@example.com"}) {
    refused([&](Message& message) { message.to.text = address; });
    refused([&](Message& message) { message.from.text = address; });
  }
  for (const auto* id : {"", "a@b", "a>b", "a b", "ü"}) refused([&](Message& message) { message.message_id = id; });
  refused([&](Message& message) { message.text = "\xc3"; });
  refused([&](Message& message) { message.html = "\xc3"; });
}

TEST(Wire, ABoundaryInALetterEndsNoPart) {
  Message message = sample();
  message.text = "--=_gatehouse_alternative--\n";
  const std::string wire = to_wire(message);
  EXPECT_EQ(wire.find("--=_gatehouse_alternative--"), wire.rfind("--=_gatehouse_alternative--"));
}

}  // namespace
}  // namespace gatehouse::smtp
