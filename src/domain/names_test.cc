#include "domain/names.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::domain {
namespace {

using testing::MatchesRegex;

TEST(NamesTest, AreTrimmedAndComposed) {
  EXPECT_EQ(clean_name("  Acme Ltd.\t\n", "/n").value(), "Acme Ltd.");
  EXPECT_EQ(clean_name("Cafe\xCC\x81", "/n").value(), "Caf\xC3\xA9");
  EXPECT_EQ(clean_name("a  b", "/n").value(), "a  b");
}

TEST(NamesTest, NothingVisibleIsNoName) {
  for (const std::string_view name : {"", " ", "\t\n "}) {
    const auto cleaned = clean_name(name, "/organization_name");
    ASSERT_FALSE(cleaned.has_value());
    EXPECT_EQ(cleaned.error().code, &base::kInvalidRequest);
    EXPECT_EQ(cleaned.error().problems.at(0).pointer, "/organization_name");
  }
}

TEST(NamesTest, WhiteSpaceOfAnyScriptIsTrimmedSoThatNoTwinStandsBesideAName) {
  for (const std::string space : {"\u00a0", "\u3000", "\u2003", "\u202f", "\u1680", "\u205f", "\u0085", "\u2028"}) {
    EXPECT_EQ(clean_name(space + "Dup" + space, "/n").value(), "Dup") << testing::PrintToString(space);
  }
  EXPECT_EQ(clean_name("Caf\u00e9\u00a0Noir", "/n").value(), "Caf\u00e9\u00a0Noir");
}

TEST(NamesTest, WhatShowsNothingIsNoName) {
  for (const std::string blank : {"\u00a0", "\u3000", "\u2003", "\u3164", "\u2800", "\u115f", "\u034f", "\ufe0f"}) {
    EXPECT_FALSE(clean_name(blank, "/n").has_value()) << testing::PrintToString(blank);
    EXPECT_FALSE(clean_name(" " + blank + blank, "/n").has_value()) << testing::PrintToString(blank);
  }
  for (const std::string invisible : {"\u3164", "\u2800", "\u115f", "\u034f"}) {
    EXPECT_FALSE(clean_name("Dup" + invisible, "/n").has_value()) << testing::PrintToString(invisible);
  }
  EXPECT_TRUE(clean_name("\u2615\ufe0f Caf\u00e9", "/n").has_value()) << "an emoji as phones write it";
}

TEST(NamesTest, CharactersThatHideOrReorderTextAreRefused) {
  for (const std::string hidden : {"\x01", "\n", "\x7F", "\xC2\x85", "\xE2\x80\x8B", "\xE2\x80\xAE", "\xE2\x81\xA6",
                                   "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xC2\xAD"}) {
    EXPECT_FALSE(clean_name("a" + hidden + "b", "/n").has_value()) << testing::PrintToString(hidden);
  }
}

TEST(NamesTest, SlugsKeepLettersAndDigitsAndJoinTheRest) {
  EXPECT_EQ(to_slug("Acme Ltd."), "acme-ltd");
  EXPECT_EQ(to_slug("  --A  &  B--  "), "a-b");
  EXPECT_EQ(to_slug("42"), "42");
  EXPECT_EQ(to_slug("Caf\xC3\xA9 Noir"), "caf-noir");
  EXPECT_EQ(to_slug("<script>/../"), "script");
}

TEST(NamesTest, ASlugIsNeverEmptyAndNeverLong) {
  EXPECT_EQ(to_slug(""), "org");
  EXPECT_EQ(to_slug("\xE6\x97\xA5\xE6\x9C\xAC"), "org");
  EXPECT_EQ(to_slug(std::string(100, 'a')), std::string(40, 'a'));
  EXPECT_EQ(to_slug(std::string(39, 'a') + " b"), std::string(39, 'a')) << "no dash at the cut";
}

TEST(NamesTest, ASuffixIsRandomSoThatSlugsListNoTenants) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string slug = to_slug_with_suffix("Acme");
    EXPECT_THAT(slug, MatchesRegex("acme-[0-9a-z]{8}"));
    seen.insert(slug);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace gatehouse::domain
