#include "base/email.h"

#include "base/text.h"

#include <gmock/gmock.h>
#include <random>

namespace gatehouse::base {
namespace {

std::string parsed(std::string_view text) {
  const auto address = parse_email(text);
  return address ? address->text : "refused";
}

TEST(Email, HasOneStoredForm) {
  EXPECT_EQ(parsed("ann@example.com"), "ann@example.com");
  EXPECT_EQ(parsed("Ann.Smith+Tag@EXAMPLE.Com"), "ann.smith+tag@example.com");
  EXPECT_EQ(parsed("!#$%&'*+-/=?^_`{|}~@example.com"), "!#$%&'*+-/=?^_`{|}~@example.com");
  EXPECT_EQ(parsed("a@b.co"), "a@b.co");
  EXPECT_EQ(parsed("1@2.example"), "1@2.example");
}

TEST(Email, InternationalDomainsBecomeALabels) {
  EXPECT_EQ(parsed("ann@B\u00dccher.example"), "ann@xn--bcher-kva.example");
  EXPECT_EQ(parsed("ann@bu\u0308cher.example"), "ann@xn--bcher-kva.example");
  EXPECT_EQ(parsed("ann@xn--bcher-kva.example"), "ann@xn--bcher-kva.example");
  EXPECT_EQ(parsed("ann@XN--BCHER-KVA.example"), "ann@xn--bcher-kva.example");
  EXPECT_EQ(parsed("ann@stra\u00dfe.example"), "ann@xn--strae-oqa.example");
  EXPECT_EQ(parsed("ann@\u4f8b\u3048.\u30c6\u30b9\u30c8"), "ann@xn--r8jz45g.xn--zckzah");
  // Full-width letters and the ideographic full stop are other spellings of the same domain.
  EXPECT_EQ(parsed("ann@\uff45xample\u3002com"), "ann@example.com");
}

TEST(Email, TakesExactlyOneMailbox) {
  for (const std::string_view text : {"",
                                      "@",
                                      "a",
                                      "a@",
                                      "@b.com",
                                      "a@x.com,b@y.com",
                                      "a@x.com, b@y.com",
                                      "a@x.com;b@y.com",
                                      "a@x.com b@y.com",
                                      "a@evil.test@corp.example",
                                      "\"a@evil.test\"@corp.example",
                                      "a\\@evil.test@corp.example",
                                      "a@@b.com",
                                      "a@b.com@",
                                      "a@b.com,",
                                      "a@b.com;",
                                      ",a@b.com",
                                      "Ann <a@b.com>",
                                      "<a@b.com>",
                                      "a@b.com>",
                                      "<a@b.com",
                                      "group:a@b.com;",
                                      "group:;",
                                      "undisclosed-recipients:;",
                                      "mailto:a@b.com?",
                                      "a@b.com\r\nBcc: c@d.com",
                                      "a@b.com\n",
                                      "\na@b.com",
                                      "a\r\n@b.com",
                                      "a@b\r\n.com",
                                      "a@b.com\r",
                                      "a@b.com\t",
                                      " a@b.com",
                                      "a@b.com ",
                                      "a @b.com",
                                      "a@ b.com",
                                      "a b@c.com",
                                      "a@b.c om",
                                      "\"quoted\"@b.com",
                                      "\"a b\"@c.com",
                                      "a(comment)@b.com",
                                      "a@(comment)b.com",
                                      "a@b.com(comment)",
                                      "a@[127.0.0.1]",
                                      "a@[IPv6:::1]",
                                      "a@127.0.0.1",
                                      "a@1.2.3.4",
                                      "a@2130706433",
                                      "a@example.123",
                                      "a@localhost",
                                      "a@com"}) {
    EXPECT_EQ(parsed(text), "refused") << text;
  }
  EXPECT_EQ(parsed(std::string_view("a\0@b.com", 8)), "refused");
  EXPECT_EQ(parsed(std::string_view("a@b.com\0", 8)), "refused");
  EXPECT_EQ(parsed(std::string_view("a@b.com\0.evil.test", 18)), "refused");
}

TEST(Email, RefusesBrokenLocalPartsAndDomains) {
  for (const std::string_view text : {".a@b.com",
                                      "a.@b.com",
                                      "a..b@c.com",
                                      ".@b.com",
                                      "\u00e4@b.com",
                                      "\u0430nn@b.com",
                                      "a\u200b@b.com",
                                      "a\uff20b.com",
                                      "a@.b.com",
                                      "a@b.com.",
                                      "a@b..com",
                                      "a@-b.com",
                                      "a@b-.com",
                                      "a@b_c.com",
                                      "a@b.com/",
                                      "a@b%2ecom",
                                      "a@b:25",
                                      "a@b.com:25",
                                      "a@\xff.com",
                                      "a@b\xc0\xaf.com",
                                      "a@evil.test\uff20corp.example",
                                      "a@b.com\u3002",
                                      "a@xn--.com",
                                      "a@\u202eb.com",
                                      "a@b\u2028.com",
                                      "a@exa\u2024\u2024mple.com"}) {
    EXPECT_EQ(parsed(text), "refused") << text;
  }
}

TEST(Email, LengthsAreThoseOfRfc5321) {
  const std::string local(64, 'a');
  EXPECT_NE(parsed(local + "@b.com"), "refused");
  EXPECT_EQ(parsed(local + "a@b.com"), "refused");
  EXPECT_NE(parsed("a@" + std::string(63, 'b') + ".com"), "refused");
  EXPECT_EQ(parsed("a@" + std::string(64, 'b') + ".com"), "refused");
  // 64 + @ + 189 = 254
  const std::string label(61, 'b');
  const std::string domain = label + "." + label + "." + label + ".co";
  ASSERT_EQ(domain.size(), 188u);
  EXPECT_NE(parsed(local + "@" + domain + "m"), "refused");
  EXPECT_EQ(parsed(local + "@" + domain + "mm"), "refused");
  EXPECT_EQ(parsed(std::string(1'000'000, 'a') + "@b.com"), "refused");
}

/// Random text near an address, so that much of it is accepted.
std::string random_address(std::mt19937& random) {
  static const std::vector<std::string> kPieces{
      "a",       "B",      "0",      "-",         ".",       "+",      "_",      "xn--",   "com",
      "example", "@",      " ",      "\u00fc",    "u\u0308", "\u00df", "\u1e9e", "\u0130", "\u0131",
      "\u03c2",  "\u03a3", "\u3002", "\uff0e",    "\uff20",  "\u200d", "\u200c", "\u00ad", "\u212a",
      "\u4e16",  "\u0430", "\u2024", "\u2488",    "\ufb01",  "\u0345", "\u05d0", "\u0661", "\U0001f600",
      "\u0301",  "\u115f", "kva",    "bcher-kva", "\u0149",  "\u33c7", "\u2100"};
  std::string text;
  const auto add = [&](std::size_t most, auto&& pick) {
    for (std::size_t count = 1 + random() % most; count > 0; --count) text += pick();
  };
  const auto piece = [&] { return kPieces[random() % kPieces.size()]; };
  const auto any_point = [&] {
    // Below the surrogates, or above them.
    const std::uint32_t point = random() % 4 == 0 ? 0x10000 + random() % 0x20000 : 1 + random() % 0xd7ff;
    std::string out;
    if (point < 0x80) {
      out += char(point);
    } else if (point < 0x800) {
      out += char(0xc0 | (point >> 6));
      out += char(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      out += char(0xe0 | (point >> 12));
      out += char(0x80 | ((point >> 6) & 0x3f));
      out += char(0x80 | (point & 0x3f));
    } else {
      out += char(0xf0 | (point >> 18));
      out += char(0x80 | ((point >> 12) & 0x3f));
      out += char(0x80 | ((point >> 6) & 0x3f));
      out += char(0x80 | (point & 0x3f));
    }
    return out;
  };
  add(2, [&] { return random() % 8 == 0 ? piece() : std::string(1, "aB.+"[random() % 4]); });
  text += "@";
  if (random() % 2 == 0) {
    add(5, piece);
  } else {
    add(4, any_point);
  }
  text += random() % 8 == 0 ? piece() : ".com";
  return text;
}

TEST(Email, ParsingWhatWasParsedChangesNothing) {
  std::mt19937 random(20260101);
  int accepted = 0, international = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string text = random_address(random);
    const auto once = parse_email(text);
    if (!once) continue;
    ++accepted;
    international += once->text.find("xn--") != std::string::npos;
    const auto twice = parse_email(once->text);
    ASSERT_TRUE(twice) << to_hex(text) << " gave " << once->text;
    ASSERT_EQ(twice->text, once->text) << to_hex(text);
    for (const char character : once->text) ASSERT_TRUE(character > ' ' && character < 0x7f) << to_hex(text);
    ASSERT_EQ(std::count(once->text.begin(), once->text.end(), '@'), 1) << to_hex(text);
  }
  EXPECT_GT(accepted, 20'000);
  EXPECT_GT(international, 5'000);
}

}  // namespace
}  // namespace gatehouse::base
