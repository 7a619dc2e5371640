#include "http/trace_context.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kParent = "00f067aa0ba902b7";
const std::string kValid = "00-" + kTrace + "-" + kParent + "-01";

TEST(TraceContext, GivesTheTraceId) {
  EXPECT_EQ(trace_id_of(kValid), kTrace);
  EXPECT_EQ(trace_id_of("00-" + kTrace + "-" + kParent + "-ff"), kTrace) << "flags that are not known do not matter";
}

TEST(TraceContext, IgnoresWhatIsNotOne) {
  const std::string upper = "4BF92F3577B34DA6A3CE929D0E0E4736";
  for (const std::string& text :
       {std::string(), std::string("00"), "00-" + upper + "-" + kParent + "-01",
        "00-" + kTrace + "-00F067AA0BA902B7-01", "00-" + std::string(32, '0') + "-" + kParent + "-01",
        "00-" + kTrace + "-" + std::string(16, '0') + "-01", "ff-" + kTrace + "-" + kParent + "-01",
        "0x-" + kTrace + "-" + kParent + "-01", "00-" + kTrace + "-" + kParent + "-0g",
        "00_" + kTrace + "-" + kParent + "-01", "00-" + kTrace + "_" + kParent + "-01",
        "00-" + kTrace + "-" + kParent + "_01", kValid + "-more", kValid + "0", " " + kValid, kValid.substr(0, 54),
        "00-" + kTrace.substr(1) + "-" + kParent + "-01x"}) {
    EXPECT_EQ(trace_id_of(text), std::nullopt) << text;
  }
}

TEST(TraceContext, ReadsTheKnownBeginningOfALaterVersion) {
  const std::string later = "01-" + kTrace + "-" + kParent + "-01";
  EXPECT_EQ(trace_id_of(later), kTrace);
  EXPECT_EQ(trace_id_of(later + "-what-will-come"), kTrace);
  EXPECT_EQ(trace_id_of(later + "x"), std::nullopt);
}

TEST(TraceContext, TakesOneFieldOnly) {
  const std::string other = "00-" + std::string(32, 'a') + "-" + kParent + "-01";
  EXPECT_EQ(trace_id_of(Headers{{"host", "a"}, {"traceparent", kValid}}), kTrace);
  EXPECT_EQ(trace_id_of(Headers{{"traceparent", kValid}, {"traceparent", other}}), std::nullopt);
  EXPECT_EQ(trace_id_of(Headers{{"host", "a"}}), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::http
