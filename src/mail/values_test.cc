#include "base/text.h"
#include "mail/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace gatehouse::mail {
namespace {

template <class Value>
Shown shown(const Value& value) {
  return show(value, text::Reader{});
}

using testing::HasSubstr;
using testing::Not;

const std::string kGlue = "\u2060";

Rendered invitation_of(const std::string& name, const std::string& role = "Editor", const std::string& message = {}) {
  return render(Invitation{{name},
                           {"ada@example.com"},
                           {role},
                           {message},
                           base::Time{},
                           {"https://gate.example.com/accept-invite?token=t"}});
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

std::string without(std::string text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.erase(at, what.size());
  return text;
}

TEST(Names, AreNeitherMarkupNorTemplates) {
  const Rendered rendered = invitation_of("<b>x</b>", "{{7*7}}{{link}}");
  EXPECT_THAT(rendered.html, Not(HasSubstr("<b>")));
  EXPECT_THAT(rendered.html, HasSubstr("&lt;b&gt;x&lt;" + kGlue + "/" + kGlue + "b&gt;"));
  EXPECT_THAT(rendered.html, HasSubstr("{{7*7}}{{link}}"));
  EXPECT_THAT(rendered.text, HasSubstr("{{7*7}}{{link}}"));
  EXPECT_THAT(invitation_of("\" onclick=\"x").html, Not(HasSubstr("\" onclick")));
}

TEST(Names, BecomeNoLinkAnywhere) {
  for (const auto* name : {"http://evil.test", "https://evil.test/x?y", "evil.test", "www.evil.test", "eve@evil.test",
                           "//evil.test", "mailto:eve@evil.test", "evil。test", "evil．test", "\\\\evil\\share",
                           "evil\u2060.test", "evil\u200b.test", "ht\ttp://evil.test"}) {
    const Rendered rendered = invitation_of(name, name);
    for (const auto& part : {rendered.subject, rendered.text, rendered.html}) {
      const std::string rest = without(part, "https://gate.example.com/accept-invite?token=t");
      for (const auto* url : {"evil.", ".test", "http:", "https:", "//", "www.", "eve@", "@evil", "mailto:", "evil。",
                              "evil．", "\\\\", "\\share"}) {
        EXPECT_THAT(rest, Not(HasSubstr(url))) << name;
      }
    }
    EXPECT_EQ(count(rendered.html, "<a "), 2u) << name;
  }
}

TEST(Messages, AreQuotedLineByLineAndAreNeitherMarkupNorLinks) {
  const Rendered rendered = invitation_of("Acme", "Editor", "Hi <b>Bob</b>\nlook at evil.test\x01\r\n--\nAcme");
  EXPECT_THAT(rendered.text, HasSubstr("\nThey write:\n\n> Hi <b>Bob<" + kGlue + "/" + kGlue + "b>\n> look at evil" +
                                       kGlue + "." + kGlue + "test\n> --\n> Acme\n\nThe link"));
  EXPECT_THAT(rendered.html, HasSubstr("<blockquote>Hi &lt;b&gt;Bob&lt;"));
  EXPECT_THAT(rendered.html, Not(HasSubstr("evil.test")));
  EXPECT_EQ(count(rendered.html, "<a "), 2u);
  EXPECT_THAT(invitation_of("Acme", "Editor", std::string(600, 'x')).text,
              HasSubstr("> " + std::string(500, 'x') + "…\n"));
}

TEST(Messages, ThatAreEmptyAreNotMentioned) {
  const Rendered rendered = invitation_of("Acme");
  EXPECT_THAT(rendered.text, Not(HasSubstr("They write")));
  EXPECT_THAT(rendered.html, Not(HasSubstr("blockquote")));
  EXPECT_THAT(rendered.text, HasSubstr("as Editor.\n\nThe link"));
}

TEST(Names, OfPeopleAreNoLinksEither) {
  const Rendered rendered = render(Joined{{"eve@evil.test"}, {"Acme"}, {"Member"}});
  EXPECT_EQ(rendered.subject, "eve" + kGlue + "@" + kGlue + "evil" + kGlue + "." + kGlue + "test has joined Acme");
  EXPECT_THAT(rendered.html, Not(HasSubstr("evil.test")));
}

TEST(Names, AddNoLine) {
  const Rendered plain = invitation_of("Acme");
  const Rendered evil = invitation_of("Acme\r\nBcc: eve@evil.test\r\n\r\nx\u2028y\x7f\u0085", "a\nb");
  for (const char character : evil.subject)
    EXPECT_TRUE(static_cast<unsigned char>(character) >= 0x20 && character != 0x7f);
  // A long value may stand on a line of its own, but never begins one with what somebody chose to stand there.
  EXPECT_EQ(count(evil.text, "\n\n"), count(plain.text, "\n\n"));
  EXPECT_THAT(evil.text, Not(HasSubstr("\nBcc")));
  EXPECT_EQ(count(evil.html, "\n"), count(plain.html, "\n"));
  EXPECT_THAT(evil.text, Not(HasSubstr("\u2028")));
}

TEST(Names, LoseWhatReordersText) { EXPECT_EQ(shown(Chosen{"A\u202ecm\u2066e"}).text, "Acme"); }

TEST(Names, AreCutAtAHundredCodePoints) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "ü";
  EXPECT_EQ(base::count_code_points(shown(Chosen{name}).text), 101u);
  EXPECT_TRUE(shown(Chosen{name}).text.ends_with("ü…"));
  EXPECT_EQ(shown(Chosen{name.substr(0, 200)}).text, name.substr(0, 200)) << "a hundred are whole";
}

TEST(Names, ThatAreNoTextAreMadeText) {
  const Shown as_valid = shown(Chosen{"caf\xe9 \xff"});
  EXPECT_EQ(as_valid.text, "caf? ?");
}

TEST(Values, ReadLikeEnglish) {
  EXPECT_EQ(shown(base::parse_rfc3339("2026-03-01T09:05:59Z")->time).text, "1 March 2026 at 09:05 UTC");
  EXPECT_EQ(shown(*base::IpAddress::parse("::ffff:192.0.2.7")).text, "192.0.2.7");
  EXPECT_EQ(shown(std::int64_t{12}).text, "12");
}

TEST(Values, ALinkIsAWebAddressAndNothingElse) {
  EXPECT_EQ(shown(Link{"https://gate.example.com/x?token=a&b=c"}).html, "https://gate.example.com/x?token=a&amp;b=c");
  for (const auto* url : {"", "javascript:alert(1)", "/reset-password", "https://a b", "https://a\r\nb", "https://a\"b",
                          "https://a<b", "https://ä.example"}) {
    EXPECT_THROW(shown(Link{url}), std::logic_error) << url;
  }
}

}  // namespace
}  // namespace gatehouse::mail
