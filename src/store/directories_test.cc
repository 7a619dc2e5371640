#include "store/directories.h"

#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::UnorderedElementsAre;

GATEHOUSE_STORE_SUITE(DirectoriesTest);

TEST_P(DirectoriesTest, KnowWhoseTheyAreAndWhoHasAnAccount) {
  const DirectoryId id = DirectoryId::make(kNoon);
  run([&](db::Transaction& tx) { insert_isolated_directory(tx, id, kNoon); });
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_owner_of_directory(tx, id); }));
  const Tenant own = add_tenant("own", id);
  add_tenant("shared");
  const UserId ann = add_user(id, "ann@x.example");
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_owner_of_directory(tx, id); })->id, own.organization);
  EXPECT_FALSE(run([](db::Transaction& tx) { return find_owner_of_directory(tx, kSharedDirectory); }));
  EXPECT_THAT(run([&](db::Transaction& tx) { return list_accounts(tx, id, 10); }),
              UnorderedElementsAre(own.account(), Account{id, ann}));
  EXPECT_EQ(run([&](db::Transaction& tx) { return list_accounts(tx, id, 1); }).size(), 1u);
}

TEST_P(DirectoriesTest, VanishWhenNothingIsInThemAndTheSharedOneNever) {
  const DirectoryId id = DirectoryId::make(kNoon);
  run([&](db::Transaction& tx) { insert_isolated_directory(tx, id, kNoon); });
  const UserId ann = add_user(id, "ann@x.example");
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) { delete_directory(tx, id); }));
  run([&](db::Transaction& tx) {
    delete_user(tx, {id, ann});
    delete_directory(tx, id);
    delete_directory(tx, kSharedDirectory);
  });
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) {
    insert_user(tx, {id, UserId::make(kNoon), email("bob@x.example"), {}, db::Bytes{"h"}, "active", {}, kNoon});
  })) << "the directory is gone";
  add_user(kSharedDirectory, "ann@x.example");
}

}  // namespace
}  // namespace gatehouse::store
