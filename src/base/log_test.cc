#include "base/log.h"

#include "base/log_batch.h"

#include <gmock/gmock.h>
#include <limits>
#include <optional>
#include <thread>

namespace gatehouse::base::log {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string captured(Format format, const std::function<void()>& work, Level least = Level::info) {
  configure(least, format);
  testing::internal::CaptureStderr();
  work();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, JsonLineHasTimeLevelEventAndFields) {
  const std::string line = captured(Format::json, [] {
    info("started",
         {{"port", 5000}, {"address", "::1"}, {"ok", true}, {"share", 0.5}, {"large", std::uint64_t(1) << 40}});
  });
  EXPECT_THAT(line, MatchesRegex(R"(\{"ts":"[-0-9]+T[0-9:.]+Z","level":"info","msg":"started",)"
                                 R"("port":5000,"address":"::1","ok":true,"share":0.5,"large":1099511627776\}.)"));
}

TEST(Log, NobodyForgesALine) {
  const std::string evil = "a\"b\\c\nlevel=error \x1b[31m\x7f\r\t";
  const std::string json = captured(Format::json, [&] { warning("refused", {{"value", evil}}); });
  EXPECT_THAT(json, HasSubstr(R"("value":"a\"b\\c\u000alevel=error \u001b[31m\u007f\u000d\u0009"})"));
  const std::string text = captured(Format::text, [&] { warning("refused", {{"value", evil}}); });
  EXPECT_THAT(text, HasSubstr(R"(value="a\"b\\c\u000alevel=error \u001b[31m\u007f\u000d\u0009")"));
  for (const std::string& line : {json, text}) {
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    EXPECT_THAT(line, EndsWith("\n"));
  }
}

TEST(Log, EveryControlByteIsEscapedEverywhere) {
  std::string all;
  for (int byte = 0; byte < 0x20; ++byte) all += char(byte);
  for (const std::string& value : {all, std::string("x\x01"), std::string("x\x7f"),
                                   std::string("x\u009b"
                                               "31m"),
                                   std::string("x\u2028")}) {
    for (const Format format : {Format::json, Format::text}) {
      const std::string line = captured(format, [&] {
        const RequestScope scope(value);
        info("event", {{"value", value}});
      });
      const std::string_view content = std::string_view(line).substr(0, line.size() - 1);
      for (const char character : content) EXPECT_TRUE(std::uint8_t(character) >= 0x20 && character != 0x7f) << line;
      EXPECT_THAT(line, Not(HasSubstr("\u009b")));
      EXPECT_THAT(line, Not(HasSubstr("\u2028")));
    }
  }
}

TEST(Log, JsonLinesAreValidWhateverIsLogged) {
  const std::string line = captured(Format::json, [] {
    info("event", {{"bytes", "a\xff\xc3"},
                   {"text", "\u00e4\u4e16"},
                   {"nan", std::numeric_limits<double>::quiet_NaN()},
                   {"inf", -std::numeric_limits<double>::infinity()}});
  });
  EXPECT_THAT(line, HasSubstr(R"("bytes":"a\u00ff\u00c3")"));
  EXPECT_THAT(line, HasSubstr("\"text\":\"\u00e4\u4e16\""));
  EXPECT_THAT(line, HasSubstr(R"("nan":"nan","inf":"-inf"})"));
}

TEST(Log, TextQuotesOnlyWhatNeedsIt) {
  const std::string line = captured(Format::text, [] {
    error("mail failed",
          {{"reply", "550 no such user"}, {"host", "mx.example"}, {"empty", ""}, {"equals", "a=b"}, {"tries", 3}});
  });
  EXPECT_THAT(
      line, HasSubstr(R"(error   mail failed reply="550 no such user" host=mx.example empty="" equals="a=b" tries=3)"));
}

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
  EXPECT_EQ(captured(
                Format::text, [] { info("quiet"); }, Level::warning),
            "");
  EXPECT_EQ(captured(Format::text, [] { debug("quiet"); }), "");
  EXPECT_THAT(captured(
                  Format::text, [] { debug("loud"); }, Level::debug),
              HasSubstr("loud"));
}

TEST(Log, LinesCarryTheRequestOfTheirThreadOnly) {
  const std::string lines = captured(Format::json, [] {
    const RequestScope outer("req_1");
    info("outer");
    {
      const RequestScope inner("req_2");
      info("inner");
      std::thread([] { info("elsewhere"); }).join();
    }
    info("outer again");
  });
  EXPECT_THAT(lines, HasSubstr(R"("msg":"outer","request_id":"req_1"})"));
  EXPECT_THAT(lines, HasSubstr(R"("msg":"inner","request_id":"req_2"})"));
  EXPECT_THAT(lines, HasSubstr(R"("msg":"elsewhere"})"));
  EXPECT_THAT(lines, HasSubstr(R"("msg":"outer again","request_id":"req_1"})"));
  EXPECT_THAT(captured(Format::json, [] { info("after"); }), Not(HasSubstr("request_id")));
}

TEST(Log, ABatchKeepsLinesOfItsThreadUntilItIsFlushed) {
  int calls = 0;
  std::optional<Batch> batch;
  EXPECT_THAT(captured(Format::text,
                       [&] {
                         batch.emplace([&] { ++calls; });
                         info("first");
                         info("second");
                         std::thread([] { info("elsewhere"); }).join();
                       }),
              MatchesRegex("[^\n]* elsewhere\n"));
  EXPECT_THAT(captured(Format::text, [&] { batch->flush(); }), MatchesRegex("[^\n]* first\n[^\n]* second\n"));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(captured(Format::text, [] { info("third"); }), "");
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(captured(Format::text, [&] { batch.reset(); }), MatchesRegex("[^\n]* third\n"));
}

TEST(Log, AWarningWaitsForNoFlushAndComesBehindWhatWaits) {
  std::optional<Batch> batch;
  EXPECT_THAT(captured(Format::text,
                       [&] {
                         batch.emplace([] {});
                         info("first");
                         warning("second");
                       }),
              MatchesRegex("[^\n]* first\n[^\n]* second\n"));
}

}  // namespace
}  // namespace gatehouse::base::log
