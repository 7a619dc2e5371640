#include "store/fixture_test.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kPeek{"peek_counter",
                              "SELECT hits, ends_at FROM limit_counters WHERE key = $1 AND ends_at > $2"};

constexpr db::Statement kFindState{"find_letter_state", "SELECT status, reply FROM letters WHERE id = $1"};

constexpr db::Statement kAddDirectory{"test add directory",
                                      "INSERT INTO directories (id, kind, created_at) VALUES ($1, 'isolated', $2)"};

constexpr db::Statement kOldOrganization{
    "test insert old organization",
    "INSERT INTO organizations (id, directory_id, name, slug, status, version, created_at) "
    "VALUES ($1, $2, 'Acme', 'acme', 'active', 1, $3)"};

// Columns have come since.
constexpr db::Statement kOldUser{
    "test insert old user",
    "INSERT INTO users (directory_id, id, email, password_hash, status, created_at, name, name_folded) "
    "VALUES ($1, $2, $3, $4, 'active', $5, 'Ada', 'ada')"};

}  // namespace

void insert_old_organization(db::Transaction& tx, OrganizationId id) {
  tx.execute(kOldOrganization, {id, kSharedDirectory, kNoon});
}

void insert_old_user(db::Transaction& tx, UserId id, const std::string& address) {
  tx.execute(kOldUser, {kSharedDirectory, id, address, db::Bytes{"h"}, kNoon});
}

base::EmailAddress email(const std::string& text) { return base::parse_email(text).value(); }

StoreTest::StoreTest() : home_(GetParam()), database_(db::open_database(home_.url)) {
  db::migrate(*database_, migrations());
  ensure_directories(*database_, kNoon);
}

std::string StoreTest::violation(const std::function<void(db::Transaction&)>& body) {
  try {
    run(body);
  } catch (const db::UniqueViolation& error) {
    return error.constraint();
  }
  return "";
}

bool StoreTest::is_refused(const std::function<void(db::Transaction&)>& body) {
  try {
    run(body);
  } catch (const db::UniqueViolation&) {
    return false;
  } catch (const db::DatabaseError&) {
    return true;
  }
  return false;
}

DirectoryId StoreTest::add_directory() {
  const auto id = DirectoryId::make(kNoon);
  run([&](db::Transaction& tx) { tx.execute(kAddDirectory, {id, kNoon}); });
  return id;
}

UserId StoreTest::add_user(DirectoryId directory, const std::string& address) {
  const auto id = UserId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_user(tx, {directory, id, email(address), std::nullopt, db::Bytes{"a hash"}, "active", std::nullopt, kNoon});
  });
  return id;
}

Tenant StoreTest::add_tenant(const std::string& slug, DirectoryId directory) {
  const Tenant tenant{directory,
                      OrganizationId::make(kNoon),
                      RoleId::make(kNoon),
                      RoleId::make(kNoon),
                      add_user(directory, "founder@" + slug + ".example"),
                      MemberId::make(kNoon)};
  run([&](db::Transaction& tx) {
    insert_organization(tx, {tenant.organization, directory, "The " + slug, slug, "active", kNoon});
    insert_role(tx, {tenant.organization, tenant.owner_role, "owner", "Owner", kNoon});
    insert_role(tx, {tenant.organization, tenant.member_role, "member", "Member", at(1)});
    insert_member(tx, {tenant.organization, tenant.member, tenant.account(), tenant.owner_role, kNoon});
  });
  return tenant;
}

MemberId StoreTest::add_member(const Tenant& tenant, UserId user, RoleId role, base::Time joined_at) {
  const auto id = MemberId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_member(tx, {tenant.organization, id, {tenant.directory, user}, role, joined_at});
  });
  return id;
}

SessionId StoreTest::add_session(const Account& account, std::optional<OrganizationId> organization) {
  const auto id = SessionId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_session(tx, {account.directory, id, account.user, organization, 1, "192.0.2.1", "a browser", kNoon,
                        kNoon + 1h, kNoon + 24h, std::nullopt});
  });
  return id;
}

CounterState peek_counter(db::Transaction& tx, const db::Bytes& key, base::Time now) {
  const auto row = tx.query_one(kPeek, {key, now});
  if (!row) return {0, now};
  return row->as<CounterState, std::int64_t, base::Time>();
}

std::optional<LetterState> find_letter_state(db::Transaction& tx, LetterId id) {
  const auto row = tx.query_one(kFindState, {id});
  if (!row) return std::nullopt;
  return row->as<LetterState, std::string, std::optional<std::string>>();
}

}  // namespace gatehouse::store
