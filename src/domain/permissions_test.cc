#include "domain/permissions.h"

#include <gmock/gmock.h>

namespace gatehouse::domain {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

const Permissions& owner() { return permissions_of(kOwnerRole); }
const Permissions& admin() { return permissions_of(kAdminRole); }
const Permissions& member() { return permissions_of(kMemberRole); }

TEST(PermissionsTest, AnOwnerHasAllOfAnAdminAndAnAdminAllOfAMember) {
  EXPECT_THAT(owner(), IsSupersetOf(admin()));
  EXPECT_THAT(admin(), IsSupersetOf(member()));
}

TEST(PermissionsTest, OnlyOwnersManageOwners) {
  EXPECT_THAT(owner(), Contains(kOwnersManage));
  EXPECT_THAT(admin(), Not(Contains(kOwnersManage)));
}

TEST(PermissionsTest, AMemberTouchesNoMembersAndReadsNoStatistics) {
  EXPECT_THAT(member(), Not(Contains(StartsWith("members:"))));
  EXPECT_THAT(member(), Not(Contains(kStatsRead)));
}

TEST(PermissionsTest, AKeyThatIsNoneOfTheThreeMayDoNothing) {
  for (const std::string_view key : {"", "Owner", "OWNER", "owner ", "root"}) {
    EXPECT_THAT(permissions_of(key), IsEmpty()) << key;
  }
}

TEST(PermissionsTest, WhoHoldsMoreOutranksAndEqualsDoNot) {
  EXPECT_TRUE(outranks(owner(), admin()));
  EXPECT_TRUE(outranks(owner(), member()));
  EXPECT_TRUE(outranks(admin(), member()));
  for (const Permissions& same : {owner(), admin(), member()}) EXPECT_FALSE(outranks(same, same));
  EXPECT_FALSE(outranks(admin(), owner()));
  EXPECT_FALSE(outranks(member(), admin()));
}

TEST(PermissionsTest, OneForeignPermissionIsEnoughHoweverManyElseTheOtherHolds) {
  const Permissions mine{"a:read", "b:read", "c:read"};
  EXPECT_TRUE(outranks({"z:write"}, mine));
  EXPECT_TRUE(outranks({"a:read", "b:write"}, mine));
  EXPECT_FALSE(outranks({"a:read"}, mine));
  EXPECT_FALSE(outranks({}, mine));
  EXPECT_FALSE(outranks({}, {}));
  EXPECT_TRUE(outranks({"a:read"}, {}));
}

}  // namespace
}  // namespace gatehouse::domain
