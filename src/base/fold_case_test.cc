#include "base/fold_case.h"

#include <gtest/gtest.h>

namespace gatehouse::base {
namespace {

TEST(FoldCase, SpellingsThatDifferInCaseOnlyMeet) {
  EXPECT_EQ(fold_case(""), "");
  EXPECT_EQ(fold_case("Ada Lovelace"), "ada lovelace");
  EXPECT_EQ(fold_case("\u00c5SA"), fold_case("\u00e5sa"));
  EXPECT_EQ(fold_case("A\u030asa"), fold_case("\u00e5sa")) << "decomposed";
  EXPECT_EQ(fold_case("Stra\u00dfe"), fold_case("STRASSE"));
  EXPECT_NE(fold_case("Lorna"), fold_case("Loma"));
}

TEST(FoldCase, TheBeginningOfAnotherSpellingIsABeginning) {
  EXPECT_TRUE(fold_case("\u00d6zlem").starts_with(fold_case("\u00f6Z")));
  EXPECT_TRUE(fold_case("Lorna").starts_with(fold_case("LOR")));
}

}  // namespace
}  // namespace gatehouse::base
