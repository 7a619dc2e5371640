#include "store/fixture_test.h"
#include "store/platform_organizations.h"
#include "store/signing_keys.h"
#include "store/statistics.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

constexpr db::Statement kSqliteTables{
    "test tables", "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"};
constexpr db::Statement kPostgresqlTables{
    "test tables",
    "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()"};

constexpr db::Statement kSqliteKey{
    "test key", "SELECT name FROM pragma_table_info($1) WHERE pk > 0 AND \"notnull\" = 1 ORDER BY pk"};
constexpr db::Statement kPostgresqlKey{
    "test key",
    "SELECT CAST(k.column_name AS TEXT) FROM information_schema.table_constraints c "
    "JOIN information_schema.key_column_usage k ON k.constraint_schema = c.constraint_schema "
    "AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name "
    "WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = current_schema() AND c.table_name = $1 "
    "ORDER BY k.ordinal_position"};

constexpr db::Statement kSequences{"test sequences",
                                   "SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c JOIN "
                                   "pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                                   "WHERE c.relkind = 'S' AND n.nspname = current_schema()"};
constexpr db::Statement kSqliteSequences{"test sequences",
                                         "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'"};
constexpr db::Statement kForeignKeys{
    "test foreign keys", "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list($1) WHERE seq = 0"};
constexpr db::Statement kLinguisticOrder{"test order", "SELECT 'beta' < 'Zeta'"};
constexpr db::Statement kSlugs{"test slugs", "SELECT slug FROM organizations ORDER BY slug"};
constexpr db::Statement kDirectories{"test directories", "SELECT kind FROM directories ORDER BY id"};

class SchemaTest : public StoreTest {
 protected:
  std::vector<std::string> texts(const db::Statement& statement, std::initializer_list<db::Value> values = {}) {
    return run([&](db::Transaction& tx) {
      std::vector<std::string> texts;
      for (const db::Row& row : tx.query(statement, values)) texts.push_back(row.get<std::string>(0));
      return texts;
    });
  }
  bool is_sqlite() const { return GetParam() == db::Dialect::sqlite; }
  std::vector<std::string> primary_key(std::string_view table) {
    return texts(is_sqlite() ? kSqliteKey : kPostgresqlKey, {table});
  }
};

INSTANTIATE_TEST_SUITE_P(Both, SchemaTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(SchemaTest, EveryTableIsInExactlyOneClass) {
  std::vector<std::string> listed(kOrganizationTables.begin(), kOrganizationTables.end());
  listed.insert(listed.end(), kAccountTables.begin(), kAccountTables.end());
  listed.insert(listed.end(), kGlobalTables.begin(), kGlobalTables.end());
  EXPECT_THAT(texts(is_sqlite() ? kSqliteTables : kPostgresqlTables), UnorderedElementsAreArray(listed));
}

TEST_P(SchemaTest, PrimaryKeysBeginWithTheKeyOfTheirClass) {
  for (const auto table : kOrganizationTables) {
    const auto key = primary_key(table);
    ASSERT_GE(key.size(), 2U) << table;
    EXPECT_EQ(key.front(), "organization_id") << table;
  }
  for (const auto table : kAccountTables) {
    const auto key = primary_key(table);
    ASSERT_GE(key.size(), 2U) << table;
    EXPECT_EQ(key.front(), "directory_id") << table;
  }
  for (const auto table : kGlobalTables) {
    const auto key = primary_key(table);
    ASSERT_FALSE(key.empty()) << table;
    EXPECT_THAT(key,
                testing::Not(testing::AnyOf(testing::Contains("organization_id"), testing::Contains("directory_id"))))
        << table;
  }
}

TEST_P(SchemaTest, HasNoSequences) { EXPECT_THAT(texts(is_sqlite() ? kSqliteSequences : kSequences), IsEmpty()); }

TEST_P(SchemaTest, MigratesOnceAndMayBeAskedAgain) {
  EXPECT_EQ(db::migrate(*database_, migrations()), 0);
  const auto state = db::migration_state(*database_, migrations());
  EXPECT_EQ(state.applied, state.known);
  EXPECT_EQ(std::size_t(state.known), migrations().size());
}

/// An organization as the first programs wrote it.
constexpr db::Statement kInsertOrganization{
    "test insert organization",
    "INSERT INTO organizations (id, directory_id, name, slug, status, version, created_at) "
    "VALUES ($1, $2, $3, $4, 'active', 1, $5)"};

// SQL can't fold them.
TEST_P(SchemaTest, OrganizationsFromBeforeAreFoundByTheirFoldedName) {
  const auto insert = [&](const std::string& name, const std::string& slug) {
    run([&](db::Transaction& tx) {
      tx.execute(kInsertOrganization, {OrganizationId::make(kNoon), kSharedDirectory, name, slug, kNoon});
    });
  };
  insert("ÄCME", "one");
  insert("Äcme", "two");
  const auto found = [&] {
    return run([](db::Transaction& tx) { return search_organizations(tx, {"äc", "", {}, {}, 10}); }).size();
  };
  EXPECT_EQ(found(), 0U);
  complete_rows(*database_);
  EXPECT_EQ(found(), 2U);
  complete_rows(*database_);
  EXPECT_EQ(found(), 2U);
}

TEST_P(SchemaTest, FoldedNamesAreFilledInStepByStep) {
  for (const std::string slug : {"a", "b", "c"}) {
    run([&](db::Transaction& tx) {
      tx.execute(kInsertOrganization, {OrganizationId::make(kNoon), kSharedDirectory, "Name", slug, kNoon});
    });
  }
  const auto step = [&](OrganizationId after) {
    return run([&](db::Transaction& tx) { return fold_organization_names(tx, after, 2); });
  };
  const auto first = step({});
  ASSERT_TRUE(first);
  EXPECT_EQ(run([](db::Transaction& tx) { return search_organizations(tx, {"name", "", {}, {}, 10}); }).size(), 2U);
  EXPECT_FALSE(step(*first));
  EXPECT_EQ(run([](db::Transaction& tx) { return search_organizations(tx, {"name", "", {}, {}, 10}); }).size(), 3U);
}

// Their table was made anew by the third migration.
TEST_P(SchemaTest, MembersFromBeforeAreFoundByAddressAndName) {
  constexpr db::Statement kInsertMember{
      "test insert member",
      "INSERT INTO members (organization_id, id, directory_id, user_id, role_id, status, rights_version, joined_at) "
      "VALUES ($1, $2, $3, $4, $5, 'suspended', 7, $6)"};
  const support::TestDatabase home(GetParam());
  const auto database = db::open_database(home.url);
  db::migrate(*database, migrations().first(2));
  ensure_directories(*database, kNoon);
  const auto organization = OrganizationId::make(kNoon);
  const auto user = UserId::make(kNoon);
  const auto role = RoleId::make(kNoon);
  const auto member = MemberId::make(kNoon);
  const auto done = database->write([&](db::Transaction& tx) -> base::Result<void> {
    insert_old_organization(tx, organization);
    insert_role(tx, {organization, role, "owner", "Owner", kNoon});
    insert_old_user(tx, user, "countess@a.example");
    tx.execute(kInsertMember, {organization, member, kSharedDirectory, user, role, at(3)});
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_GE(db::migrate(*database, migrations()), 1);
  database->read([&](db::Transaction& tx) {
    for (const std::string prefix : {"ada", "countess"}) {
      const auto listed = list_members(tx, organization, {.prefix = prefix}, MemberOrder::email, {}, 10);
      EXPECT_EQ(listed.size(), 1U) << prefix;
      if (listed.empty()) continue;
      EXPECT_EQ(listed[0].id, member);
      EXPECT_EQ(listed[0].status, "suspended");
      EXPECT_EQ(listed[0].rights_version, 7);
      EXPECT_EQ(listed[0].joined_at, at(3));
    }
    return true;
  });
}

TEST_P(SchemaTest, HasThePlatformAndTheSharedDirectoryOnce) {
  ensure_directories(*database_, at(60));
  EXPECT_THAT(texts(kDirectories), ElementsAre("platform", "shared"));
}

TEST_P(SchemaTest, ARoleOfAnotherOrganizationCanNotBeGiven) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const UserId user = add_user(a.directory, "new@a.example");
  const auto fresh = MemberId::make(kNoon);
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) {
    insert_member(tx, {a.organization, fresh, {a.directory, user}, b.member_role, kNoon});
  }));
  EXPECT_TRUE(
      is_refused([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, b.member_role, kNoon); }));
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) {
    insert_invitation(tx, {a.organization, InvitationId::make(kNoon), email("x@a.example"), b.member_role,
                           db::Bytes{"s"}, a.founder, std::nullopt, kNoon, at(60)});
  }));
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_member(tx, a.organization, fresh); }));
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_member(tx, a.organization, a.member); })->role, a.owner_role);
}

TEST_P(SchemaTest, AccountsOfAnotherDirectoryOwnNothingHere) {
  const DirectoryId elsewhere = add_directory();
  const UserId stranger = add_user(elsewhere, "somebody@x.example");
  const Account wrong{kSharedDirectory, stranger};
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) {
    insert_session(tx, {wrong.directory, SessionId::make(kNoon), wrong.user, std::nullopt, 1, "", "", kNoon, at(60),
                        at(60), std::nullopt});
  }));
  EXPECT_TRUE(is_refused(
      [&](db::Transaction& tx) { note_sign_in_origin(tx, wrong, "192.0.2.0/24", db::Bytes{"device"}, kNoon, kNoon); }));
  const Tenant a = add_tenant("a");
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) {
    insert_member(tx, {a.organization, MemberId::make(kNoon), wrong, a.member_role, kNoon});
  }));
}

// One schema text serves both databases, so it is enough to ask the one that answers easily.
TEST(SchemaForeignKeyTest, ReferencesBetweenOrganizationTablesCarryTheOrganization) {
  const support::TestDatabase home(db::Dialect::sqlite);
  const auto database = db::open_database(home.url);
  db::migrate(*database, migrations());
  int seen = 0;
  for (const auto table : kOrganizationTables) {
    const auto rows = database->read([&](db::Transaction& tx) { return tx.query(kForeignKeys, {table}); });
    for (const db::Row& row : rows) {
      if (std::ranges::find(kOrganizationTables, row.get<std::string>(0)) == kOrganizationTables.end()) continue;
      EXPECT_EQ(row.get<std::string>(1), "organization_id") << table;
      EXPECT_EQ(row.get<std::string>(2), "organization_id") << table;
      ++seen;
    }
  }
  EXPECT_GE(seen, 2);
}

TEST(SchemaCollationTest, TheClusterOfTheTestsSortsByLanguageUnlessAColumnSaysC) {
  const support::TestDatabase home(db::Dialect::postgresql);
  const auto database = db::open_database(home.url);
  EXPECT_TRUE(database->read([](db::Transaction& tx) { return tx.query_one(kLinguisticOrder)->get<bool>(0); }))
      << "this cluster would not notice text that is sorted by the rules of a language";
}

TEST_P(SchemaTest, SortsTextByBytes) {
  for (const std::string slug : {"beta", "Zeta", "a-b", "ab", "\xC3\xA4"}) {
    run([&](db::Transaction& tx) {
      insert_organization(tx, {OrganizationId::make(kNoon), kSharedDirectory, slug, slug, "active", kNoon});
    });
  }
  EXPECT_THAT(texts(kSlugs), ElementsAre("Zeta", "a-b", "ab", "beta", "\xC3\xA4"));
}

TEST_P(SchemaTest, StatisticsNameRolesInTheOrderOfBytes) {
  const Tenant a = add_tenant("a");
  for (const std::string name : {"beta", "Zeta", "_"}) {
    const auto role = RoleId::make(kNoon);
    run([&](db::Transaction& tx) { insert_role(tx, {a.organization, role, "key " + name, name, kNoon}); });
    add_member(a, add_user(a.directory, "x" + role.to_string() + "@a.example"), role);
  }
  std::vector<std::string> names;
  for (const auto& count : run([&](db::Transaction& tx) { return count_members_by_role(tx, a.organization, {}); })) {
    names.push_back(count.role_name);
  }
  EXPECT_THAT(names, ElementsAre("Owner", "Zeta", "_", "beta"));
}

TEST_P(SchemaTest, SigningKeysOfOneInstantStandInTheOrderOfBytes) {
  for (const std::string kid : {"beta", "Zeta", "_"}) {
    run([&](db::Transaction& tx) {
      insert_signing_key(tx, {kid, "ES256", db::Bytes{"k"}, kNoon, kNoon, std::nullopt});
    });
  }
  std::vector<std::string> kids;
  for (const auto& key : run([](db::Transaction& tx) { return list_signing_keys(tx, kNoon); })) kids.push_back(key.kid);
  EXPECT_THAT(kids, ElementsAre("Zeta", "_", "beta"));
}

}  // namespace
}  // namespace gatehouse::store
