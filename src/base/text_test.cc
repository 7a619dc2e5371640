#include "base/text.h"

#include <gmock/gmock.h>
#include <random>

namespace gatehouse::base {
namespace {

TEST(Utf8, AcceptsTextAndRefusesEverythingElse) {
  for (const std::string_view text : {"", "plain", "\u00e4\u4e16", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
  // Stray continuation, overlong, surrogate, above U+10FFFF, cut off, never valid.
  for (const std::string_view text :
       {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "\xff"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << to_hex(text);
  }
}

TEST(Utf8, CountsCodePointsAndNotBytes) {
  EXPECT_EQ(count_code_points(""), 0u);
  EXPECT_EQ(count_code_points("a\u00e4\u4e16\U0001f600"), 4u);
}

TEST(Nfc, ComposesAndIsIdempotent) {
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_EQ(to_nfc("e\u0301"), "\u00e9");
  EXPECT_EQ(to_nfc("\u212b"), "\u00c5");
  EXPECT_EQ(to_nfc(to_nfc("o\u0323\u0302")), to_nfc("o\u0302\u0323"));
  EXPECT_EQ(to_nfc(std::string_view("a\0e\u0301", 5)), std::string_view("a\0\u00e9", 4));
}

TEST(HiddenCharacters, ThatHideReorderOrBreakTextAreFound) {
  for (const std::string_view text :
       {"a\nb", "a\x7f", "\u0085", "a\u200bb", "\u202e", "\u2066", "\u2028", "\u2029", "\ufeff", "\u00ad"}) {
    EXPECT_TRUE(has_hidden_characters(text)) << to_hex(text);
  }
  EXPECT_TRUE(has_hidden_characters(std::string_view("a\0b", 3)));
  for (const std::string_view text :
       {"", "Ann O'Neil", "\u00c5ngstr\u00f6m & S\u00f8nner", "\u682a\u5f0f\u4f1a\u793e", "e\u0301"}) {
    EXPECT_FALSE(has_hidden_characters(text)) << text;
  }
}

TEST(HiddenCharacters, ThatShowNothingAreFoundToo) {
  for (const std::string_view text : {"\u115f", "\u1160", "\u3164", "\uffa0", "\u034f", "\u17b4", "\u2800", "\u2064"}) {
    EXPECT_TRUE(has_hidden_characters("a" + std::string(text) + "b")) << to_hex(text);
  }
  EXPECT_FALSE(has_hidden_characters("\u2615\ufe0f")) << "an emoji as phones write it";
  EXPECT_FALSE(has_hidden_characters("\u845b\U000e0100")) << "one of the forms of a Han character";
}

TEST(VisibleCharacters, AreWhatOneSees) {
  for (const std::string_view text :
       {"", " ", "\u00a0", "\u3000", "\u2003", "\u3164", "\u2800", "\u115f", "\u034f", "\ufe0f", "\u200b\u00a0\n"}) {
    EXPECT_FALSE(has_visible_characters(text)) << to_hex(text);
  }
  for (const std::string_view text : {"a", "\u00a0a", "\u682a", "\u2615\ufe0f", "\u2801"}) {
    EXPECT_TRUE(has_visible_characters(text)) << text;
  }
}

TEST(TrimWhiteSpace, TakesThatOfAllScriptsFromTheEndsOnly) {
  EXPECT_EQ(trim_white_space(" \u00a0\u3000Dup\u00a0Dup\u2003\t\u205f"), "Dup\u00a0Dup");
  EXPECT_EQ(trim_white_space("Dup"), "Dup");
  for (const std::string_view blank : {"", " ", "\u00a0\u3000\u2003\u2028"}) EXPECT_EQ(trim_white_space(blank), "");
}

TEST(Skeleton, LookAlikesMeet) {
  for (const std::string_view twin :
       {"ADMIN", "\u0410dmin", "a d m i n", "\u00e1dmin", "adm1n", "adm\u0456n", "a\u200bdmin",
        "\uff41\uff44\uff4d\uff49\uff4e", "4dm!n", "@dmin", "a-d_min", "AdMiN.", "adrnin", "ad\u043cin", "adml n",
        "\U0001d41admin" /* mathematical bold a */, "\u00c4DM\u0130N"}) {
    EXPECT_EQ(to_skeleton(twin), to_skeleton("admin")) << twin;
  }
  for (const std::string_view twin :
       {"m\u0435mber", "MEMBER", "\u041cEMBER", "m3mb3r", "rnernber", "me\u00admber", "m\u0395mb\u03b5r"}) {
    EXPECT_EQ(to_skeleton(twin), to_skeleton("member")) << twin;
  }
  for (const std::string_view twin : {"0wner", "\u043ewn\u0435r", "OWNER", "\u039fwner", "own\u00e9r"}) {
    EXPECT_EQ(to_skeleton(twin), to_skeleton("owner")) << twin;
  }
}

TEST(Skeleton, OtherWordsStayApart) {
  EXPECT_NE(to_skeleton("administrator"), to_skeleton("admin"));
  EXPECT_NE(to_skeleton("adman"), to_skeleton("admin"));
  EXPECT_NE(to_skeleton("remember"), to_skeleton("member"));
  EXPECT_EQ(to_skeleton(""), "");
  EXPECT_EQ(to_skeleton(" \t\u00a0"), "");
}

TEST(LowerAscii, TouchesNothingElse) { EXPECT_EQ(to_lower_ascii("AZaz09[@`\u00c4"), "azaz09[@`\u00c4"); }

TEST(Trim, TakesAsciiSpaceAtBothEndsOnly) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\u00a0a"), "\u00a0a");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), testing::ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), testing::ElementsAre(""));
  EXPECT_THAT(split("abc", ','), testing::ElementsAre("abc"));
}

TEST(Hex, IsLowerCase) { EXPECT_EQ(to_hex(std::string_view("\x00\x7f\xff", 3)), "007fff"); }

TEST(Base64, MatchesRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
    const std::string bare = encoded.substr(0, encoded.find('='));
    EXPECT_EQ(to_base64url(plain), bare);
    EXPECT_EQ(from_base64url(bare), plain);
  }
  EXPECT_EQ(to_base64("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(to_base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Base64, RefusesOtherSpellings) {
  for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Z", "=", "==", "====", "Zh==", "Zm9=", "Zg==Zg==",
                                      "Zm9v\n", " Zm9v", "Zm-_", "Zm9v====", "Z===", "Zm 9v", "Zm9v Zm9"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64Url, OneTextForGivenBytes) {
  for (const std::string_view text :
       {"Zg==", "Zm8=", "Z", "Zm9vY", "Zm+/", "Zm9v\n", " Zm9v", "Zm9v.", "Zm 9v", "\xc3\xa4"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
  EXPECT_FALSE(from_base64url(std::string_view("Zm9\0", 4)));
  // Of the characters that could end an encoding of one or two bytes, exactly one has no stray bits per value.
  int one_byte = 0, two_bytes = 0;
  for (int last = 0; last < 256; ++last) {
    one_byte += from_base64url("Z" + std::string(1, char(last))).has_value();
    two_bytes += from_base64url("Zm" + std::string(1, char(last))).has_value();
  }
  EXPECT_EQ(one_byte, 4);
  EXPECT_EQ(two_bytes, 16);
}

TEST(Base64Url, WhateverDecodesEncodesBackToTheSameText) {
  std::mt19937 random(1);
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
  int decoded = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t length = random() % 12; length > 0; --length) text += alphabet[random() % alphabet.size()];
    if (const auto bytes = from_base64url(text)) {
      ++decoded;
      EXPECT_EQ(to_base64url(*bytes), text);
    }
  }
  EXPECT_GT(decoded, 1000);
}

TEST(EscapeHtml, NothingGetsOutOfAnElementOrAnAttribute) {
  EXPECT_EQ(escape_html(R"(<a href="x" b='y'>&amp;)"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(escape_html("\u00e4 plain"), "\u00e4 plain");
}

TEST(EscapeUrl, LeavesTheUnreservedOnly) {
  EXPECT_EQ(escape_url("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(escape_url(" +&=#?/%\u00e4\r\n"), "%20%2B%26%3D%23%3F%2F%25%C3%A4%0D%0A");
}

TEST(UnescapeUrl, UndoesEscapeUrl) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += char(i);
  EXPECT_EQ(unescape_url(escape_url(all), false), all);
  EXPECT_EQ(unescape_url(escape_url(all), true), all);
  EXPECT_EQ(unescape_url("a+b%2bc", true), "a b+c");
  EXPECT_EQ(unescape_url("a+b%2Bc", false), "a+b+c");
  EXPECT_EQ(unescape_url("%00", false), std::string(1, '\0'));
}

TEST(UnescapeUrl, DecodesOnce) { EXPECT_EQ(unescape_url("%2541", false), "%41"); }

TEST(UnescapeUrl, RefusesBrokenEscapes) {
  for (const std::string_view text : {"%", "%4", "%zz", "a%", "a%4", "%4g", "%%41", "% 41", "%+1", "%-1"}) {
    EXPECT_FALSE(unescape_url(text, false)) << text;
  }
}

TEST(Closest, FindsWhatATypingErrorMeant) {
  const std::vector<std::string> names{"public_url", "listen", "database_url", "mail.from"};
  EXPECT_EQ(closest("publik_url", names), "public_url");
  EXPECT_EQ(closest("lisen", names), "listen");
  EXPECT_EQ(closest("databse_ulr", names), "database_url");
  EXPECT_EQ(closest("listen", names), "listen");
}

TEST(Closest, SaysNothingWhenNothingIsNear) {
  const std::vector<std::string> names{"public_url", "listen", "db"};
  EXPECT_EQ(closest("encryption_key", names), std::nullopt);
  EXPECT_EQ(closest("", names), std::nullopt);
  EXPECT_EQ(closest("xy", names), std::nullopt);
  EXPECT_EQ(closest("listen", {}), std::nullopt);
}

TEST(TextTest, FoldedSpellingsOfOneNameMeetAndKeepTheirBeginnings) {
  EXPECT_EQ(to_folded(""), "");
  EXPECT_EQ(to_folded("Ada LOVELACE"), "ada lovelace");
  EXPECT_EQ(to_folded("Z\xc3\x9cRICH"), "z\xc3\xbcrich");
  EXPECT_EQ(to_folded("Zu\xcc\x88rich"), to_folded("Z\xc3\x9crich")) << "composed and decomposed";
  EXPECT_TRUE(to_folded("STRASSE 5").starts_with(to_folded("stra\xc3\x9f")));
  EXPECT_NE(to_folded("Zurich"), to_folded("Z\xc3\xbcrich")) << "marks count";
}

}  // namespace
}  // namespace gatehouse::base
