#include "base/text.h"

#include <gtest/gtest.h>

namespace gatehouse::base {
namespace {

TEST(Folded, SpellingsThatDifferInCaseOnlyMeet) {
  EXPECT_EQ(to_folded(""), "");
  EXPECT_EQ(to_folded("Ada Lovelace"), "ada lovelace");
  EXPECT_EQ(to_folded("\u00c5SA"), to_folded("\u00e5sa"));
  EXPECT_EQ(to_folded("A\u030asa"), to_folded("\u00e5sa")) << "decomposed";
  EXPECT_EQ(to_folded("Stra\u00dfe"), to_folded("STRASSE"));
  EXPECT_NE(to_folded("Lorna"), to_folded("Loma"));
}

TEST(Folded, TheBeginningOfAnotherSpellingIsABeginning) {
  EXPECT_TRUE(to_folded("\u00d6zlem").starts_with(to_folded("\u00f6Z")));
  EXPECT_TRUE(to_folded("Lorna").starts_with(to_folded("LOR")));
}

}  // namespace
}  // namespace gatehouse::base
