#include "store/one_time_tokens.h"

#include "store/fixture_test.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

const db::Bytes kSecret{"a secret"}, kOther{"another"};

class OneTimeTokensTest : public StoreTest {
 protected:
  TokenId add(const std::string& purpose, std::optional<UserId> user, base::Time expires_at = at(60)) {
    const auto id = TokenId::make(kNoon);
    run([&](db::Transaction& tx) {
      insert_one_time_token(tx, {kSharedDirectory, id, purpose, user, std::nullopt, std::nullopt, kSecret, kNoon,
                                 expires_at, std::nullopt});
    });
    return id;
  }
  bool use(TokenId id, const std::string& purpose, const db::Bytes& secret, base::Time now) {
    return run([&](db::Transaction& tx) { return use_one_time_token(tx, kSharedDirectory, id, purpose, secret, now); });
  }
  std::optional<OneTimeToken> find(TokenId id) {
    return run([&](db::Transaction& tx) { return find_one_time_token(tx, kSharedDirectory, id); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, OneTimeTokensTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(OneTimeTokensTest, AreFoundAsTheyWereMade) {
  const UserId user = add_user(kSharedDirectory, "ann@x.example");
  const OneTimeToken made{kSharedDirectory,
                          TokenId::make(kNoon),
                          "verify_email",
                          user,
                          OrganizationId::make(kNoon),
                          "ann@x.example",
                          kSecret,
                          kNoon,
                          at(60),
                          std::nullopt};
  run([&](db::Transaction& tx) { insert_one_time_token(tx, made); });
  const auto found = find(made.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->directory, made.directory);
  EXPECT_EQ(found->purpose, made.purpose);
  EXPECT_EQ(found->user, made.user);
  EXPECT_EQ(found->organization, made.organization);
  EXPECT_EQ(found->email, made.email);
  EXPECT_EQ(found->secret_hash, made.secret_hash);
  EXPECT_EQ(found->created_at, made.created_at);
  EXPECT_EQ(found->expires_at, made.expires_at);
  EXPECT_EQ(found->used_at, std::nullopt);
  EXPECT_FALSE(find(TokenId::make(kNoon)));
}

TEST_P(OneTimeTokensTest, AreUsedOnceWithTheirPurposeAndSecretBeforeTheyExpire) {
  const TokenId id = add("reset_password", add_user(kSharedDirectory, "ann@x.example"));
  EXPECT_FALSE(use(id, "verify_email", kSecret, at(1)));
  EXPECT_FALSE(use(id, "reset_password", kOther, at(1)));
  EXPECT_FALSE(use(id, "reset_password", kSecret, at(60)));
  EXPECT_FALSE(use(TokenId::make(kNoon), "reset_password", kSecret, at(1)));
  EXPECT_EQ(find(id)->used_at, std::nullopt);
  EXPECT_TRUE(use(id, "reset_password", kSecret, at(59)));
  EXPECT_EQ(find(id)->used_at, at(59));
  EXPECT_FALSE(use(id, "reset_password", kSecret, at(59)));
}

TEST_P(OneTimeTokensTest, OfManyWhoUseOneAtOnceOneSucceeds) {
  const TokenId id = add("reset_password", add_user(kSharedDirectory, "ann@x.example"));
  const auto used = run_parallel(12, [&](db::Transaction& tx) {
    return int(use_one_time_token(tx, kSharedDirectory, id, "reset_password", kSecret, at(1)));
  });
  EXPECT_EQ(std::ranges::count(used, 1), 1);
}

TEST_P(OneTimeTokensTest, VoidingKillsTheAccountsUnusedOnesOfThatPurpose) {
  const UserId ann = add_user(kSharedDirectory, "ann@x.example"), bob = add_user(kSharedDirectory, "bob@x.example");
  const TokenId used = add("reset_password", ann), unused = add("reset_password", ann);
  const TokenId other_purpose = add("verify_email", ann), bobs = add("reset_password", bob);
  ASSERT_TRUE(use(used, "reset_password", kSecret, at(1)));
  run([&](db::Transaction& tx) { void_one_time_tokens(tx, {kSharedDirectory, ann}, "reset_password", at(2)); });
  EXPECT_EQ(find(used)->used_at, at(1));
  EXPECT_FALSE(use(unused, "reset_password", kSecret, at(3)));
  EXPECT_TRUE(use(other_purpose, "verify_email", kSecret, at(3)));
  EXPECT_TRUE(use(bobs, "reset_password", kSecret, at(3)));
}

TEST_P(OneTimeTokensTest, VoidingTheUnownedLeavesThoseOfAccountsAndOtherPurposesAlone) {
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const TokenId unowned = add("operator_setup", std::nullopt), owned = add("operator_setup", ann);
  const TokenId other_purpose = add("verify_email", std::nullopt), used = add("operator_setup", std::nullopt);
  ASSERT_TRUE(use(used, "operator_setup", kSecret, at(1)));
  run([&](db::Transaction& tx) { void_unowned_tokens(tx, kSharedDirectory, "operator_setup", at(2)); });
  EXPECT_FALSE(use(unowned, "operator_setup", kSecret, at(3)));
  EXPECT_TRUE(use(owned, "operator_setup", kSecret, at(3)));
  EXPECT_TRUE(use(other_purpose, "verify_email", kSecret, at(3)));
  EXPECT_EQ(find(used)->used_at, at(1));
}

TEST_P(OneTimeTokensTest, ExpiredOnesAreForgotten) {
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const TokenId sooner = add("reset_password", ann, at(60)), later = add("reset_password", ann, at(61));
  run([&](db::Transaction& tx) { delete_dead_tokens(tx, at(60), 100); });
  EXPECT_TRUE(find(sooner));
  run([&](db::Transaction& tx) { delete_dead_tokens(tx, at(61), 100); });
  EXPECT_FALSE(find(sooner));
  EXPECT_TRUE(find(later));
}

TEST_P(OneTimeTokensTest, ExpiredOnesAreForgottenInSteps) {
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const TokenId second = add("reset_password", ann, at(2)), third = add("reset_password", ann, at(3));
  const TokenId first = add("reset_password", ann, at(1));
  const auto step = [&] { return run([](db::Transaction& tx) { return delete_dead_tokens(tx, at(60), 2); }); };
  EXPECT_TRUE(step());
  EXPECT_FALSE(find(first));
  EXPECT_FALSE(find(second));
  EXPECT_TRUE(find(third));
  EXPECT_FALSE(step());
  EXPECT_FALSE(find(third));
}

}  // namespace
}  // namespace gatehouse::store
