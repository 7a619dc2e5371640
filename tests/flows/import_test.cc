#include "crypto/foreign_password.h"
#include "db/foreign.h"
#include "domain/import_ndjson.h"
#include "domain/import_original.h"
#include "domain/passwords.h"
#include "store/members.h"
#include "store/users.h"
#include "tests/support/flow_test.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

namespace gatehouse::tests {
namespace {

using domain::ImportLine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Of kPassword, "seven kettles on a raft", made as foreign_password_test.cc says.
const std::map<std::string, std::string> kHashes{
    {"argon2id", "$argon2id$v=19$m=256,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$6xuCQOeBbokQxLYvJIR9v1U0/f1k/juZR394mITxXbs"},
    {"argon2i", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$I5p8fsVcdvgYWfscYm/SBNMkjVLx9oQvYJ0885UmXmI"},
    {"bcrypt-2a", "$2a$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"bcrypt-2b", "$2b$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"bcrypt-2y", "$2y$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"scrypt", "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$m2zKzgnNA4txNH9Z2ZEoRTvb9VD4gFFDv6GUUKvhKgQ"},
    {"werkzeug-scrypt",
     "scrypt:1024:8:1$saltsaltsaltsalt$"
     "8fcf4ad34905fe36852a81edc8b8df04cafd3d3ddc2e4d3f573a17d6d7b77ec2ed32bedfee0497240e"
     "7ab17b4921755f8597ad8840494b8df3070db125e26f5a"},
    {"werkzeug-sha1", "pbkdf2:sha1:1000$saltsaltsaltsalt$f609ddf6b309d4c84af13539cb9a8862a03fd3b1"},
    {"werkzeug-sha256",
     "pbkdf2:sha256:1000$saltsaltsaltsalt$966418a11e33ae7c1063b081116433241319a7f60fb3a988bcc8d07a377a99a0"},
    {"pbkdf2", "$pbkdf2-sha256$i=1000$c2FsdHNhbHRzYWx0c2FsdA$lmQYoR4zrnwQY7CBEWQzJBMZp/YPs6mIvMjQejd6maA"},
    {"passlib", "$pbkdf2$1000$c2FsdHNhbHRzYWx0c2FsdA$9gnd9rMJ1MhK8TU5y5qIYqA/07E"},
};

// What the original service leaves behind, with everything that is known to be wrong in such databases.
constexpr std::string_view kOriginalTables =
    "CREATE TABLE organization (id INTEGER PRIMARY KEY, name VARCHAR(80), status INTEGER, created_at TIMESTAMP, "
    "settings TEXT);"
    "CREATE TABLE \"user\" (id INTEGER PRIMARY KEY, email VARCHAR(120) UNIQUE, password VARCHAR(255), profile TEXT, "
    "status INTEGER, created_at TIMESTAMP);"
    "CREATE TABLE role (id INTEGER PRIMARY KEY, name VARCHAR(80), description TEXT, org_id INTEGER);"
    "CREATE TABLE member (id INTEGER PRIMARY KEY, org_id INTEGER, user_id INTEGER, role_id INTEGER, status INTEGER, "
    "settings TEXT, created_at TIMESTAMP);"
    "CREATE TABLE invite (id INTEGER PRIMARY KEY, email VARCHAR(120), token VARCHAR(80));";
constexpr std::string_view kOriginalRows =
    "INSERT INTO organization VALUES "
    "(1, 'Acme', 1, '2023-01-02 03:04:05.678901', '{\"plan\": \"team\", \"limit\": 1.50}'), "
    "(2, 'Acme', 0, NULL, NULL), (3, '   ', 1, '2023-05-05 05:05:05', '[1]'), "
    "(4, 'Closed', 7, '2023-06-06 06:06:06', 'null');"
    "INSERT INTO role VALUES (1, 'Owner', NULL, 1), (2, 'admin', NULL, 1), (3, 'ADMIN', NULL, 1), (4, 'auditor', '', "
    "1), "
    "(5, 'owner', NULL, 2), (6, 'owner', NULL, 3), (7, 'auditor', NULL, 3);"
    "INSERT INTO \"user\" VALUES "
    "(1, 'Ada@Acme.example', '@HASH@', '{\"a\": 1}', 1, '2023-01-02 03:04:05.678901'), "
    "(2, 'bob@acme.example', 'md5:nothing', NULL, 0, '2023-02-02 00:00:00'), "
    "(3, 'BOB@acme.example', '@HASH@', NULL, 1, '2023-01-31 00:00:00'), "
    "(4, 'no address', '@HASH@', NULL, 1, NULL), "
    "(5, 'cyd@acme.example', 'pbkdf2:sha256:99999999$salt$@HEX@', NULL, NULL, '2999-01-01 00:00:00'), "
    "(6, 'dan@acme.example', '@HASH@', NULL, 2, NULL);"
    "INSERT INTO member VALUES "
    "(1, 1, 1, 1, 1, NULL, '2023-01-02 03:04:05.678901'), "
    "(2, 1, 2, 2, 0, NULL, '2023-02-03 00:00:00'), "  // accepted an invitation: 0 is active; moves to user 3
    "(3, 1, 3, 3, 1, NULL, '2023-02-04 00:00:00'), "  // the same person, with a second role called admin
    "(4, 1, 4, 2, 1, NULL, NULL), "                   // no address, no account
    "(5, 1, 5, 4, 1, NULL, NULL), "                   // a role of their own making
    "(6, 2, 1, 1, 1, NULL, NULL), "                   // role of organization 1, taken by its name
    "(7, 2, 5, 2, 1, NULL, NULL), "                   // role of organization 1, and no such name here
    "(8, 3, 6, 99, 1, NULL, NULL), "                  // no such role: organization 3 has no owner
    "(9, 77, 1, 1, 1, NULL, NULL), "                  // no such organization
    "(10, 1, 88, 1, 1, NULL, NULL), "                 // no such user
    "(11, NULL, 1, NULL, NULL, NULL, NULL), "
    "(12, 3, 1, 7, 5, NULL, NULL);"  // a status that means nothing: suspended
    "INSERT INTO invite VALUES (1, 'x@x.example', 't1'), (2, 'y@x.example', 't2')";

class ImportTest : public FlowTest {
 protected:
  struct Outcome {
    domain::ImportSummary summary;
    std::vector<ImportLine> lines;

    const ImportLine& of(const std::string& table, const std::string& external_id) const {
      for (const ImportLine& line : lines) {
        if (line.table == table && line.external_id == external_id) return line;
      }
      throw std::runtime_error("no line about " + table + " " + external_id);
    }
    std::string what(const std::string& table, const std::string& external_id) const {
      const ImportLine& line = of(table, external_id);
      return line.result + (line.reason ? ": " + *line.reason : "");
    }
  };

  Outcome import(domain::ImportSource& source, const std::string& name, bool dry_run) {
    Outcome outcome;
    outcome.summary = domain::import_everything(program().services(), source, {name, dry_run},
                                                [&](const ImportLine& line) { outcome.lines.push_back(line); });
    return outcome;
  }
  Outcome import_lines(const std::string& text, bool dry_run = false) {
    const auto path =
        std::filesystem::path(::testing::TempDir()) / (base::to_base32(base::make_uuid_v7({})) + ".ndjson");
    std::ofstream(path) << text;
    domain::NdjsonFile file(path);
    Outcome outcome = import(file, "users", dry_run);
    std::filesystem::remove(path);
    return outcome;
  }
  void make_original() {
    std::string rows(kOriginalRows);
    for (auto at = rows.find("@HASH@"); at != std::string::npos; at = rows.find("@HASH@", at)) {
      rows.replace(at, 6, kHashes.at("werkzeug-scrypt"));
    }
    rows.replace(rows.find("@HEX@"), 5, std::string(64, '0'));
    support::run_sql(original_.url, std::string(kOriginalTables) + rows);
  }
  Outcome import_original(bool dry_run = false) {
    const auto foreign = db::open_foreign_database(original_.url);
    domain::OriginalService source(*foreign);
    return import(source, "original", dry_run);
  }
  store::User user(const std::string& address) {
    return program()
        .services()
        .database
        .read([&](db::Transaction& tx) {
          return store::find_user_by_email(tx, store::kSharedDirectory, *base::parse_email(address));
        })
        .value();
  }
  std::string stored_hash(const std::string& address) {
    const store::User found = user(address);
    const auto opened =
        program().services().sealer.open(found.password_hash.data, domain::password_binding(found.account()));
    return std::string(opened.value().reveal());
  }
  std::int64_t count(const std::string& what) {
    const std::string text = "SELECT COUNT(*) FROM " + what, name = "test count " + what;
    return program().services().database.read([&](db::Transaction& tx) {
      return tx.query_one(db::Statement{*texts_.insert(name).first, *texts_.insert(text).first})->get<std::int64_t>(0);
    });
  }
  /// How many rows an import could have written.
  std::vector<std::int64_t> counts() {
    return {count("organizations"), count("users"),   count("roles"),        count("members"),
            count("imported_rows"), count("letters"), count("audit_entries")};
  }

  support::TestDatabase original_{GetParam()};
  std::set<std::string> texts_;
};

GATEHOUSE_ON_BOTH_DATABASES(ImportTest);

TEST_P(ImportTest, PeopleSignInWithTheirOldPasswordAndGetAnArgon2idHash) {
  std::string text;
  for (const auto& [name, hash] : kHashes) {
    text += R"({"kind":"user","external_id":")" + name + R"(","email":")" + name +
            R"(@acme.example","email_verified":true,"password_hash":")" + hash + "\"}\n";
  }
  const Outcome outcome = import_lines(text);
  EXPECT_EQ(outcome.summary.users.created, std::int64_t(kHashes.size()));
  EXPECT_EQ(outcome.summary.passwords_unusable, 0);
  EXPECT_EQ(count("letters"), 0);
  for (const auto& [name, hash] : kHashes) {
    SCOPED_TRACE(name);
    const std::string address = name + "@acme.example";
    EXPECT_EQ(stored_hash(address), hash);
    expect_problem(try_sign_in(address, kOtherPassword), 401, "invalid_credentials");
    EXPECT_EQ(stored_hash(address), hash);
    EXPECT_EQ(try_sign_in(address).status, 200);
    const std::string renewed = stored_hash(address);
    EXPECT_TRUE(renewed.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << renewed;
    expect_problem(try_sign_in(address, kOtherPassword), 401, "invalid_credentials");
    EXPECT_EQ(try_sign_in(address).status, 200);
    EXPECT_EQ(stored_hash(address), renewed);
  }
}

TEST_P(ImportTest, TheOriginalServiceComesOverWithAllItsTraps) {
  make_original();
  const Outcome done = import_original();
  EXPECT_EQ(done.summary.organizations.created, 4);
  EXPECT_EQ(done.summary.users.created, 4);
  EXPECT_EQ(done.summary.members.created, 7);
  EXPECT_EQ(done.summary.invitations_left, 2);
  EXPECT_EQ(done.summary.failed(), 1);
  EXPECT_EQ(count("letters"), 0);

  // Addresses.
  EXPECT_EQ(done.what("user", "1"), "created");
  EXPECT_FALSE(user("ada@acme.example").email_verified_at);
  EXPECT_EQ(done.what("user", "2"), "skipped: duplicate of 3");
  EXPECT_EQ(done.of("user", "2").id, done.of("user", "3").id);
  EXPECT_EQ(done.what("user", "4"), "failed: its address is no email address");
  // Passwords.
  EXPECT_EQ(done.of("user", "1").password_unusable, std::nullopt);
  EXPECT_EQ(done.of("user", "5").password_unusable, "the cost of the hash is over the limit");
  // Statuses and times.
  EXPECT_TRUE(user("bob@acme.example").is_active());
  EXPECT_FALSE(user("dan@acme.example").is_active());
  EXPECT_EQ(base::to_rfc3339(user("ada@acme.example").created_at), "2023-01-02T03:04:05.678Z");
  EXPECT_EQ(user("cyd@acme.example").created_at, program().now()) << "a time ahead of us is no time to keep";
  // Members.
  EXPECT_EQ(done.what("member", "1"), "created");
  EXPECT_EQ(done.what("member", "2"), "created");
  EXPECT_EQ(done.what("member", "3"), "skipped: already a member, as admin");
  EXPECT_EQ(done.of("member", "3").id, done.of("member", "2").id);
  EXPECT_EQ(done.what("member", "4"), "skipped: there is no user 4");
  EXPECT_EQ(done.of("member", "5").role_mapped, "auditor");
  EXPECT_EQ(done.what("member", "6"), "created: its role 1 belongs to another organization");
  EXPECT_EQ(done.what("member", "7"), "created: its role 2 belongs to another organization");
  EXPECT_EQ(done.what("member", "8"), "created: there is no role 99");
  EXPECT_EQ(done.what("member", "9"), "skipped: there is no organization 77");
  EXPECT_EQ(done.what("member", "10"), "skipped: there is no user 88");
  EXPECT_EQ(done.what("member", "11"), "skipped: there is no organization (none)");
  EXPECT_EQ(count("members WHERE status = 'suspended'"), 1);
  // Organizations.
  EXPECT_FALSE(done.of("organization", "1").orphaned);
  EXPECT_FALSE(done.of("organization", "2").orphaned);
  EXPECT_TRUE(done.of("organization", "3").orphaned);
  EXPECT_EQ(count("organizations WHERE name = 'Organization 3'"), 1);
  EXPECT_EQ(count("organizations WHERE status = 'suspended' AND name = 'Closed'"), 1);
  EXPECT_EQ(count("organizations WHERE slug = 'acme'"), 1) << "the other Acme has a suffix";
  EXPECT_EQ(count(R"(organizations WHERE settings = '{"limit":1.50,"plan":"team"}')"), 1);
  EXPECT_EQ(count("organizations WHERE settings = '{}'"), 3);
  EXPECT_EQ(done.what("organization", "1"), "created");
  EXPECT_THAT(done.what("organization", "3"), HasSubstr("; its settings were left out"));
  // The log.
  EXPECT_EQ(count("audit_entries WHERE action = 'import.organization' AND actor_kind = 'command_line'"), 4);
  EXPECT_EQ(count("audit_entries WHERE action = 'import.user'"), 4);
  EXPECT_EQ(count("audit_entries WHERE action = 'import.member'"), 7);

  // Ada owns both that are called Acme, Bob is an admin of one.
  const Reply ada = try_sign_in("ada@acme.example");
  ASSERT_EQ(ada.status, 200) << ada.body;
  EXPECT_EQ(ada.at("/organizations").as_array().size(), 2U);
  const store::Account account = user("ada@acme.example").account();
  const auto memberships =
      program().services().database.read([&](db::Transaction& tx) { return store::list_memberships(tx, account); });
  EXPECT_EQ(base::to_rfc3339(memberships.at(0).joined_at), "2023-01-02T03:04:05.678Z");
  EXPECT_EQ(ada.text("/organizations/0/role/key"), "owner");
  EXPECT_EQ(ada.text("/organizations/1/role/key"), "owner");
  const Reply bob = try_sign_in("bob@acme.example");
  ASSERT_EQ(bob.status, 200) << bob.body;
  EXPECT_EQ(bob.text("/organization/role/key"), "admin");
  expect_problem(try_sign_in("cyd@acme.example"), 401, "invalid_credentials");
  expect_problem(try_sign_in("dan@acme.example"), 401, "invalid_credentials");
}

TEST_P(ImportTest, WhoHasNoUsablePasswordResetsIt) {
  make_original();
  import_original();
  const std::string token = ask_for_reset("cyd@acme.example");
  const Reply reset = client().post("/reset-password", {{"token", token}, {"new_password", kOtherPassword}});
  ASSERT_EQ(reset.status, 200) << reset.body;
  EXPECT_EQ(try_sign_in("cyd@acme.example", kOtherPassword).status, 200);
}

TEST_P(ImportTest, ADryRunReportsTheSameAndWritesNothing) {
  make_original();
  const auto before = counts();
  const Outcome dry = import_original(true);
  EXPECT_EQ(counts(), before);
  const Outcome wet = import_original();
  ASSERT_EQ(dry.lines.size(), wet.lines.size());
  for (std::size_t i = 0; i < dry.lines.size(); ++i) {
    SCOPED_TRACE(wet.lines[i].table + " " + wet.lines[i].external_id);
    EXPECT_EQ(dry.what(dry.lines[i].table, dry.lines[i].external_id),
              wet.what(wet.lines[i].table, wet.lines[i].external_id));
    EXPECT_EQ(dry.lines[i].id, std::nullopt) << "nothing has an id yet";
    EXPECT_EQ(dry.lines[i].role_mapped, wet.lines[i].role_mapped);
    EXPECT_EQ(dry.lines[i].password_unusable, wet.lines[i].password_unusable);
    EXPECT_EQ(dry.lines[i].orphaned, wet.lines[i].orphaned);
  }
}

TEST_P(ImportTest, ASecondRunFindsEverythingAndMakesNothing) {
  make_original();
  const Outcome first = import_original();
  const auto after_first = counts();
  const Outcome second = import_original();
  EXPECT_EQ(counts(), after_first);
  EXPECT_EQ(second.summary.organizations.exists, 4);
  EXPECT_EQ(second.summary.users.exists, 4);
  EXPECT_EQ(second.summary.organizations.created + second.summary.users.created + second.summary.members.created, 0);
  for (const ImportLine& line : first.lines) {
    EXPECT_EQ(second.of(line.table, line.external_id).id, line.id) << line.table << " " << line.external_id;
    EXPECT_EQ(second.of(line.table, line.external_id).orphaned, line.orphaned);
  }
}

TEST_P(ImportTest, WhatWasRemovedHereDoesNotComeBack) {
  make_original();
  const Outcome first = import_original();
  const std::string ada = access_token("ada@acme.example");
  const std::string acme = *first.of("organization", "1").id;
  const Reply removed = remove(ada, acme, *first.of("user", "3").id);
  ASSERT_EQ(removed.status, 200) << removed.body;
  const auto before = counts();
  const Outcome second = import_original();
  EXPECT_EQ(second.what("member", "2"), "exists");
  EXPECT_EQ(counts(), before);
}

// Who signs up with the address of somebody who is about to be imported must not inherit their memberships.
TEST_P(ImportTest, AnAccountThatNobodyConfirmedStandsForNobody) {
  make_original();
  sign_up("ada@acme.example", "Trap");
  const Outcome refused = import_original();
  EXPECT_THAT(refused.what("user", "1"),
              HasSubstr("failed: its address has an account here, made by somebody who never"));
  EXPECT_EQ(refused.what("member", "1"), "skipped: there is no user 1");
  EXPECT_TRUE(refused.of("organization", "1").orphaned);
  EXPECT_EQ(try_sign_in("ada@acme.example").at("/organizations").as_array().size(), 1U);
}

TEST_P(ImportTest, AnAccountThatIsConfirmedStandsForThePersonAndKeepsItsPassword) {
  make_original();
  found("ada@acme.example", "Before");
  const std::string hash = stored_hash("ada@acme.example");
  const Outcome done = import_original();
  EXPECT_EQ(done.what("user", "1"), "skipped: its address has an account here already, which stands for it");
  EXPECT_EQ(done.what("member", "1"), "created");
  EXPECT_FALSE(done.of("organization", "1").orphaned);
  EXPECT_EQ(stored_hash("ada@acme.example"), hash);
  EXPECT_EQ(try_sign_in("ada@acme.example").at("/organizations").as_array().size(), 3U);
}

TEST_P(ImportTest, LinesMayComeInAnyOrderAndEachIsJudgedAlone) {
  std::string text = R"({"kind":"member","organization_external_id":"o/1","user_external_id":"u1","role":"owner"}
{"kind":"member","organization_external_id":"o/1","user_external_id":"u2","role":"admin","status":"suspended","joined_at":"2024-05-06T07:08:09Z"}

{"kind":"user","external_id":"u1","email":"ada@acme.example","email_verified":true,"name":"Ada","created_at":"2024-01-02T03:04:05+02:00"}
{"kind":"user","external_id":"u2","email":"bob@acme.example","status":"disabled","name":"  Bob\u200b "}
{"kind":"user","external_id":"u3","email":"x@acme.example","is_admin":true}
{"kind":"user","external_id":"u4"}
{"kind":"organization","external_id":"o/1","name":"Acme","slug":"acme--works-@LONG@","created_at":"2024-01-01T00:00:00Z","settings":{"b":1,"a":{}}}
{"kind":"organization","external_id":"o2","name":"Bcme","slug":"Not A Slug"}
{"kind":"organization","external_id":"o3","name":"Ccme","email":"a@b.example"}
{"kind":"tenant","external_id":"o4"}
{"kind":"member","organization_external_id":"o2","user_external_id":"u1","role":"boss"}
not json
[1]
)" + std::string(70'000, ' ') +
                     "\n" + R"({"kind":"user","external_id":"u5","email":"e@acme.example","email":"f@acme.example"})";
  const std::string long_slug = "acme--works-" + std::string(51, 'x');
  text.replace(text.find("acme--works-@LONG@"), 18, long_slug);
  const Outcome done = import_lines(text);
  EXPECT_EQ(done.what("organization", "o/1"), "created");
  EXPECT_EQ(done.what("organization", "o2"),
            "created: its slug was replaced: 1 to 63 of a-z, 0-9 and hyphens, none at an end");
  EXPECT_TRUE(done.of("organization", "o2").orphaned);
  EXPECT_EQ(count("organizations WHERE slug = '" + long_slug + "'"), 1);
  EXPECT_EQ(count("organizations WHERE slug = 'bcme'"), 1);
  EXPECT_EQ(done.what("user", "u1"), "created");
  EXPECT_EQ(done.of("user", "u1").password_unusable, "there is none");
  EXPECT_EQ(user("ada@acme.example").profile.name, "Ada");
  EXPECT_EQ(done.what("user", "u2"), "created: its name was left out: it has invisible characters");
  EXPECT_EQ(user("bob@acme.example").profile.name, std::nullopt);
  EXPECT_EQ(count(R"(organizations WHERE settings = '{"a":{},"b":1}')"), 1);
  EXPECT_TRUE(user("ada@acme.example").email_verified_at);
  EXPECT_EQ(base::to_rfc3339(user("ada@acme.example").created_at), "2024-01-02T01:04:05.000Z");
  EXPECT_FALSE(user("bob@acme.example").is_active());
  EXPECT_EQ(done.what("member", "o~11/u1"), "created");
  EXPECT_EQ(done.what("member", "o~11/u2"), "created");
  EXPECT_EQ(count("members WHERE status = 'suspended'"), 1);
  std::map<std::string, std::string> failed;
  for (const ImportLine& line : done.lines) {
    if (line.table == "line") failed[line.external_id] = line.reason.value_or("");
  }
  EXPECT_EQ(failed.size(), 9U);
  EXPECT_THAT(failed["6"], HasSubstr("/is_admin"));
  EXPECT_THAT(failed["7"], HasSubstr("/email"));
  EXPECT_THAT(failed["10"], HasSubstr("/email"));
  EXPECT_THAT(failed["11"], HasSubstr("/kind"));
  EXPECT_THAT(failed["12"], HasSubstr("/role expected one of: owner, admin, member"));
  EXPECT_NE(failed["13"], "");
  EXPECT_NE(failed["14"], "");
  EXPECT_THAT(failed["15"], HasSubstr("64 KiB"));
  EXPECT_THAT(failed["16"], HasSubstr("/email"));
  EXPECT_EQ(done.summary.lines_failed, 9);
  EXPECT_EQ(done.summary.users.created, 2);

  const Outcome again = import_lines(text);
  EXPECT_EQ(again.what("member", "o~11/u1"), "exists");
  EXPECT_EQ(again.summary.users.exists, 2);
}

}  // namespace
}  // namespace gatehouse::tests
