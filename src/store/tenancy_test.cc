#include "store/tenancy_test.h"

#include "store/one_time_tokens.h"
#include "store/statistics.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace gatehouse::store {

std::vector<TenancyCase> all_cases() {
  std::vector<TenancyCase> all;
  for (const auto& subject : {organization_cases(), member_cases(), invitation_cases(), invitation_event_cases(),
                              statistics_cases(), account_cases(), session_cases()}) {
    all.insert(all.end(), subject.begin(), subject.end());
  }
  return all;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// The functions that belong to no tenant, each for a reason.
const std::set<std::string> kGlobalFunctions{
    "locate_member",  // returns the placement key and nothing else
    // The name by which strangers say which organization they mean.
    "find_organization_by_slug", "find_branding_by_slug",
    "list_activity",              // of one person, whose id is unique in all directories
    "count_all_members_by_role",  // for operators, who see all organizations
    "has_deltas", "fold_deltas",  // a job goes over all organizations
    // The check of the ledger goes over all organizations too; made-up data is made when there is none.
    "next_counted_organization", "ledger_began_at", "date_ledger_back", "stop_folding", "has_organizations",
    "list_all_audit_entries",                      // the same
    "list_password_hashes",                        // resealing goes over every directory
    "delete_dead_sessions", "delete_dead_tokens",  // upkeep by age
    "list_purgeable_organizations",                // the purge goes over all organizations
    "fold_organization_names",                     // so does what fills in what migrations can't
    // Makes a directory, or removes one in which foreign keys know of nothing any more.
    "insert_isolated_directory", "delete_directory",
    // The outbox is one queue; a letter is known by its id to whoever wrote it.
    "insert_letter", "claim_letters", "finish_letter", "postpone_letter", "withdraw_letter", "delete_finished_letters",
    "outbox_depth", "lock_directory", "list_waiting_contents", "set_letter_content",
    // Counted, asked for or signed before anybody knows which tenant it concerns.
    "count_hit", "refund_hit", "delete_ended_counters", "insert_reset_request", "list_reset_requests",
    "take_reset_request", "insert_signing_key", "list_signing_keys", "retire_other_signing_keys",
    "set_signing_key_private",
    // The application's permissions are the same for all; an idempotency key is an HMAC over its caller.
    "insert_application_permission", "list_application_permissions", "lock_application_permission",
    "update_application_permission", "delete_application_permission", "claim_idempotency_key", "find_idempotency_key",
    "mark_idempotency_key_committed", "keep_idempotent_answer", "release_idempotency_key",
    "delete_expired_idempotency_keys",
    // What nodes have in memory: of which tenant it is, the id says to whoever knows it.
    "announce", "list_announcements", "delete_announcements",
    // An import is the operator's; the tables of the original service are in another database.
    "insert_imported_row", "find_imported_row", "list_original_organizations", "list_original_users",
    "list_original_roles", "list_original_members", "count_original_invites",
    // What was granted is taken away everywhere when the permission is removed.
    "list_granting_roles", "list_all_api_keys",
    // For operators and the command line, who see all tenants. locate_user returns the placement key and nothing else.
    "search_organizations", "search_users", "list_accounts_at", "locate_user", "insert_isolated_directory",
    "list_letters", "find_letter", "retry_letter", "wipe_expired_letters", "find_counter", "delete_counter"};

/// The name of every function that a header of store/ declares.
std::set<std::string> declared_functions() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GATEHOUSE_SOURCE_DIR "/src/store")) {
    const std::string file = entry.path().filename();
    if (!file.ends_with(".h") || file.ends_with("_test.h")) continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string code = text.str();
    for (auto at = code.find("(db::Transaction&"); at != std::string::npos;
         at = code.find("(db::Transaction&", at + 1)) {
      const auto before = code.find_last_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", at - 1);
      names.insert(code.substr(before + 1, at - before - 1));
    }
  }
  return names;
}

struct Outcome {
  std::vector<std::string> words;
  bool is_changed = false;
  bool is_refused = false;
};

class TenancyTest : public StoreTest {
 protected:
  /// What the call returns, and what it does to the rows of `watched`. Nothing of it is kept, nor of what `built` adds
  /// before it.
  Outcome call(const TenancyCase& one, const Estate& key, const Estate& ids, const Estate& watched,
               const std::vector<const Estate*>& built = {}) {
    Outcome outcome;
    try {
      const auto undone = database_->write([&](db::Transaction& tx) -> base::Result<void> {
        for (const Estate* estate : built) build(tx, *estate);
        const auto before = dump(tx, watched);
        Facts facts;
        one.call(tx, key, ids, facts);
        outcome = {facts.words(), dump(tx, watched) != before, false};
        return base::refuse(base::kInternal);
      });
      EXPECT_FALSE(undone.has_value());
    } catch (const db::DatabaseError&) {
      outcome = {{}, false, true};
    }
    return outcome;
  }
  void add(const Estate& estate) {
    run([&](db::Transaction& tx) { build(tx, estate); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, TenancyTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

bool mentions(const Outcome& outcome, const std::string& word) {
  return std::ranges::find(outcome.words, word) != outcome.words.end();
}

/// A word that only the estate has was returned.
bool mentions_anything_of(const Outcome& outcome, const Estate& estate) {
  const auto has = [&](const auto& id) { return mentions(outcome, base::to_base32(id.uuid)); };
  return has(estate.directory) || has(estate.organization) || has(estate.owner_role) || has(estate.member_role) ||
         has(estate.label_role) || std::ranges::any_of(estate.people(), has) || has(estate.member) ||
         has(estate.invitation) || has(estate.session) || has(estate.token) || has(estate.letter) ||
         has(estate.api_key);
}

TEST_P(TenancyTest, TheKeyOfOneTenantOpensNoRowOfAnother) {
  const Estate ours = make_estate("Acme"), theirs = make_estate("Acme");
  add(ours);
  add(theirs);
  for (const TenancyCase& one : all_cases()) {
    SCOPED_TRACE(one.name);
    const Outcome crossed = call(one, ours, theirs, theirs);
    EXPECT_FALSE(crossed.is_changed);
    EXPECT_FALSE(mentions_anything_of(crossed, theirs));

    const Outcome control = call(one, theirs, theirs, theirs);
    EXPECT_FALSE(control.is_refused);
    EXPECT_TRUE(control.is_changed || !control.words.empty()) << "a case that does nothing proves nothing";
  }
}

TEST_P(TenancyTest, TheKeyOfAnEmptyTenantShowsNothing) {
  Estate empty = make_estate("Void");
  const Estate theirs = make_estate("Acme");
  add(theirs);
  add(empty);
  run([&](db::Transaction& tx) {
    tx.run_script(
        "DELETE FROM sign_in_origins WHERE directory_id = (SELECT directory_id FROM organizations WHERE "
        "name = 'Void'); "
        "DELETE FROM audit_entries WHERE organization_id = (SELECT id FROM organizations WHERE name = 'Void')");
    delete_organization(tx, empty.organization, kNoon);
    for (const UserId& user : empty.people()) delete_user(tx, {empty.directory, user});
    tx.run_script("DELETE FROM stats_deltas WHERE kind = 'organization'");  // the platform would count it twice
    insert_organization(tx, {empty.organization, empty.directory, "Void", "void", "active", kNoon});
    for (const std::string table : {"stats_deltas", "stats_counts", "stats_tombstones"}) {
      tx.run_script("DELETE FROM " + table +
                    " WHERE organization_id = (SELECT id FROM organizations WHERE name = 'Void')");
    }
    void_unowned_tokens(tx, empty.directory, "operator_setup", kNoon);
    withdraw_invitation_letters(tx, empty.organization, kNoon);
  });
  for (const TenancyCase& one : all_cases()) {
    SCOPED_TRACE(one.name);
    Outcome outcome = call(one, empty, theirs, theirs);
    EXPECT_FALSE(outcome.is_changed);
    for (const std::string& own :
         {base::to_base32(empty.organization.uuid), base::to_base32(empty.directory.uuid), empty.label}) {
      std::erase(outcome.words, own);
    }
    EXPECT_THAT(outcome.words, IsEmpty());
  }
}

// Ids are unique only within their organization or directory, as far as the schema goes: here every row of ours has a
// twin with the same id elsewhere, written before it with smaller keys or after it with greater ones, since what takes
// the first of two rows may be lucky.
TEST_P(TenancyTest, RowsWithTheSameIdsElsewhereAreNeitherSeenNorTouched) {
  const Estate ours = make_estate("Acme");
  const Estate before = make_twin(ours, "Umbra", at(-1)), behind = make_twin(ours, "Umbra", at(1));
  for (const TenancyCase& one : all_cases()) {
    SCOPED_TRACE(one.name);
    const Outcome alone = call(one, ours, ours, ours, {&ours});
    for (const auto& order : std::vector<std::vector<const Estate*>>{{&ours, &behind}, {&before, &ours}}) {
      const Estate& twin = *(order[0] == &ours ? order[1] : order[0]);
      const Outcome outcome = call(one, ours, ours, twin, order);
      EXPECT_FALSE(outcome.is_refused);
      EXPECT_FALSE(outcome.is_changed);
      EXPECT_EQ(outcome.words, alone.words);
    }
  }
}

// For operators, who see all tenants: but each as its own people see it.
TEST_P(TenancyTest, OrganizationsWhoseRolesHaveTheSameIdsAreCountedUnderTheirOwnNames) {
  const Estate ours = make_estate("Acme");
  add(ours);
  add(make_twin(ours, "Umbra", at(1)));
  std::map<std::string, std::int64_t> members;
  const auto page = run([](db::Transaction& tx) { return count_all_members_by_role(tx, {}, {}, 100); });
  for (const RoleCount& count : page.counts) {
    EXPECT_EQ(count.role_name, count.organization_name);
    members[count.role_name] += count.members;
  }
  EXPECT_THAT(members, ElementsAre(Pair("Acme", 3), Pair("Umbra", 4)));
}

TEST(TenancyCoverageTest, EveryFunctionOfTheStoreIsProvedOrListedAsGlobal) {
  std::set<std::string> covered = kGlobalFunctions;
  for (const TenancyCase& one : all_cases()) covered.insert(one.name.substr(0, one.name.find(' ')));
  EXPECT_EQ(declared_functions(), covered);
}

}  // namespace
}  // namespace gatehouse::store
