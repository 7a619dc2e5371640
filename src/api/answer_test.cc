#include "api/answer.h"

#include <deque>
#include <gmock/gmock.h>
#include <map>

namespace gatehouse::api {
namespace {

using Counts = std::map<std::string, std::int64_t>;
using testing::ElementsAre;

/// What is sent of these parts, until nothing more comes.
std::vector<std::string> sent(std::deque<Counts> parts) {
  const detail::Answer answer = detail::to_answer(domain::InParts<Counts>{[parts]() mutable {
    domain::InParts<Counts>::Made made{parts.front(), parts.size() == 1};
    parts.pop_front();
    return made;
  }});
  std::vector<std::string> texts{answer.content};
  if (!answer.next_part) return texts;
  for (auto next = answer.next_part;;) {
    texts.push_back(next());
    if (texts.back().empty()) return texts;
  }
}

TEST(AnswerTest, PartsMakeOneObject) {
  EXPECT_THAT(sent({{{"a", 1}}}), ElementsAre(R"({"a":1})"));
  EXPECT_THAT(sent({{{"a", 1}}, {{"b", 2}, {"c", 3}}}), ElementsAre(R"({"a":1)", R"(,"b":2,"c":3})", ""));
}

TEST(AnswerTest, APartWithoutAnythingIsPassedOver) {
  EXPECT_THAT(sent({{}}), ElementsAre("{}"));
  EXPECT_THAT(sent({{}, {}}), ElementsAre("{}"));
  EXPECT_THAT(sent({{}, {{"a", 1}}, {}, {{"b", 2}}}), ElementsAre(R"({"a":1)", R"(,"b":2})", ""));
  EXPECT_THAT(sent({{{"a", 1}}, {}, {}}), ElementsAre(R"({"a":1)", "}", ""));
}

}  // namespace
}  // namespace gatehouse::api
