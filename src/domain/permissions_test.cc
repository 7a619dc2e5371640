#include "domain/permissions.h"

#include <gmock/gmock.h>

namespace gatehouse::domain {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

Permissions owner() { return permissions_of(kOwnerRole, "", {}); }
Permissions admin() { return permissions_of(kAdminRole, "", {}); }
Permissions member() { return permissions_of(kMemberRole, "", {}); }

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

TEST(PermissionsTest, AKeyThatIsNoneOfTheThreeMayDoWhatIsStoredWithItAndNoMore) {
  for (const std::string_view key : {"", "Owner", "OWNER", "owner ", "root"}) {
    EXPECT_THAT(permissions_of(key, "", {}), IsEmpty()) << key;
    EXPECT_THAT(permissions_of(key, "members:read stats:read", {}), ElementsAre("members:read", "stats:read")) << key;
  }
  EXPECT_EQ(permissions_of(kMemberRole, "members:remove", {}), member())
      << "what is stored with a fixed role is not read";
}

TEST(PermissionsTest, TheApplicationsPermissionsGoToTheFixedRolesThatTheyName) {
  const Catalogue catalogue{{"invoices:read", "", "admin member owner", {}}, {"invoices:void", "", "owner", {}}};
  EXPECT_THAT(permissions_of(kOwnerRole, "", catalogue), IsSupersetOf({"invoices:read", "invoices:void"}));
  EXPECT_THAT(permissions_of(kMemberRole, "", catalogue), Contains("invoices:read"));
  EXPECT_THAT(permissions_of(kAdminRole, "", catalogue), Not(Contains("invoices:void")));
}

TEST(PermissionsTest, WhatIsNoLongerRegisteredCountsNowhere) {
  const Catalogue catalogue{{"invoices:read", "", "owner", {}}, {"invoices:void", "", "owner", {}}};
  EXPECT_THAT(permissions_of("custom", "a:read invoices:void roles:read", catalogue),
              ElementsAre("invoices:void", "roles:read"));
  EXPECT_THAT(permissions_of("custom", "invoices:read invoices:void", {}), IsEmpty());
  EXPECT_THAT(granted_by("invoices:read platform:read", catalogue), ElementsAre("invoices:read"));
}

TEST(PermissionsTest, WordsAreStoredSortedAndReadBack) {
  EXPECT_EQ(to_words({"b:read", "a:read"}), "a:read b:read");
  EXPECT_EQ(to_words({}), "");
  for (const Permissions& words : {Permissions{}, Permissions{"a"}, Permissions{"a", "b", "c"}}) {
    EXPECT_EQ(from_words(to_words(words)), words);
  }
  EXPECT_THAT(from_words("  a  b "), ElementsAre("a", "b"));
}

TEST(PermissionsTest, EveryPermissionBelongsToAFixedRoleAndOwnersHoldAll) {
  EXPECT_EQ(owner().size(), kPermissions.size());
  for (const PermissionInfo& info : kPermissions) {
    EXPECT_THAT(owner(), Contains(info.key));
    EXPECT_EQ(is_owner_only(info.key), !admin().contains(info.key)) << info.key;
    EXPECT_FALSE(info.description.empty()) << info.key;
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
