#include "store/ledger_rows.h"
#include "store/member_activity.h"
#include "store/statistics.h"
#include "store/tenancy_test.h"

#include <algorithm>

namespace gatehouse::store {

namespace {

using db::Transaction;

void add_counts(Facts& facts, const Counts& counts) {
  for (const auto& [key, n] : counts) facts.add(key.role).add(key.detail).add_number(n);
}

/// Ranges that end, and such that begin, in other buckets than kNoon of each level: each part of the sum is used.
std::vector<SecondRange> ranges_around() {
  std::vector<SecondRange> ranges{{}};
  for (const base::Duration distance :
       {base::Duration(30s), base::Duration(30min), base::Duration(5h), base::Duration(10 * 24h),
        base::Duration(100 * 24h), base::Duration(5'000 * 24h)}) {
    ranges.push_back({.until = kNoon + distance});
    ranges.push_back({.from = kNoon + distance});
  }
  return ranges;
}

/// Both kinds at once, in one order: whoever else is built may fold what was not folded.
void add_ledger_rows(Facts& facts, Transaction& tx, OrganizationId organization) {
  const std::int64_t day = bucket_of(kNoon, Level::day);
  const CountRange range{Series::events, Level::day, day, day + 1};
  std::vector<std::string> details;
  for (const CountRow& row : list_count_rows(tx, organization, range, {}, 100)) details.push_back(row.key.detail);
  for (const DeltaRow& row : list_delta_rows(tx, organization, {}, 100)) details.push_back(row.key.detail);
  std::ranges::sort(details);
  facts.add(details);
}

}  // namespace

std::vector<TenancyCase> statistics_cases() {
  return {
      {"insert_event",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_event(tx, {key.organization, ids.letter.uuid, 0, "sign_in", "succeeded password", kNoon});
       }},
      {"sum_counts",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const Series series : {Series::timeline, Series::events}) {
           for (const SecondRange& range : ranges_around()) {
             add_counts(facts, sum_counts(tx, key.organization, series, range));
           }
         }
       }},
      {"count_by_period",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const Series series : {Series::cohort, Series::events, Series::growth}) {
           // From where it is cheapest to go by days: with pieces of each finer level, in which kNoon is.
           for (const std::chrono::seconds shift : {-12h + 0s, 0s, 1h + 0s, 5min + 0s, 5s}) {
             const std::vector<base::Time> edges{kNoon + shift - 30 * 24h, kNoon + shift};
             for (const Counts& counts : count_by_period(tx, key.organization, series, edges)) {
               add_counts(facts, counts);
             }
           }
         }
       }},
      {"count_by_period_and_before",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const Series series : {Series::events, Series::growth}) {
           const auto counts = count_by_period_and_before(tx, key.organization, series, {kNoon, kNoon + 1h});
           add_counts(facts, counts.before);
           for (const Counts& one : counts.periods) add_counts(facts, one);
         }
       }},
      {"list_role_names",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const auto& [role, name] : list_role_names(tx, key.organization)) facts.add(role).add(name.name);
       }},
      {"count_members_by_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const SecondRange& range : ranges_around()) {
           for (const RoleCount& count : count_members_by_role(tx, key.organization, range)) {
             facts.add(count.organization).add(count.organization_name).add(count.role_name).add_number(count.members);
           }
         }
       }},
      {"recount_members", [](Transaction& tx, const Estate& key, const Estate&,
                             Facts& facts) { add_counts(facts, recount_members(tx, key.organization, {})); }},
      {"note_activity",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         note_activity(tx, key.organization, {key.directory, ids.founder}, ids.letter.uuid, kNoon + 24h);
       }},
      {"delete_invitations",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         // An estate has three: only with those of another one could there be more.
         facts.add_if(delete_invitations(tx, key.organization, kNoon, 4));
       }},
      {"list_count_rows", [](Transaction& tx, const Estate& key, const Estate&,
                             Facts& facts) { add_ledger_rows(facts, tx, key.organization); }},
      {"list_delta_rows", [](Transaction& tx, const Estate& key, const Estate&,
                             Facts& facts) { add_ledger_rows(facts, tx, key.organization); }},
      {"list_counted_members",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const auto& member : list_counted_members(tx, key.organization, {}, {}, 100)) facts.add(member.id);
       }},
      {"add_to_count",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) {
         add_to_count(tx, {key.organization, Series::events, Level::second, 0, {{}, "sign_in", "added"}, 1});
       }},
      {"delete_members",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) { delete_members(tx, key.organization, kNoon); }},
  };
}

}  // namespace gatehouse::store
