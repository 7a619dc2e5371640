#include "dev/history.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::dev {
namespace {

using namespace std::chrono_literals;

constexpr base::Time kEnd{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

History make(std::uint64_t seed) {
  SeededRandom random(seed);
  return make_history(random, {"Acme", "acme", kEnd - 24h * 100, kEnd, 500});
}

TEST(SeededRandomTest, TheNumbersAreTheSameEverywhere) {
  SeededRandom random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdaf);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4);
}

TEST(SeededRandomTest, IdsSortByTimeAndAreOfVersion7) {
  SeededRandom random(1);
  const base::Uuid early = random.uuid(kEnd), late = random.uuid(kEnd + 1ms);
  EXPECT_LT(early, late);
  EXPECT_EQ(early.bytes[6] >> 4, 7);
  EXPECT_EQ(early.bytes[8] >> 6, 2);
  EXPECT_NE(early, random.uuid(kEnd));
}

TEST(HistoryTest, ASeedTellsTheSameStoryAndAnotherSeedAnother) {
  EXPECT_EQ(make(1).members.back().id, make(1).members.back().id);
  EXPECT_NE(make(1).members.back().id, make(2).members.back().id);
}

TEST(HistoryTest, AsManyStayAsAskedAndATenthAsManyLeave) {
  const History history = make(1);
  const auto left = std::ranges::count(history.members, true, &Life::is_removed);
  EXPECT_EQ(left, 50);
  EXPECT_EQ(history.members.size(), 550U);
  EXPECT_FALSE(history.members[0].is_removed);
  EXPECT_EQ(history.members[0].role, kOwner);
}

TEST(HistoryTest, EachMemberLivesFromJoiningToWhatTheyAreNow) {
  const History history = make(3);
  std::vector<std::optional<Change>> last(history.members.size());
  base::Time time = history.organization.created_at;
  for (const Change& change : history.changes) {
    EXPECT_GE(change.at, time);
    EXPECT_LT(change.at, kEnd);
    time = change.at;
    auto& before = last[change.member];
    EXPECT_EQ(change.step == Step::joined, !before.has_value());
    if (before) {
      EXPECT_NE(before->step, Step::removed);
      EXPECT_EQ(change.role_before, before->role);
    }
    before = change;
  }
  for (std::size_t i = 0; i < last.size(); ++i) {
    ASSERT_TRUE(last[i]);
    EXPECT_EQ(last[i]->role, history.members[i].role);
    EXPECT_EQ(last[i]->is_suspended, history.members[i].is_suspended);
    EXPECT_EQ(last[i]->step == Step::removed, history.members[i].is_removed);
  }
}

}  // namespace
}  // namespace gatehouse::dev
