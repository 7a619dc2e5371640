#include "domain/contrast.h"

#include <gtest/gtest.h>

namespace gatehouse::domain {
namespace {

TEST(Contrast, ColorsHaveOneSpelling) {
  EXPECT_EQ(clean_color("#0B6e4F"), "#0b6e4f");
  for (const char* text : {"", "#", "#fff", "0b6e4f", "#0b6e4", "#0b6e4ff", "#0b6e4g", "#0b6e 4", " #0b6e4f", "red",
                           "rgb(0,0,0)", "#0b6e4f;}", "＃0b6e4f"}) {
    EXPECT_EQ(clean_color(text), std::nullopt) << text;
  }
}

// As WCAG's own examples and the checkers of others have them.
TEST(Contrast, IsThatOfTheStandard) {
  EXPECT_EQ(to_text(contrast_of("#000000", "#ffffff")), "21.00");
  EXPECT_EQ(to_text(contrast_of("#123456", "#123456")), "1.00");
  EXPECT_EQ(to_text(contrast_of("#ffffff", "#767676")), "4.54");
  EXPECT_EQ(to_text(contrast_of("#ff0000", "#ffffff")), "3.99");
  EXPECT_EQ(to_text(contrast_of("#00ff00", "#ffffff")), "1.37");
  EXPECT_EQ(to_text(contrast_of("#ffffff", "#0000ff")), "8.59");
  EXPECT_EQ(contrast_of("#0000ff", "#ffffff"), contrast_of("#ffffff", "#0000ff"));
  EXPECT_EQ(to_text(contrast_of("#0a0a0a", "#000000")), "1.06") << "below the threshold of the curve";
}

// 4.5 would be a strange thing to hear that 4.5 is needed.
TEST(Contrast, IsCutOffAndNotRounded) {
  EXPECT_EQ(to_text(4.4999), "4.49");
  EXPECT_EQ(to_text(3), "3.00");
}

}  // namespace
}  // namespace gatehouse::domain
