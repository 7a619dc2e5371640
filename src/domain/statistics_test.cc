#include "domain/statistics.h"

#include "domain/fixture_test.h"
#include "domain/statistics_folding.h"
#include "store/ledger.h"

namespace gatehouse::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class StatisticsTest : public DomainTest {
 protected:
  StatisticsReader reader(const store::Account& account) {
    return Admission::statistics_reader(sign_in(account)).value();
  }
  StatisticsReader operator_reader() { return reader(add_user("operator@x.example", store::kPlatformDirectory)); }
  static base::ParsedTime second(base::Time time) { return {time, 1s}; }

  template <class Object>
  static Object whole(base::Result<InParts<Object>> answer) {
    Object all;
    for (bool is_last = false; !is_last;) {
      auto made = answer.value().next();
      for (auto& [name, value] : made.part) EXPECT_TRUE(all.emplace(name, std::move(value)).second) << name;
      is_last = made.is_last;
    }
    return all;
  }
};

TEST_F(StatisticsTest, OfOneNameAllButTheOldestAreShownWithTheirSlug) {
  const auto ann = add_user("ann@x.example");
  found("Acme", "acme", ann);
  clock_.advance(1s);
  found("Acme", "acme-2", ann);
  clock_.advance(1s);
  found("Zenith", "zenith", ann);
  clock_.advance(1s);
  found("Acme", "acme-3", ann);
  for (const auto& who : {reader(ann), operator_reader()}) {
    EXPECT_THAT(whole(count_by_organization(services_, who, {})),
                ElementsAre(Pair("Acme", 1), Pair("Acme (acme-2)", 1), Pair("Acme (acme-3)", 1), Pair("Zenith", 1)));
  }
}

TEST_F(StatisticsTest, ANameThatLooksLikeAnotherOnesWithSlugStaysApart) {
  const auto ann = add_user("ann@x.example");
  found("Acme (acme-2)", "impostor", ann);
  clock_.advance(1s);
  found("Acme", "acme", ann);
  clock_.advance(1s);
  found("Acme", "acme-2", ann);
  const auto counts = whole(count_by_organization(services_, reader(ann), {}));
  EXPECT_THAT(counts, ElementsAre(Pair("Acme", 1), Pair("Acme (acme-2)", 1), Pair("Acme (acme-2) (acme-2)", 1)));
}

TEST_F(StatisticsTest, ANameIsRepeatedOnlyInAnAnswerThatShowsBoth) {
  const auto ann = add_user("ann@x.example"), bob = add_user("bob@x.example");
  found("Acme", "acme", ann);
  clock_.advance(1s);
  const House bobs = found("Acme", "acme-2", bob);
  EXPECT_THAT(whole(count_by_organization(services_, reader(bob), {})), ElementsAre(Pair("Acme", 1)));
  EXPECT_THAT(whole(count_by_organization(services_, operator_reader(), {bobs.organization})),
              ElementsAre(Pair("Acme", 1)));
}

TEST_F(StatisticsTest, AReaderSeesTheOrganizationsInWhichTheyMayRead) {
  const auto ann = add_user("ann@x.example"), bob = add_user("bob@x.example"), eve = add_user("eve@x.example");
  const House acme = found("Acme", "acme", ann), zenith = found("Zenith", "zenith", bob);
  join(zenith, ann, "member");
  join(acme, bob, "admin");
  EXPECT_THAT(count_by_role(services_, reader(ann), {}).value(), ElementsAre(Pair("admin", 1), Pair("owner", 1)));
  EXPECT_THAT(count_by_role(services_, reader(bob), {}).value(),
              ElementsAre(Pair("admin", 1), Pair("member", 1), Pair("owner", 2)));
  EXPECT_THAT(whole(count_by_organization_and_role(services_, reader(bob), {})),
              ElementsAre(Pair("Acme", ElementsAre(Pair("admin", 1), Pair("owner", 1))),
                          Pair("Zenith", ElementsAre(Pair("member", 1), Pair("owner", 1)))));
  EXPECT_EQ(count_by_role(services_, reader(ann), {zenith.organization}).error().code, &base::kForbidden);
  EXPECT_EQ(count_by_role(services_, reader(eve), {}).error().code, &base::kForbidden);
}

TEST_F(StatisticsTest, AnOrganizationOfOthersIsAsAbsentAsOneThatDoesNotExist) {
  const auto ann = add_user("ann@x.example"), bob = add_user("bob@x.example");
  found("Acme", "acme", ann);
  const House zenith = found("Zenith", "zenith", bob);
  const auto nowhere = store::OrganizationId::make(kNoon);
  for (const auto organization : {zenith.organization, nowhere}) {
    EXPECT_EQ(count_by_role(services_, reader(ann), {organization}).error().code, &base::kNotFound);
  }
  EXPECT_EQ(count_by_role(services_, operator_reader(), {nowhere}).error().code, &base::kNotFound);
}

TEST_F(StatisticsTest, ARangeIncludesTheWholeOfWhatItsEndsName) {
  const auto ann = add_user("ann@x.example"), bob = add_user("bob@x.example");
  const House acme = found("Acme", "acme", ann);
  clock_.advance(10s + 999'999us);
  join(acme, bob, "member");
  const auto who = reader(ann);
  const auto joined = [&](std::optional<base::ParsedTime> from, std::optional<base::ParsedTime> to) {
    return whole(count_joined_by_organization_and_role(services_, who, {std::nullopt, from, to}));
  };
  const auto member = ElementsAre(Pair("Acme", ElementsAre(Pair("member", 1))));
  const auto owner = ElementsAre(Pair("Acme", ElementsAre(Pair("owner", 1))));
  EXPECT_THAT(joined(second(kNoon + 10s), second(kNoon + 10s)), member);
  EXPECT_THAT(joined(second(kNoon + 11s), std::nullopt), IsEmpty());
  EXPECT_THAT(joined(std::nullopt, second(kNoon + 9s)), owner);
  EXPECT_THAT(joined(second(kNoon), second(kNoon)), owner);
  EXPECT_THAT(joined(second(kNoon + 1s), std::nullopt), member);
  EXPECT_THAT(joined(std::nullopt,
                     base::ParsedTime{base::Time(std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}) + 23h, 1s}),
              ElementsAre(Pair("Acme", ElementsAre(Pair("member", 1), Pair("owner", 1)))));
}

TEST_F(StatisticsTest, AFractionOfASecondStandsForTheWholeSecond) {
  const auto ann = add_user("ann@x.example");
  found("Acme", "acme", ann);
  const auto who = reader(ann);
  const auto joined = [&](base::Time from, base::Time to) {
    return whole(count_joined_by_organization_and_role(
                     services_, who, {std::nullopt, base::ParsedTime{from, 1us}, base::ParsedTime{to, 1us}}))
        .size();
  };
  EXPECT_EQ(joined(kNoon + 500ms, kNoon + 600ms), 1U);
  EXPECT_EQ(joined(kNoon - 1us, kNoon), 1U);
  EXPECT_EQ(joined(kNoon - 2us, kNoon - 1us), 0U);
  EXPECT_EQ(joined(kNoon + 1s, kNoon + 1s), 0U);
}

TEST_F(StatisticsTest, ARangeMayBeginAndEndBefore1970AndHoldWholeDays) {
  const auto ann = add_user("ann@x.example");
  found("Acme", "acme", ann);
  const auto who = reader(ann);
  const auto joined = [&](std::optional<base::ParsedTime> from, std::optional<base::ParsedTime> to) {
    return whole(count_joined_by_organization_and_role(services_, who, {std::nullopt, from, to})).size();
  };
  const auto at = [](std::string_view text) { return base::parse_rfc3339(text, 0).value(); };
  const base::ParsedTime day{kNoon - 12h, 24h};
  for (const std::string state : {"deltas", "counts"}) {
    for (const char* early : {"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1960-02-03T04:05:06Z"}) {
      EXPECT_EQ(joined(at(early), std::nullopt), 1U) << state << early;
      EXPECT_EQ(joined(at(early), second(kNoon)), 1U) << state << early;
      EXPECT_EQ(joined(at(early), second(kNoon - 1s)), 0U) << state << early;
      EXPECT_EQ(joined(std::nullopt, at(early)), 0U) << state << early;
      EXPECT_EQ(joined(at(early), at(early)), 0U) << state << early;
    }
    EXPECT_EQ(joined(day, day), 1U) << state;
    EXPECT_EQ(joined(base::ParsedTime{kNoon + 12h, 24h}, std::nullopt), 0U) << state;
    EXPECT_EQ(joined(std::nullopt, base::ParsedTime{kNoon - 36h, 24h}), 0U) << state;
    fold_statistics(services_, {});
  }
}

TEST_F(StatisticsTest, AllOrganizationsComeInPartsAndOneNameInTwoOfThemIsToldApart) {
  const auto ann = add_user("ann@x.example");
  found("Acme", "acme", ann);
  for (int i = 0; i < 1'000; ++i) {
    clock_.advance(1s);
    found("Number " + std::to_string(i), "number-" + std::to_string(i), ann);
  }
  clock_.advance(1s);
  found("Acme", "acme-2", ann);
  const auto who = operator_reader();
  auto parts = count_by_organization(services_, who, {}).value();
  EXPECT_FALSE(parts.next().is_last);
  EXPECT_FALSE(parts.next().is_last);
  EXPECT_THAT(parts.next().part, ElementsAre(Pair("Acme (acme-2)", 1), Pair("Number 999", 1)));
  const Counts all = whole(count_by_organization(services_, who, {}));
  EXPECT_EQ(all.size(), 1'002U);
  EXPECT_EQ(all.at("Acme"), 1);
  EXPECT_EQ(count_by_role(services_, who, {}).value(), (Counts{{"owner", 1'002}}));
}

TEST_F(StatisticsTest, FoldingChangesNoAnswerAndLeavesNothingToFold) {
  const auto ann = add_user("ann@x.example");
  const House acme = found("Acme", "acme", ann);
  for (int i = 0; i < 300; ++i) {
    clock_.advance(7s);
    join(acme, add_user("p" + std::to_string(i) + "@x.example"), i % 3 == 0 ? "admin" : "member");
  }
  const auto who = reader(ann);
  const auto until = second(clock_.now() - 700s);
  const auto answers = [&] {
    return std::pair(count_by_role(services_, who, {}).value(),
                     whole(count_joined_by_organization_and_role(services_, who, {std::nullopt, std::nullopt, until})));
  };
  const auto before = answers();
  EXPECT_THAT(before.first, ElementsAre(Pair("admin", 100), Pair("member", 200), Pair("owner", 1)));
  std::stop_source stopping;
  stopping.request_stop();
  fold_statistics(services_, stopping.get_token());
  EXPECT_TRUE(run([](db::Transaction& tx) { return store::has_deltas(tx, {}); }));
  fold_statistics(services_, {});
  EXPECT_FALSE(run([](db::Transaction& tx) { return store::has_deltas(tx, {}); }));
  EXPECT_EQ(answers(), before);
}

TEST_F(StatisticsTest, ARangeThatEndsBeforeItBeginsIsRefused) {
  const auto ann = add_user("ann@x.example");
  found("Acme", "acme", ann);
  const auto refused =
      count_joined_by_organization_and_role(services_, reader(ann), {std::nullopt, second(kNoon + 1s), second(kNoon)});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().problems.at(0).pointer, "?to");
}

}  // namespace
}  // namespace gatehouse::domain
