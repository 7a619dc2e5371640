#include "text/catalogue.h"

#include "base/embedded.h"
#include "base/errors.h"
#include "base/text.h"
#include "text/pattern.h"
#include "text/pseudo.h"
#include "text/reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

namespace gatehouse::text {

std::span<const base::EmbeddedFile> embedded_languages();

namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::multiset<std::string> places_of(std::string_view pattern) {
  std::multiset<std::string> places;
  for_each_piece(
      pattern, [](std::string_view) {}, [&](std::string_view name) { places.emplace(name); });
  return places;
}

std::set<std::string> names_of(std::string_view pattern) {
  const auto places = places_of(pattern);
  return {places.begin(), places.end()};
}

/// What keeps a language from saying what English says, a line a trouble.
std::vector<std::string> troubles(const Words& said, const Words& english_words) {
  std::vector<std::string> found;
  for (const auto& [key, pattern] : english_words) {
    const auto here = said.find(key);
    if (here == said.end()) {
      found.push_back(key + " is missing");
    } else if (names_of(here->second) != names_of(pattern)) {
      found.push_back(key + " has other places");
    } else if (here->second.empty()) {
      found.push_back(key + " is empty");
    }
  }
  for (const auto& [key, pattern] : said) {
    if (!english_words.contains(key)) found.push_back(key + " is one too many");
  }
  return found;
}

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

/// What stands in the files below the folder that end in one of these, but for tests.
std::string sources_in(std::string_view folder, std::initializer_list<std::string_view> ends) {
  std::string all;
  const std::string root = std::string(GATEHOUSE_SOURCE_DIR) + "/" + std::string(folder);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    if (std::ranges::none_of(ends, [&](std::string_view end) { return path.ends_with(end); })) continue;
    if (path.ends_with("_test.cc") || path.ends_with("_test.h")) continue;
    all += content_of(path);
  }
  return all;
}

/// The keys and beginnings of keys that stand between the two.
std::set<std::string> keys_between(std::string_view text, std::string_view open, std::string_view close) {
  std::set<std::string> found;
  for (auto at = text.find(open); at != text.npos; at = text.find(open, at + 1)) {
    const std::string_view rest = text.substr(at + open.size());
    const auto length = std::min(rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."), rest.size());
    if (length > 0 && rest.substr(length).starts_with(close)) found.emplace(rest.substr(0, length));
  }
  return found;
}

/// The key as code has it: of two plurals what they share, of others what is put behind their beginning left out.
std::string as_read(const std::string& key, const std::set<std::string>& beginnings) {
  if (key.ends_with(".one") || key.ends_with(".other")) return key.substr(0, key.rfind('.'));
  for (const std::string& beginning : beginnings) {
    if (key.starts_with(beginning)) return beginning;
  }
  return key;
}

TEST(Catalogue, HasOneFileForEachLanguage) {
  std::set<std::string> files, tags;
  for (const base::EmbeddedFile& file : embedded_languages()) files.emplace(file.name);
  for (const std::string_view tag : kLanguageTags) tags.insert(std::string(tag) + ".json");
  EXPECT_EQ(files, tags);
}

TEST(Catalogue, EveryLanguageSaysWhatEnglishSays) {
  for (const std::string_view tag : kLanguageTags) {
    EXPECT_THAT(troubles(find_language(tag)->all(), english().all()), IsEmpty()) << tag;
  }
  EXPECT_THAT(troubles(find_language(kPseudoTag)->all(), english().all()), IsEmpty());
}

TEST(Catalogue, WhatIsMissingOrTooManyOrAsksForOtherValuesIsSeen) {
  const Words right{{"a", "{{x}} and {{y}}"}, {"b", "words"}};
  EXPECT_THAT(troubles({{"a", "{{y}} und {{x}}"}, {"b", "Worte"}}, right), IsEmpty());
  EXPECT_THAT(troubles({{"a", "{{y}} und {{x}}"}}, right), ElementsAre("b is missing"));
  EXPECT_THAT(troubles({{"a", "{{y}} {{x}}"}, {"b", "Worte"}, {"c", ""}}, right), ElementsAre("c is one too many"));
  EXPECT_THAT(troubles({{"a", "{{y}}"}, {"b", ""}}, right), ElementsAre("a has other places", "b is empty"));
}

TEST(Catalogue, NoWordsStandThereThatNobodyReads) {
  const std::string program = sources_in("src", {".cc", ".h"});
  const std::string console = sources_in("web/console/src", {".ts", ".tsx"}) +
                              content_of(std::string(GATEHOUSE_SOURCE_DIR) + "/web/console/words.mjs");
  ASSERT_THAT(program, HasSubstr("sign_in.title"));
  const std::set<std::string> beginnings = keys_between(console, "`", "${");
  ASSERT_THAT(beginnings, Contains("console.state."));
  for (const auto& [key, words] : english().all()) {
    // Keys that are put together where they are read.
    const std::string_view area = base::split(key, '.').front();
    if (area == "letter" || area == "problem" || area == "reason" || area == "action" || area == "role") continue;
    const bool is_consoles = area == "console";
    const std::string read = as_read(key, is_consoles ? beginnings : std::set<std::string>{"date.month."});
    EXPECT_THAT(is_consoles ? console : program, AnyOf(HasSubstr("\"" + read), HasSubstr("`" + read)))
        << "nobody reads " << key;
  }
}

/// The sentences that the domain refuses with, as far as they stand in one literal: "The invitation is ".
std::set<std::string> refusal_sentences() {
  std::set<std::string> found;
  const std::string sources = sources_in("src/domain", {".cc"});
  const std::string_view all = sources;
  for (auto at = all.find("refuse"); at != all.npos; at = all.find("refuse", at + 1)) {
    std::string_view statement = all.substr(at, all.find(';', at) - at);
    for (auto quote = statement.find('"'); quote != statement.npos; quote = statement.find('"')) {
      statement.remove_prefix(quote + 1);
      const std::string_view literal = statement.substr(0, statement.find('"'));
      statement.remove_prefix(std::min(literal.size() + 1, statement.size()));
      const bool is_sentence =
          !literal.empty() && literal[0] >= 'A' && literal[0] <= 'Z' && literal.find(' ') != literal.npos;
      if (is_sentence) found.emplace(literal);
    }
  }
  return found;
}

TEST(Catalogue, SaysOfEachRefusalThatPeopleSeeWhatTheApiSays) {
  // Of requests that neither a page nor the console makes.
  const std::set<std::string> only_programs_see{
      "Idempotency-Key is 1 to 255 visible ASCII characters.",
      "The line is longer than 64 KiB.",
      "Give either role_id or role.",
      "Give either organization or organization_id.",
      "A browser's session gets no tokens: it is switched at /choose-organization.",
      "Needed, since you are in no organization.",
      "The link says which account it is for.",
  };
  const auto sentences = refusal_sentences();
  ASSERT_THAT(sentences, Contains("Nobody suspends themselves."));
  for (const std::string& sentence : sentences) {
    if (only_programs_see.contains(sentence)) continue;
    const bool is_there = std::ranges::any_of(english().all(), [&](const auto& one) {
      return one.first.starts_with("reason.") && one.second.starts_with(sentence);
    });
    EXPECT_TRUE(is_there) << sentence;
  }
}

TEST(Catalogue, NamesEveryActionOfTheAuditLog) {
  std::set<std::string> areas, named;
  for (const auto& [key, words] : english().all()) {
    if (!key.starts_with("action.")) continue;
    named.insert(key.substr(key.find('.') + 1));
    areas.emplace(base::split(key, '.')[1]);
  }
  std::set<std::string> written;
  for (const std::string& word : keys_between(sources_in("src/domain", {".h"}), "\"", "\"")) {
    const auto dot = word.find('.');
    if (dot != word.npos && areas.contains(word.substr(0, dot))) written.insert(word);
  }
  EXPECT_EQ(named, written);
}

TEST(Catalogue, SaysOfEachErrorCodeWhatTheApiSays) {
  std::set<std::string> codes, keys;
  for (const base::ErrorCode* code : base::kErrorCodes) {
    codes.insert("problem." + std::string(code->name));
    EXPECT_EQ(english().words("problem." + std::string(code->name)), code->title);
  }
  for (const auto& [key, words] : english().all()) {
    if (key.starts_with("problem.")) keys.insert(key);
  }
  EXPECT_EQ(keys, codes);
}

TEST(Catalogue, KnowsALanguageByItsTagInAnyCase) {
  EXPECT_EQ(find_language("DE"), find_language("de"));
  EXPECT_EQ(find_language("de")->words("common.sign_in"), "Anmelden");
  for (const char* tag : {"", "d", "de-AT", "fr", "en.json", "../en", "ar"})
    EXPECT_EQ(find_language(tag), nullptr) << tag;
  EXPECT_THROW(english().words("no.such.key"), std::logic_error);
  EXPECT_EQ(find_language("de")->words_or("action.session.signed_in", "session.signed_in"), "Angemeldet");
  EXPECT_EQ(english().words_or("action.of.later", "of.later"), "of.later");
}

TEST(Catalogue, CountsAsTheLanguagesDo) {
  EXPECT_EQ(find_language("de")->words_for("common.retry", 1), find_language("de")->words("common.retry.one"));
  for (const int count : {0, 2, 60}) {
    EXPECT_EQ(find_language("es")->words_for("common.retry", count), find_language("es")->words("common.retry.other"));
  }
}

TEST(Catalogue, RetellsSentencesWithTheirValues) {
  const Language& german = *find_language("de");
  EXPECT_EQ(german.retell("This is required."), "Diese Angabe ist erforderlich.");
  EXPECT_EQ(german.retell("This is too long: at most 100 characters."), "Das ist zu lang: höchstens 100 Zeichen.");
  EXPECT_EQ(german.retell("A password has 12 to 256 characters here."), "Ein Passwort hat hier 12 bis 256 Zeichen.");
  EXPECT_EQ(german.retell("This should be one of: a, b."), "Hier gehört eines davon hin: a, b.");
  EXPECT_EQ(english().retell("This is required."), "This is required.");
  for (const char* unknown : {"", "This is required", "This is required. ", "Nobody translated this."}) {
    EXPECT_EQ(german.retell(unknown), unknown);
  }
}

// Of two, the later one would count, and nobody would see that the other has no effect. Each key begins a line.
TEST(Catalogue, AKeyStandsOnce) {
  for (const base::EmbeddedFile& file : embedded_languages()) {
    std::set<std::string> keys;
    std::istringstream lines{std::string(file.content)};
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("  \"")) continue;
      const std::string key = line.substr(3, line.find('"', 3) - 3);
      EXPECT_TRUE(keys.insert(key).second) << file.name << ": " << key;
    }
    EXPECT_EQ(keys.size(), parse_words(file.content).size()) << file.name;
  }
}

TEST(Catalogue, TakesFlatObjectsOfStringsOnly) {
  EXPECT_EQ(parse_words(R"({"a":"b"})"), (Words{{"a", "b"}}));
  for (const char* text : {"", "[]", R"({"a":1})", R"({"a":{"b":"c"}})", R"({"a":"b")"}) {
    EXPECT_THROW(parse_words(text), std::runtime_error) << text;
  }
}

TEST(Patterns, AreFilledInOnePass) {
  const auto value = [](std::string_view name) { return "{{" + std::string(name) + name.data()[0] + "}}"; };
  EXPECT_EQ(fill("a {{b}}{{c}} d", value), "a {{bb}}{{cc}} d");
  EXPECT_EQ(fill("", value), "");
  EXPECT_THROW(fill("a {{b", value), std::logic_error);
}

TEST(PseudoLanguage, IsLongerAccentedAndFromRightToLeft) {
  const Words made = pseudo_words({{"a", "Sign in as {{email}} by `cat`."}, {"language.direction", "ltr"}});
  EXPECT_EQ(made.at("a"), "Šîîgñ îîñ ååš {{email}} bý `cat`.");
  EXPECT_EQ(made.at("language.direction"), "rtl");
}

base::Time at(std::string_view text) { return base::parse_rfc3339(text)->time; }

TEST(Moments, ReadAsEachLanguageHasThem) {
  const base::Time time = at("2026-03-01T09:05:59Z");
  EXPECT_EQ(moment({}, time), "1 March 2026 at 09:05 UTC");
  EXPECT_EQ(moment({find_language("de")}, time), "1. März 2026 um 09:05 Uhr (UTC)");
  EXPECT_EQ(moment({find_language("es")}, time), "1 de marzo de 2026, 09:05 (UTC)");
}

TEST(Moments, FollowTheReadersClocks) {
  const auto in = [](const char* zone, const char* time) {
    return moment({&english(), zone_of(std::string(zone))}, at(time));
  };
  EXPECT_EQ(in("Europe/Vienna", "2026-01-01T23:30:00Z"), "2 January 2026 at 00:30 CET");
  EXPECT_EQ(in("Europe/Vienna", "2026-07-01T23:30:00Z"), "2 July 2026 at 01:30 CEST");
  EXPECT_EQ(in("Asia/Kolkata", "2026-12-31T18:30:00Z"), "1 January 2027 at 00:00 IST");
  EXPECT_EQ(in("America/Sao_Paulo", "2026-03-01T02:05:00Z"), "28 February 2026 at 23:05 -03");
  EXPECT_FALSE(zone_of(std::nullopt).has_value());
  EXPECT_FALSE(zone_of("Mars/Olympus").has_value());
}

}  // namespace
}  // namespace gatehouse::text
