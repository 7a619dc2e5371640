#include "store/imported_rows.h"

#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

GATEHOUSE_STORE_SUITE(ImportedRowsTest);

TEST_P(ImportedRowsTest, AreFoundBySourceKindAndExternalId) {
  const base::Uuid id = base::make_uuid_v7(kNoon), other = base::make_uuid_v7(kNoon);
  run([&](db::Transaction& tx) {
    insert_imported_row(tx, {"original", "user", "7", id});
    insert_imported_row(tx, {"elsewhere", "user", "7", other});
    insert_imported_row(tx, {"original", "member", "7", other});
  });
  const auto find = [&](const std::string& source, const std::string& kind, const std::string& external_id) {
    return run([&](db::Transaction& tx) { return find_imported_row(tx, source, kind, external_id); });
  };
  EXPECT_EQ(find("original", "user", "7"), id);
  EXPECT_EQ(find("elsewhere", "user", "7"), other);
  EXPECT_EQ(find("original", "member", "7"), other);
  EXPECT_EQ(find("original", "organization", "7"), std::nullopt);
  EXPECT_EQ(find("original", "user", "07"), std::nullopt);
}

TEST_P(ImportedRowsTest, ARowIsImportedOnceAndSeveralMayBecomeOne) {
  const base::Uuid id = base::make_uuid_v7(kNoon);
  run([&](db::Transaction& tx) { insert_imported_row(tx, {"original", "user", "7", id}); });
  EXPECT_EQ(violation([&](db::Transaction& tx) {
              insert_imported_row(tx, {"original", "user", "7", id});
            }),
            "imported_rows_pkey");
  EXPECT_EQ(violation([&](db::Transaction& tx) { insert_imported_row(tx, {"original", "user", "8", id}); }), "");
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) { insert_imported_row(tx, {"original", "invite", "7", id}); }));
}

}  // namespace
}  // namespace gatehouse::store
