#include "base/secret.h"

#include "base/log.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <gmock/gmock.h>
#include <ostream>
#include <type_traits>

namespace gatehouse::base {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Comparable = requires(const T& a, const T& b) { a == b; };

static_assert(Streamable<std::string> && Comparable<std::string> && fmt::is_formattable<std::string>::value,
              "the questions below find what they ask for");
static_assert(!Streamable<Secret>);
static_assert(!Comparable<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>, "a text becomes a secret on purpose only");
static_assert(!std::is_constructible_v<log::Field, std::string_view, Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

TEST(Secret, ShowsItsTextOnlyWhenAsked) {
  const Secret secret(std::string("pass\0word", 9));
  EXPECT_EQ(secret.reveal(), std::string_view("pass\0word", 9));
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, LeavesNothingBehindWhenItMoves) {
  for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
    Secret from(text);
    const char* const old_place = from.reveal().data();
    const Secret to(std::move(from));
    EXPECT_EQ(to.reveal(), text);
    // A moved-from Secret is empty, and the bytes where its text stood are wiped; it still owns that memory.
    EXPECT_TRUE(from.empty());
    EXPECT_EQ(std::string(old_place, text.size()), std::string(text.size(), '\0'));
  }
}

TEST(Secret, AssignmentReplacesCopiesAndMoves) {
  Secret a(std::string("a")), b(std::string("b"));
  a = b;
  EXPECT_EQ(a.reveal(), "b");
  EXPECT_EQ(b.reveal(), "b");
  a = Secret(std::string("c"));
  EXPECT_EQ(a.reveal(), "c");
  const Secret& same = a;
  a = same;
  EXPECT_EQ(a.reveal(), "c");
}

}  // namespace
}  // namespace gatehouse::base
