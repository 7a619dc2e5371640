#include "store/fixture_test.h"
#include "store/one_time_tokens.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

using testing::ElementsAreArray;

GATEHOUSE_STORE_SUITE(UsersTest);

const db::Bytes kLaptop{"a laptop"}, kPhone{"a phone"};

TEST_P(UsersTest, AreFoundAsTheyWereMade) {
  const auto organization = OrganizationId::make(kNoon);
  const User made{kSharedDirectory,
                  UserId::make(kNoon),
                  email("Ann@x.example"),
                  at(3),
                  db::Bytes{std::string("\0\xFFhash", 6)},
                  "disabled",
                  organization,
                  at(4)};
  run([&](db::Transaction& tx) { insert_user(tx, made); });
  const auto by_id = run([&](db::Transaction& tx) { return find_user(tx, made.account()); });
  const auto by_email =
      run([&](db::Transaction& tx) { return find_user_by_email(tx, kSharedDirectory, email("ann@X.example")); });
  const auto locked = run([&](db::Transaction& tx) { return lock_user(tx, made.account()); });
  for (const auto& found : {by_id, by_email, locked}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->account(), made.account());
    EXPECT_EQ(found->email, made.email);
    EXPECT_EQ(found->email_verified_at, made.email_verified_at);
    EXPECT_EQ(found->password_hash, made.password_hash);
    EXPECT_FALSE(found->is_active());
    EXPECT_EQ(found->last_organization, organization);
    EXPECT_EQ(found->created_at, made.created_at);
  }
  EXPECT_FALSE(run([](db::Transaction& tx) { return find_user(tx, {kSharedDirectory, UserId::make(kNoon)}); }));
  EXPECT_FALSE(
      run([](db::Transaction& tx) { return find_user_by_email(tx, kSharedDirectory, email("bob@x.example")); }));
}

TEST_P(UsersTest, AnAddressHasOneAccountInADirectoryAndAnotherElsewhere) {
  const DirectoryId elsewhere = add_directory();
  const UserId here = add_user(kSharedDirectory, "ann@x.example");
  const UserId there = add_user(elsewhere, "ann@x.example");
  EXPECT_EQ(violation([&](db::Transaction& tx) {
              insert_user(tx, {kSharedDirectory, UserId::make(kNoon), email("ann@x.example"), std::nullopt,
                               db::Bytes{"h"}, "active", std::nullopt, kNoon});
            }),
            "users_directory_id_email_key");
  run([&](db::Transaction& tx) {
    EXPECT_EQ(find_user_by_email(tx, kSharedDirectory, email("ann@x.example"))->id, here);
    EXPECT_EQ(find_user_by_email(tx, elsewhere, email("ann@x.example"))->id, there);
  });
}

TEST_P(UsersTest, BringTheirNameAlong) {
  User made{kSharedDirectory, UserId::make(kNoon), email("ann@x.example"), {}, db::Bytes{"h"}, "active", {}, kNoon};
  made.profile.name = "Änn Straße";
  run([&](db::Transaction& tx) { insert_user(tx, made); });
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_user(tx, made.account()); })->profile.name, "Änn Straße");
  constexpr db::Statement kFolded{"test folded", "SELECT name_folded FROM users WHERE id = $1"};
  EXPECT_EQ(run([&](db::Transaction& tx) { return tx.query_one(kFolded, {made.id})->get<std::string>(0); }),
            "änn strasse");
}

TEST_P(UsersTest, ADirectoryHasUsersOnceSomebodyIsInIt) {
  const DirectoryId elsewhere = add_directory();
  add_user(kSharedDirectory, "ann@x.example");
  EXPECT_TRUE(run([](db::Transaction& tx) { return has_users(tx, kSharedDirectory); }));
  EXPECT_FALSE(run([&](db::Transaction& tx) { return has_users(tx, elsewhere); }));
  EXPECT_FALSE(run([](db::Transaction& tx) { return has_users(tx, kPlatformDirectory); }));
}

TEST_P(UsersTest, APasswordHashIsReplacedOnlyIfItIsStillTheOneThatWasRead) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const auto hash = [&] { return run([&](db::Transaction& tx) { return find_user(tx, ann); })->password_hash.data; };
  run([&](db::Transaction& tx) { set_password_hash(tx, ann, db::Bytes{"two"}); });
  EXPECT_EQ(hash(), "two");
  run([&](db::Transaction& tx) { replace_password_hash(tx, ann, db::Bytes{"one"}, db::Bytes{"three"}); });
  EXPECT_EQ(hash(), "two");
  run([&](db::Transaction& tx) { replace_password_hash(tx, ann, db::Bytes{"two"}, db::Bytes{"three"}); });
  EXPECT_EQ(hash(), "three");
}

// Of two who read, decide and write, the second decides on what the first has written.
TEST_P(UsersTest, WhoHoldsALockedAccountIsFollowedByOthersNotOvertaken) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const auto verified = run_parallel(8, [&](db::Transaction& tx) {
    const auto user = lock_user(tx, ann);
    if (user->email_verified_at) return 0;
    mark_email_verified(tx, ann, at(10));
    return 1;
  });
  EXPECT_EQ(std::ranges::count(verified, 1), 1);
  EXPECT_FALSE(run([](db::Transaction& tx) { return lock_user(tx, {kSharedDirectory, UserId::make(kNoon)}); }));
}

TEST_P(UsersTest, AVerifiedAddressKeepsItsFirstTime) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  run([&](db::Transaction& tx) { mark_email_verified(tx, ann, at(10)); });
  run([&](db::Transaction& tx) { mark_email_verified(tx, ann, at(20)); });
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_user(tx, ann); })->email_verified_at, at(10));
}

TEST_P(UsersTest, RemembersTheLastOrganization) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  run([&](db::Transaction& tx) { set_last_organization(tx, a.account(), b.organization); });
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_user(tx, a.account()); })->last_organization, b.organization);
}

TEST_P(UsersTest, ADeletedAccountTakesItsSessionsTokensAndOriginsAlong) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const Account bob{kSharedDirectory, add_user(kSharedDirectory, "bob@x.example")};
  const SessionId session = add_session(ann, std::nullopt), others = add_session(bob, std::nullopt);
  const auto token = TokenId::make(kNoon), bobs_token = TokenId::make(kNoon);
  run([&](db::Transaction& tx) {
    for (const auto& [id, account] : {std::pair(token, ann), std::pair(bobs_token, bob)}) {
      insert_one_time_token(tx, {kSharedDirectory, id, "reset_password", account.user, std::nullopt, std::nullopt,
                                 db::Bytes{"s"}, kNoon, at(60), std::nullopt});
      note_sign_in_origin(tx, account, "192.0.2.0/24", kLaptop, kNoon, at(-60));
    }
  });
  run([&](db::Transaction& tx) { delete_user(tx, ann); });
  run([&](db::Transaction& tx) {
    EXPECT_FALSE(find_user(tx, ann));
    EXPECT_FALSE(find_session(tx, kSharedDirectory, session));
    EXPECT_FALSE(find_one_time_token(tx, kSharedDirectory, token));
    EXPECT_FALSE(is_known_network(tx, ann, "192.0.2.0/24", at(-60)));
    EXPECT_TRUE(find_user(tx, bob));
    EXPECT_TRUE(find_session(tx, kSharedDirectory, others));
    EXPECT_TRUE(find_one_time_token(tx, kSharedDirectory, bobs_token));
    EXPECT_TRUE(is_known_network(tx, bob, "192.0.2.0/24", at(-60)));
  });
}

TEST_P(UsersTest, AnAccountWithMembershipsIsNotDeleted) {
  const Tenant a = add_tenant("a");
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) { delete_user(tx, a.account()); }));
  EXPECT_TRUE(run([&](db::Transaction& tx) { return find_user(tx, a.account()); }));
}

TEST_P(UsersTest, PasswordHashesAreListedInTheOrderOfTheirKeysOverAllDirectories) {
  const DirectoryId elsewhere = add_directory();
  std::vector<Account> expected;
  for (const DirectoryId directory : {elsewhere, kSharedDirectory, kPlatformDirectory}) {
    for (const std::string name : {"ann", "bob"}) {
      expected.push_back({directory, add_user(directory, name + "@x.example")});
    }
  }
  std::ranges::sort(expected);
  for (const std::int64_t limit : {1, 4, 6, 100}) {
    std::vector<Account> listed;
    Account last;
    for (int pages = 0; pages < 20; ++pages) {
      const auto rows = run([&](db::Transaction& tx) { return list_password_hashes(tx, last, limit); });
      EXPECT_LE(std::int64_t(rows.size()), limit);
      for (const db::Row& row : rows) {
        listed.push_back({row.get<DirectoryId>(0), row.get<UserId>(1)});
        EXPECT_EQ(row.get<std::string>(2), "a hash");
      }
      if (rows.empty()) break;
      last = listed.back();
    }
    EXPECT_THAT(listed, ElementsAreArray(expected)) << limit;
  }
}

TEST_P(UsersTest, ASignInFromANewPlaceIsToldApart) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const auto is_new = [&](const std::string& network, const db::Bytes& device, std::int64_t seconds) {
    return run([&](db::Transaction& tx) {
      return note_sign_in_origin(tx, ann, network, device, at(seconds), at(seconds - 100));
    });
  };
  EXPECT_TRUE(is_new("192.0.2.0/24", kLaptop, 0));
  EXPECT_FALSE(is_new("192.0.2.0/24", kLaptop, 10));
  EXPECT_TRUE(is_new("192.0.2.0/24", kPhone, 20));
  EXPECT_TRUE(is_new("198.51.100.0/24", kLaptop, 30));
  EXPECT_FALSE(is_new("192.0.2.0/24", kLaptop, 110)) << "every sign-in makes it known anew";
  EXPECT_TRUE(is_new("192.0.2.0/24", kLaptop, 211));
  const Account bob{kSharedDirectory, add_user(kSharedDirectory, "bob@x.example")};
  EXPECT_TRUE(run([&](db::Transaction& tx) {
    return note_sign_in_origin(tx, bob, "192.0.2.0/24", kLaptop, at(212), at(112));
  })) << "what one account knows, another does not";
}

TEST_P(UsersTest, ASignInOfAnAccountWithTheSameIdElsewhereMakesNothingKnownHere) {
  const Account here{kSharedDirectory, UserId::make(kNoon)}, there{add_directory(), here.user};
  run([&](db::Transaction& tx) {
    for (const Account& account : {here, there}) {
      insert_user(tx, {account.directory, account.user, email("ann@x.example"), std::nullopt, db::Bytes{"h"}, "active",
                       std::nullopt, kNoon});
    }
    EXPECT_TRUE(note_sign_in_origin(tx, there, "192.0.2.0/24", kLaptop, kNoon, at(-60)));
    EXPECT_TRUE(note_sign_in_origin(tx, here, "192.0.2.0/24", kLaptop, kNoon, at(-60)));
  });
}

TEST_P(UsersTest, ANetworkIsKnownByAnyDeviceUntilItIsForgotten) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const Account bob{kSharedDirectory, add_user(kSharedDirectory, "bob@x.example")};
  run([&](db::Transaction& tx) {
    note_sign_in_origin(tx, ann, "192.0.2.0/24", kLaptop, kNoon, at(-60));
    note_sign_in_origin(tx, ann, "192.0.2.0/24", kPhone, at(30), at(-60));
  });
  run([&](db::Transaction& tx) {
    EXPECT_TRUE(is_known_network(tx, ann, "192.0.2.0/24", at(29)));
    EXPECT_FALSE(is_known_network(tx, ann, "192.0.2.0/24", at(31)));
    EXPECT_FALSE(is_known_network(tx, ann, "198.51.100.0/24", at(0)));
    EXPECT_FALSE(is_known_network(tx, bob, "192.0.2.0/24", at(0)));
  });
}

}  // namespace
}  // namespace gatehouse::store
