#include "pages/brand.h"

#include "pages/fixture_test.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gatehouse::pages {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using BrandPagesTest = PagesFixture;

TEST_F(BrandPagesTest, AStyleSheetIsMadeOfItsAddressAlone) {
  const http::Response sheet = get("/brand/colors/0b6e4f-ffffff-7fd1ae-10141d.css");
  EXPECT_EQ(sheet.status, 200);
  EXPECT_EQ(sheet.content_type, "text/css; charset=utf-8");
  EXPECT_THAT(sheet.body, HasSubstr("border-color: #0b6e4f; background: #0b6e4f; color: #ffffff; }"));
  EXPECT_THAT(sheet.body.substr(sheet.body.find("@media (prefers-color-scheme: dark)")),
              AllOf(HasSubstr("background: #7fd1ae; color: #10141d;"), Not(HasSubstr("0b6e4f"))));
  EXPECT_THAT(sheet.headers, testing::Contains(testing::Pair("Cache-Control", "public, max-age=31536000, immutable")));
}

TEST_F(BrandPagesTest, NothingButColorsGetsIntoAStyleSheet) {
  for (const std::string file :
       {"0b6e4f-ffffff-7fd1ae.css", "0b6e4f-ffffff-7fd1ae-10141d", "0b6e4f-ffffff-7fd1ae-10141d-000000.css",
        "0B6E4F-ffffff-7fd1ae-10141d.css", "0b6e4f-ffffff-7fd1ae-10141g.css", "0b6e4f-ffffff-7fd1ae-1014.css",
        "0b6e4f-ffffff-7fd1ae-10141d}*{color:red.css", "#0b6e4f-ffffff-7fd1ae-10141d.css", ".css", "-.css",
        "---.css"}) {
    EXPECT_EQ(get("/brand/colors/" + file).status, 404) << file;
  }
}

TEST_F(BrandPagesTest, LogosThatAreNotThereAreNotFound) {
  for (const std::string path :
       {"org_01kams5vygfpj9x3m7c0w2r8td/a.png", "org_x/a.png", "usr_01kams5vygfpj9x3m7c0w2r8td/a.png"}) {
    EXPECT_EQ(get("/brand/logos/" + path).status, 404) << path;
  }
}

std::string read(const std::string& file) {
  std::ostringstream content;
  content << std::ifstream(std::string(GATEHOUSE_SOURCE_DIR) + "/src/" + file).rdbuf();
  return content.str();
}

// What colors are checked against is what is there.
TEST_F(BrandPagesTest, TheColorsThatContrastIsMeasuredAgainstAreThoseOfPagesAndLetters) {
  const std::string sheet = read("pages/assets/pages.css"), letter = read("mail/templates/frame.html");
  const auto dark = sheet.find("prefers-color-scheme: dark"), dark_letter = letter.find("prefers-color-scheme: dark");
  ASSERT_NE(dark, std::string::npos);
  ASSERT_NE(dark_letter, std::string::npos);
  const auto is = [](std::string_view name, std::string_view value) {
    return HasSubstr(std::string(name) + ": " + std::string(value) + ";");
  };
  EXPECT_THAT(sheet.substr(0, dark), AllOf(is("--accent", domain::kLightButton[0]), HasSubstr("--on-accent: #fff;"),
                                           HasSubstr("--card: #fff;")));
  EXPECT_THAT(sheet.substr(dark, 400),
              AllOf(is("--accent", domain::kDarkButton[0]), is("--on-accent", domain::kDarkButton[1]),
                    is("--card", domain::kDarkCards[0])));
  EXPECT_THAT(letter, HasSubstr("class=\"card\" style=\"background:" + std::string(domain::kLightCards[0])));
  EXPECT_THAT(letter.substr(dark_letter, 200), HasSubstr(".card { background: " + std::string(domain::kDarkCards[1])));
}

}  // namespace
}  // namespace gatehouse::pages
