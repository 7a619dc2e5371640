#include "base/result.h"

#include <gmock/gmock.h>
#include <memory>
#include <set>

namespace gatehouse::base {
namespace {

Result<std::unique_ptr<int>> make(bool ok) {
  if (!ok) return refuse(kNotFound);
  return std::make_unique<int>(7);
}

Result<void> check(bool ok) {
  if (!ok) return refuse(kForbidden, "not you");
  return {};
}

Result<int> use(bool checked, bool made) {
  TRY(check(checked));
  const auto number = TRY(make(made));
  return *number;
}

TEST(Try, GivesTheValueOrReturnsTheRefusal) {
  EXPECT_EQ(use(true, true).value(), 7);
  EXPECT_EQ(use(true, false).error().code, &kNotFound);
  EXPECT_EQ(use(false, true).error().code, &kForbidden);
  EXPECT_EQ(use(false, true).error().detail, "not you");
}

TEST(Refusal, SpeaksWithTheTitleOfItsCodeUnlessToldOtherwise) {
  const Result<int> refused = refuse(kEmailTaken);
  EXPECT_EQ(refused.error().detail, kEmailTaken.title);
  const Result<int> field = refuse_field("/email", "is no address");
  EXPECT_EQ(field.error().code, &kInvalidRequest);
  ASSERT_EQ(field.error().problems.size(), 1u);
  EXPECT_EQ(field.error().problems[0].pointer, "/email");
}

TEST(ErrorCodes, AreUniqueNamesWithErrorStatusAndATitle) {
  std::set<std::string_view> names;
  for (const ErrorCode* code : kErrorCodes) {
    EXPECT_TRUE(names.insert(code->name).second) << code->name;
    EXPECT_GE(code->status, 400) << code->name;
    EXPECT_LT(code->status, 600) << code->name;
    EXPECT_FALSE(code->title.empty()) << code->name;
    EXPECT_EQ(code->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << code->name;
  }
}

}  // namespace
}  // namespace gatehouse::base
