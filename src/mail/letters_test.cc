#include "base/text.h"
#include "mail/body.h"
#include "mail/render.h"

#include <boost/mp11/tuple.hpp>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <stdexcept>

namespace gatehouse::mail {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// One of each letter, filled with values that can be told apart.
Letters sample_letters() {
  const auto at = [](std::string_view text) { return base::parse_rfc3339(text)->time; };
  const base::Time now = at("2026-11-22T11:50:34Z");
  const Chosen organization{"Müller & Söhne"};
  const Chosen role{"Editor 2"};
  const base::IpAddress address = *base::IpAddress::parse("192.0.2.7");
  const Link ask_for_reset{"https://gate.example.com/reset-password"};
  return {
      Welcome{organization, now, {"https://gate.example.com/verify-email?token=gve_0123456789abcdef&x=1"}},
      AlreadyRegistered{now, ask_for_reset},
      SignInAlert{now, address, {"Firefox on Linux"}, ask_for_reset},
      OperatorSignIn{now, address, {"Firefox on Linux"}},
      SignInSummary{12, now, at("2026-11-22T12:43:00Z"), ask_for_reset},
      ResetPassword{now, {"https://gate.example.com/reset-password?token=grp_0123456789abcdef"}},
      ResetPasswordApart{organization, now, {"https://gate.example.com/reset-password?token=grs_0123456789abcdef"}},
      PasswordChanged{now, address, ask_for_reset},
      OperatorPasswordChanged{now, address},
      ConfirmEmail{now, {"https://gate.example.com/verify-email?token=gve_0123456789abcdef"}},
      ConfirmNewEmail{now, {"https://gate.example.com/confirm-email?token=gce_0123456789abcdef"}},
      EmailChangeRequested{{"countess@example.com"}, now, address, ask_for_reset},
      EmailChanged{{"countess@example.com"}, now, address},
      AccountDeleted{now, address},
      Invitation{organization,
                 {"ada@example.com"},
                 role,
                 {"We are two desks away.\nSee evil.test & <b>you</b>"},
                 at("2026-11-29T11:50:34Z"),
                 {"https://gate.example.com/accept-invite?token=gin_0123456789abcdef"}},
      Added{organization,
            {"ada@example.com"},
            role,
            at("2026-11-29T11:50:34Z"),
            {"https://gate.example.com/reset-password?token=grs_0123456789abcdef"}},
      Joined{{"grace@example.com"}, organization, role},
      RoleChanged{organization, role, now},
      Removed{organization, now},
      Suspended{organization, now},
      Reinstated{organization, role, now},
      OrganizationDeleted{organization, at("2026-12-22T11:50:34Z")},
      OrganizationRestored{organization, now},
      OwnerAppointed{organization, now},
      TestLetter{now},
  };
}

template <class Check>
void for_each_letter(Check check) {
  boost::mp11::tuple_for_each(sample_letters(), [&](const auto& letter) {
    SCOPED_TRACE(std::string(letter.kTemplate));
    check(letter);
  });
}

/// In each language, those of tests included.
template <class Check>
void for_each_reader(Check check) {
  for (const std::string_view tag : {"en", "de", "es", "ar-XB"}) {
    SCOPED_TRACE(std::string(tag));
    check(text::Reader{text::find_language(tag), base::TimeZone::find("Europe/Vienna")});
  }
}

template <class Letter, class Check>
void for_each_value(const Letter& letter, const text::Reader& reader, Check check) {
  boost::mp11::mp_for_each<boost::describe::describe_members<Letter, boost::describe::mod_public>>(
      [&](auto member) { check(std::string_view(member.name), show(letter.*member.pointer, reader)); });
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

/// Compares with a file of tests/golden/letters, or writes it when GATEHOUSE_GOLDEN=write.
void expect_golden(const std::string& name, const std::string& content) {
  const std::string path = std::string(GATEHOUSE_SOURCE_DIR) + "/tests/golden/letters/" + name;
  const char* mode = std::getenv("GATEHOUSE_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(read(path), content) << "run with GATEHOUSE_GOLDEN=write and review the difference in " << name;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

TEST(Letters, ReadAsReviewed) {
  for_each_letter([](const auto& letter) {
    const Rendered rendered = render(letter);
    expect_golden(std::string(letter.kTemplate) + ".txt", "Subject: " + rendered.subject + "\n\n" + rendered.text);
    expect_golden(std::string(letter.kTemplate) + ".html", rendered.html);
    for (const std::string_view tag : {"de", "es"}) {
      const Rendered told = render(letter, {text::find_language(tag)});
      expect_golden(std::string(tag) + "/" + std::string(letter.kTemplate) + ".txt",
                    "Subject: " + told.subject + "\n\n" + told.text);
    }
  });
}

TEST(Letters, SayEverythingThatTheyAreGivenInBothParts) {
  for_each_reader([](const text::Reader& reader) {
    for_each_letter([&](const auto& letter) {
      const Rendered rendered = render(letter, reader);
      for_each_value(letter, reader, [&](std::string_view name, const Shown& shown) {
        EXPECT_THAT(rendered.text, HasSubstr(shown.text)) << name;
        EXPECT_THAT(rendered.html, HasSubstr(shown.html)) << name;
      });
      for (const auto& part : {rendered.subject, rendered.text, rendered.html}) {
        EXPECT_THAT(part, AllOf(Not(HasSubstr("{{")), Not(HasSubstr("**"))));
      }
    });
  });
}

TEST(Letters, CarryTheirLinkOnALineOfItsOwnAndInAButtonAndInSight) {
  for_each_reader([](const text::Reader& reader) {
    for_each_letter([&](const auto& letter) {
      const Rendered rendered = render(letter, reader);
      std::size_t links = 0;
      for_each_value(letter, reader, [&](std::string_view name, const Shown& shown) {
        if (name != "link") return;
        ++links;
        EXPECT_THAT(rendered.text, HasSubstr("\n" + shown.text + "\n"));
        EXPECT_EQ(count(rendered.html, "<a class=\"link\" href=\"" + shown.html + "\""), 1u);
        EXPECT_EQ(count(rendered.html, "<a href=\"" + shown.html + "\""), 1u);
        EXPECT_THAT(rendered.html, HasSubstr(">" + shown.html + "</a>"));
      });
      EXPECT_EQ(count(rendered.html, "<a "), 2 * links);
      EXPECT_EQ(count(rendered.html, "http"), 3 * links) << "nothing remote, no tracking";
      EXPECT_EQ(count(rendered.text, "http"), links);
    });
  });
}

TEST(Letters, StayWithinWhatMailProgramsTake) {
  for_each_reader([](const text::Reader& reader) {
    const std::string begin = "<!doctype html>\n<html lang=\"" + std::string(reader.language->tag()) + "\" dir=\"" +
                              std::string(reader.language->direction()) + "\">";
    for_each_letter([&](const auto& letter) {
      const Rendered rendered = render(letter, reader);
      EXPECT_LE(rendered.html.size(), 30'000u);
      EXPECT_TRUE(rendered.html.starts_with(begin));
      for (const auto* banned : {"<img", "<script", "<form", "url(", "@import", "src="}) {
        EXPECT_THAT(rendered.html, Not(HasSubstr(banned)));
      }
      EXPECT_EQ(rendered.subject.find('\n'), std::string::npos);
      EXPECT_FALSE(rendered.subject.empty());
    });
  });
}

TEST(Letters, GiveTimesByTheReadersClocks) {
  const Letters letters = sample_letters();
  const Rendered told =
      render(std::get<SignInAlert>(letters), {text::find_language("de"), base::TimeZone::find("Europe/Vienna")});
  EXPECT_THAT(told.text, HasSubstr("Zeit: 22. November 2026 um 12:50 Uhr (CET)\n"));
}

TEST(Letters, AreSignedWithTheOperatorsNameForTheService) {
  const Rendered rendered = render(TestLetter{base::Time{}}, {}, {}, "Tea & <Co>");
  EXPECT_EQ(rendered.subject, "A test letter from Tea & <Co>");
  EXPECT_THAT(rendered.text, HasSubstr("message from Tea & <Co>."));
  EXPECT_THAT(rendered.html, HasSubstr("message from Tea &amp; &lt;Co&gt;."));
}

const Brand kBrand{"Müller & Söhne",
                   BrandColors{{"#0b6e4f", "#fffffe"}, {"#7fd1ae", "#10141d"}},
                   "https://mueller.example/privacy?a=1&b=2",
                   {},
                   "https://mueller.example/help"};

TEST(Letters, OfABrandedOrganizationReadAsReviewed) {
  const Rendered rendered = render(std::get<Invitation>(sample_letters()), {text::find_language("de")}, kBrand);
  expect_golden("branded.txt", "Subject: " + rendered.subject + "\n\n" + rendered.text);
  expect_golden("branded.html", rendered.html);
}

TEST(Letters, ShowTheBrandAndLoadNothingForIt) {
  for_each_reader([](const text::Reader& reader) {
    for_each_letter([&](const auto& letter) {
      const Rendered plain = render(letter, reader), branded = render(letter, reader, kBrand);
      EXPECT_EQ(branded.subject, plain.subject);
      EXPECT_THAT(branded.html, HasSubstr(">Müller &amp; Söhne</td>"));
      EXPECT_THAT(branded.text, testing::EndsWith(": https://mueller.example/help\n"));
      EXPECT_EQ(count(branded.html, "href=\"https://mueller.example/privacy?a=1&amp;b=2\""), 1u);
      EXPECT_EQ(count(branded.html, "<a "), count(plain.html, "<a ") + 2);
      EXPECT_THAT(branded.html, HasSubstr(".button { background: #7fd1ae !important; }"));
      EXPECT_THAT(branded.html, HasSubstr(".button a { color: #10141d !important; }"));
      EXPECT_EQ(count(branded.html, "background:#0b6e4f;"), count(plain.html, "background:#2457d6;"));
      EXPECT_EQ(count(branded.html, "color:#fffffe;"), count(plain.html, "color:#ffffff;"));
      for (const auto* banned : {"<img", "url(", "src="}) EXPECT_THAT(branded.html, Not(HasSubstr(banned)));
      EXPECT_THAT(branded.html, HasSubstr(std::string(plain.html.substr(0, 40)))) << "language and direction stay";
    });
  });
}

// A name is text that somebody chose, and the foot's links are refused when they are none.
TEST(Letters, ABrandIsNoWayToSmuggleALink) {
  const Rendered rendered = render(TestLetter{}, {}, {.name = "<b>evil.test\r\nBcc: x"});
  EXPECT_THAT(rendered.html, AllOf(HasSubstr("&lt;b&gt;evil"), Not(HasSubstr("evil.test")), Not(HasSubstr("\r"))));
  EXPECT_THROW(render(TestLetter{}, {}, {.support_url = "javascript:alert(1)"}), std::logic_error);
}

TEST(Letters, NoWordsAreWithoutTheirLetter) {
  std::set<std::string> expected, found;
  for_each_letter([&](const auto& letter) { expected.insert(std::string(letter.kTemplate)); });
  for (const auto& [key, words] : text::english().all()) {
    const auto parts = base::split(key, '.');
    if (parts.front() == "letter" && parts.size() > 2) found.emplace(parts[1]);
  }
  EXPECT_EQ(found, expected);
}

TEST(Letters, ThatAreUnknownOrAskForMoreThanTheyAreGivenAreMistakes) {
  EXPECT_THROW(render_words("no_such_letter", {}, {}, {}, "Gatehouse"), std::logic_error);
  EXPECT_THROW(render_words("welcome", {}, {}, {}, "Gatehouse"), std::logic_error);
}

/// lay_out() with values that look like marks.
Shown laid_out(std::string_view body) {
  static const Shown value{"**a** {{b}} `c`", "<i>a</i>"}, nothing;
  return lay_out(body, [](std::string_view name) -> const Shown& { return name == "nothing" ? nothing : value; });
}

TEST(Bodies, MarksAreReadInWordsOnlyAndNeverInValues) {
  EXPECT_EQ(laid_out("**Who:** {{x}} & `rm -r`\nso").text, "Who: **a** {{b}} `c` & rm -r\nso\n");
  EXPECT_EQ(laid_out("**Who:** {{x}} & `rm -r`\nso").html,
            "<p><strong>Who:</strong> <i>a</i> &amp; <code>rm -r</code><br>\nso</p>\n");
}

TEST(Bodies, AParagraphOfAnEmptyValueLeavesNoGap) {
  EXPECT_EQ(laid_out("one\n\n{{nothing}}\n\ntwo").text, "one\n\ntwo\n");
  EXPECT_EQ(laid_out("one\n\n{{nothing}}\n\ntwo").html, "<p>one</p>\n<p>two</p>\n");
}

TEST(Bodies, LinesBreakAtSpacesAndNeverInAValue) {
  const std::string word(40, 'w');
  EXPECT_EQ(laid_out(word + " " + word + " {{x}}").text, word + "\n" + word + " **a** {{b}} `c`\n");
  const std::string exact = std::string(37, 'a') + " " + std::string(38, 'b');
  EXPECT_EQ(laid_out(exact).text, exact + "\n");
  EXPECT_EQ(laid_out(exact + "b").text, std::string(37, 'a') + "\n" + std::string(39, 'b') + "\n");
  const std::string long_word(100, 'l');
  EXPECT_EQ(laid_out("a " + long_word + " b").text, "a\n" + long_word + "\nb\n");
}

}  // namespace
}  // namespace gatehouse::mail
