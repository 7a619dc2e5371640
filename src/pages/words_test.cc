#include "pages/words.h"

#include "pages/fixture_test.h"
#include "pages/page.h"

#include <random>

namespace gatehouse::pages {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

http::Request asking(std::vector<std::string> accept_language, Pairs query = {}, std::string body = {}) {
  http::Request request;
  for (std::string& value : accept_language) request.headers.emplace_back("accept-language", std::move(value));
  request.query = std::move(query);
  request.body = std::move(body);
  return request;
}

std::string tag_for(std::vector<std::string> accept_language) {
  return std::string(Words(asking(std::move(accept_language))).language().tag());
}

TEST(Languages, AreTheBestOfWhatTheBrowserAccepts) {
  EXPECT_EQ(tag_for({}), "en");
  EXPECT_EQ(tag_for({"de"}), "de");
  EXPECT_EQ(tag_for({"de-AT, en;q=0.8"}), "de");
  EXPECT_EQ(tag_for({"fr, es;q=0.7, en;q=0.3"}), "es");
  EXPECT_EQ(tag_for({"en;q=0.5, de;q=0.6"}), "de");
  EXPECT_EQ(tag_for({"es, de"}), "es") << "the first of two that are wanted as much";
  EXPECT_EQ(tag_for({"de, es"}), "de");
  EXPECT_EQ(tag_for({"fr", "de;q=0.1"}), "de") << "several fields are one list";
  EXPECT_EQ(tag_for({"ES-mx"}), "es");
  EXPECT_EQ(tag_for({"fr, *;q=0.5"}), "en");
  EXPECT_EQ(tag_for({"en;q=0, *"}), "de") << "anything but English";
}

TEST(Languages, ThatNobodyWantsOrNobodyCanReadLeaveEnglish) {
  for (const char* value :
       {"", "fr", "de;q=0", "de;q=2", "de;q=x", "de;q=", "deutsch", ",,;;", "d", "*;q=0", "ar-XB"}) {
    EXPECT_EQ(tag_for({value}), "en") << value;
  }
}

TEST(Languages, SayWhatIsWrongWithAFieldInASentence) {
  const Words english, german(asking({"de"}));
  EXPECT_EQ(to_sentence("is required", english), "This is required.");
  EXPECT_EQ(to_sentence("lies in the future", english), "This lies in the future.");
  EXPECT_EQ(to_sentence("lies in the future", german), "Das liegt in der Zukunft.");
  EXPECT_EQ(to_sentence("expected one of: a, b", german), "Hier gehört eines davon hin: a, b.");
  EXPECT_EQ(to_sentence("This is no domain of mail.", german), "Das ist keine E-Mail-Domain.");
}

TEST(Languages, OfAnyBytesAreReadInOnePass) {
  std::mt19937 random(20261126);
  constexpr std::string_view kPieces[] = {"de", "en", "es", ";q=", "0.5",  "1", ",", "*",
                                          "-",  " ",  "\t", ";",   "\xff", "q", "="};
  for (int round = 0; round < 20'000; ++round) {
    std::string value;
    for (auto left = random() % 30; left > 0; --left) value += kPieces[random() % std::size(kPieces)];
    const std::string tag = tag_for({value});
    EXPECT_NE(std::ranges::find(text::kLanguageTags, tag), text::kLanguageTags.end()) << value;
  }
  std::string many = "fr";
  for (int i = 0; i < 5'000; ++i) many += ",fr";
  EXPECT_EQ(tag_for({many + ",de"}), "en") << "a hundred ranges are enough for anybody";
}

TEST(Languages, ThatAreAskedForByNameAreSpokenBeforeWhatTheBrowserAccepts) {
  const auto asked = [](Pairs query, std::string body = {}) {
    return std::string(Words(asking({"es"}, std::move(query), std::move(body))).language().tag());
  };
  EXPECT_EQ(asked({{"lang", "de"}}), "de");
  EXPECT_EQ(asked({{"lang", "ar-XB"}}), "ar-XB");
  EXPECT_EQ(asked({}, "email=a%40b.example&lang=de"), "de");
  EXPECT_EQ(asked({{"lang", "fr"}}), "es") << "one that we don't speak is none";
  EXPECT_EQ(asked({{"lang", ""}}), "es");
}

TEST(Languages, ArePersonsBeforeAskedBeforeOrganizationsBeforeAccepted) {
  const Words accepted(asking({"es"})), asked(asking({"es"}, {{"lang", "de"}}));
  EXPECT_EQ(accepted.of_organization("de").language().tag(), "de");
  EXPECT_EQ(accepted.of_organization(std::nullopt).language().tag(), "es");
  EXPECT_EQ(asked.of_organization("en").language().tag(), "de");
  EXPECT_EQ(asked.of({.language = "en", .organization_language = "es"}).language().tag(), "en");
  EXPECT_EQ(asked.of({.organization_language = "es"}).language().tag(), "de");
  EXPECT_EQ(accepted.of({.organization_language = "de"}).language().tag(), "de");
  EXPECT_EQ(accepted.of({.language = "xx"}).language().tag(), "es") << "one that was dropped since";
}

TEST(Languages, OfANewAccountAreThoseThatSomethingNames) {
  EXPECT_EQ(Words(asking({})).named_language(), std::nullopt);
  EXPECT_EQ(Words(asking({"de-CH"})).named_language(), "de");
  EXPECT_EQ(Words(asking({"de"}, {{"lang", "es"}})).named_language(), "es");
  EXPECT_EQ(Words(asking({"de"}, {{"lang", "ar-XB"}})).named_language(), std::nullopt);
  EXPECT_EQ(Words(asking({"de"})).asked_language(), std::nullopt);
}

TEST(Languages, AreTakenOutOfWhatPagesRead) {
  const http::Request rest = without_language(asking({}, {{"lang", "de"}, {"token", "x"}}, "lang=de&a=b&lang=es&c="));
  EXPECT_EQ(rest.query, (Pairs{{"token", "x"}}));
  EXPECT_EQ(rest.body, "a=b&c=");
}

TEST(Sentences, EscapeTheirValuesAndNothingElseCanBeMarkup) {
  const Words words(asking({"de"}));
  EXPECT_EQ(words("common.membership", {{"organization", strong_name("<b>")}, {"role", "{{organization}}"}}).text(),
            "<strong><bdi>&lt;b&gt;</bdi></strong>, als {{organization}}");
  EXPECT_THROW(words("common.membership", {{"role", "x"}}), std::logic_error);
}

/// What people read of a page, without what somebody typed or chose, and what is code or a name of a language.
std::string visible_text(std::string_view page) {
  std::string out;
  std::string skipped;
  while (!page.empty()) {
    const auto open = page.find('<');
    if (skipped.empty()) out += std::string(page.substr(0, open)) + " ";
    if (open == std::string_view::npos) break;
    const auto close = page.find('>', open);
    const std::string_view tag = page.substr(open + 1, close - open - 1);
    const std::string_view name = tag.substr(0, tag.find(' '));
    if (skipped.empty() && (name == "bdi" || name == "code" || name == "select")) skipped = name;
    if (!skipped.empty() && name == "/" + skipped) skipped.clear();
    page.remove_prefix(close + 1);
  }
  return out;
}

/// Words with a plain vowel, which the pseudo-language has none of.
std::vector<std::string> untranslated(std::string_view page) {
  std::vector<std::string> found;
  const std::string text = visible_text(page);
  for (const std::string_view word : base::split(text, ' ')) {
    const std::string_view trimmed = base::trim(word);
    if (trimmed.find_first_of("aeiou") != std::string_view::npos) found.emplace_back(trimmed);
  }
  return found;
}

class LanguagePages : public PagesFixture {
 protected:
  static void expect_pseudo(const http::Response& page) {
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"ar-XB\" dir=\"rtl\">"));
    EXPECT_THAT(page.headers,
                AllOf(Contains(Pair("Content-Language", "ar-XB")), Contains(Pair("Vary", "Accept-Language"))));
    std::vector<std::string> left = untranslated(page.body);
    std::erase(left, "Gatehouse");
    EXPECT_THAT(left, testing::IsEmpty());
  }
};

TEST_F(LanguagePages, WhatIsNotInTheCatalogueIsSeen) {
  EXPECT_THAT(untranslated("<title>Šîîgñ</title><p>Sign <b>in</b> ñöö <bdi>Acme</bdi><code>rm</code></p>"),
              testing::ElementsAre("Sign", "in"));
}

TEST_F(LanguagePages, EveryPageSpeaksTheLanguageThatWasAskedFor) {
  const auto founder = sign_up("ada@example.com", "Acme");
  const Pairs pseudo{{"lang", "ar-XB"}};
  const auto with_token = [&](std::string token) { return Pairs{{"lang", "ar-XB"}, {"token", std::move(token)}}; };
  for (const char* path : {"/", "/sign-in", "/sign-up", "/signed-out", "/reset-password", "/setup", "/verify-email",
                           "/accept-invite", "/confirm-email"}) {
    SCOPED_TRACE(path);
    expect_pseudo(get(path, pseudo));
  }
  expect_pseudo(get("/sign-in", {{"lang", "ar-XB"}, {"organization", ""}}));
  expect_pseudo(get("/verify-email", with_token(mailed_token("ada@example.com", "/verify-email"))));
  expect_pseudo(get("/accept-invite", with_token(invite(founder, "bob@example.com"))));
  expect_pseudo(get("/reset-password", with_token("grs_something")));
}

TEST_F(LanguagePages, RefusedFormsSayWhyInTheirLanguageAndKeepIt) {
  sign_up("ada@example.com", "Acme");
  const auto page = get("/sign-up", {{"lang", "ar-XB"}});
  const auto weak = submit(page, {{"email", "x@example.com"}, {"organization_name", "X"}, {"password", "password"}});
  EXPECT_EQ(weak.status, 400);
  expect_pseudo(weak);
  expect_pseudo(submit(weak, {{"password", "short"}}));
  expect_pseudo(submit(weak, {{"email", "none"}, {"organization_name", ""}, {"name", std::string(200, 'x')}}));
  expect_pseudo(submit(weak, {{"email", "ada@example.com"}, {"password", std::string(kOtherPassword)}}));
  expect_pseudo(submit(get("/sign-in", {{"lang", "ar-XB"}}), {{"email", "no@example.com"}, {"password", "wrong one"}}));
  expect_pseudo(submit(get("/reset-password", {{"lang", "ar-XB"}}), {{"email", "ada@example.com"}}));
  const auto in =
      submit(get("/sign-in", {{"lang", "de"}}), {{"email", "ada@example.com"}, {"password", std::string(kPassword)}});
  EXPECT_THAT(in.headers, Contains(Pair("Location", "/account?lang=de")));
}

TEST_F(LanguagePages, AProblemIsToldInTheBrowsersLanguage) {
  http::Request request = to(http::Method::get, "/nowhere");
  request.headers.emplace_back("accept-language", "de");
  const auto page = problem_page(base::refuse(base::kRouteNotFound).value(), request);
  EXPECT_THAT(page.body, AllOf(HasSubstr("Unter diesem Pfad gibt es nichts"), HasSubstr("<html lang=\"de\""),
                               Not(HasSubstr("There is nothing"))));
}

}  // namespace
}  // namespace gatehouse::pages
