#include "store/roles.h"

#include "store/api_keys.h"
#include "store/application_permissions.h"
#include "store/fixture_test.h"
#include "store/platform_organizations.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

GATEHOUSE_STORE_SUITE(RolesTest);

RoleId add_role(db::Transaction& tx, OrganizationId organization, const std::string& key,
                const std::string& permissions) {
  const auto id = RoleId::make(kNoon);
  insert_role(tx, {organization, id, key, "The " + key, kNoon, "", permissions});
  return id;
}

std::int64_t rights_of(db::Transaction& tx, const Tenant& tenant, MemberId member) {
  return find_member(tx, tenant.organization, member)->rights_version;
}

TEST_P(RolesTest, AreChangedAsAWholeButForTheirKey) {
  const Tenant a = add_tenant("a");
  run([&](db::Transaction& tx) {
    Role role = *find_role(tx, a.organization, a.member_role);
    role.name = "People";
    role.description = "All of them";
    role.permissions = "a:read b:read";
    role.key = "not_written";
    update_role(tx, role);
  });
  const auto role = run([&](db::Transaction& tx) { return find_role(tx, a.organization, a.member_role); });
  EXPECT_EQ(role->key, "member");
  EXPECT_EQ(role->name, "People");
  EXPECT_EQ(role->description, "All of them");
  EXPECT_EQ(role->permissions, "a:read b:read");
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_role(tx, a.organization, a.owner_role); })->name, "Owner");
}

TEST_P(RolesTest, OfOneInstantTheFixedOnesComeInTheirOrderWhateverTheirIds) {
  const Tenant a = add_tenant("a");
  const auto another = OrganizationId::make(kNoon);
  const auto id_of = [](std::uint8_t last) { return RoleId{base::Uuid{{0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, last}}}; };
  const auto keys = run([&](db::Transaction& tx) {
    insert_organization(tx, {another, a.directory, "B", "b", "active", kNoon});
    insert_role(tx, {another, id_of(1), "custom", "Custom", kNoon});
    insert_role(tx, {another, id_of(2), "member", "Member", kNoon});
    insert_role(tx, {another, id_of(3), "admin", "Admin", kNoon});
    insert_role(tx, {another, id_of(4), "owner", "Owner", kNoon});
    insert_role(tx, {another, id_of(5), "later", "Later", at(1)});
    std::vector<std::string> found, tallied;
    for (const Role& role : list_roles(tx, another)) found.push_back(role.key);
    for (const RoleTally& tally : tally_members_by_role(tx, another)) tallied.push_back(tally.key);
    EXPECT_EQ(found, tallied);
    return found;
  });
  EXPECT_THAT(keys, ElementsAre("owner", "admin", "member", "custom", "later"));
}

TEST_P(RolesTest, ARoleInUseCanNotBeDeletedUntilEverybodyWasMoved) {
  const Tenant a = add_tenant("a");
  const auto role = run([&](db::Transaction& tx) { return add_role(tx, a.organization, "custom", ""); });
  const MemberId member = add_member(a, add_user(a.directory, "new@a.example"), role);
  const auto accepted = InvitationId::make(kNoon), pending = InvitationId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_invitation(tx, {a.organization, accepted, email("x@a.example"), role, db::Bytes{"s"}, a.founder,
                           std::nullopt, kNoon, at(60)});
    EXPECT_TRUE(accept_invitation(tx, a.organization, accepted, db::Bytes{"s"}, at(1)));
    insert_invitation(tx, {a.organization, pending, email("y@a.example"), role, db::Bytes{"s"}, a.founder, std::nullopt,
                           kNoon, at(60)});
  });
  EXPECT_TRUE(is_refused([&](db::Transaction& tx) { delete_role(tx, a.organization, role, at(1)); }));
  const auto before = run([&](db::Transaction& tx) { return rights_of(tx, a, member); });
  const auto founder_before = run([&](db::Transaction& tx) { return rights_of(tx, a, a.member); });
  run([&](db::Transaction& tx) {
    EXPECT_TRUE(has_members_with_role(tx, a.organization, role));
    EXPECT_TRUE(has_open_invitations_with_role(tx, a.organization, role, at(59)));
    EXPECT_FALSE(has_open_invitations_with_role(tx, a.organization, role, at(60))) << "it has expired";
    move_members_to_role(tx, a.organization, role, a.member_role, at(1));
    move_invitations_to_role(tx, a.organization, role, a.member_role);
    EXPECT_FALSE(has_members_with_role(tx, a.organization, role));
    EXPECT_FALSE(has_open_invitations_with_role(tx, a.organization, role, kNoon));
    EXPECT_TRUE(has_open_invitations_with_role(tx, a.organization, a.member_role, kNoon));
    delete_role(tx, a.organization, role, at(1));
  });
  run([&](db::Transaction& tx) {
    EXPECT_FALSE(find_role(tx, a.organization, role));
    EXPECT_EQ(find_member(tx, a.organization, member)->role, a.member_role);
    EXPECT_EQ(find_invitation(tx, a.organization, accepted)->role, a.member_role);
    EXPECT_GT(rights_of(tx, a, member), before);
    EXPECT_EQ(rights_of(tx, a, a.member), founder_before) << "who has another role is not concerned";
  });
}

TEST_P(RolesTest, AnotherStatusOrOtherPermissionsMakeTokensStale) {
  const Tenant a = add_tenant("a");
  const MemberId member = add_member(a, add_user(a.directory, "new@a.example"), a.member_role);
  run([&](db::Transaction& tx) {
    const auto at_first = rights_of(tx, a, member), founder = rights_of(tx, a, a.member);
    set_member_status(tx, a.organization, member, "suspended", at(1));
    const auto suspended = rights_of(tx, a, member);
    EXPECT_GT(suspended, at_first);
    EXPECT_FALSE(find_member(tx, a.organization, member)->is_active());
    set_member_status(tx, a.organization, member, "active", at(1));
    const auto reinstated = rights_of(tx, a, member);
    EXPECT_GT(reinstated, suspended) << "what was made before the suspension stays dead";
    bump_rights_of_role(tx, a.organization, a.member_role);
    EXPECT_GT(rights_of(tx, a, member), reinstated);
    EXPECT_EQ(rights_of(tx, a, a.member), founder);
  });
}

TEST_P(RolesTest, OnlySomebodyElseWhoIsActiveCountsAsAnotherOwner) {
  const Tenant a = add_tenant("a");
  const auto has_other = [&] {
    return run(
        [&](db::Transaction& tx) { return has_other_active_member_with_role(tx, a.organization, "owner", a.member); });
  };
  EXPECT_FALSE(has_other());
  const MemberId second = add_member(a, add_user(a.directory, "two@a.example"), a.owner_role);
  add_member(a, add_user(a.directory, "three@a.example"), a.member_role);
  EXPECT_TRUE(has_other());
  run([&](db::Transaction& tx) { set_member_status(tx, a.organization, second, "suspended", at(1)); });
  EXPECT_FALSE(has_other());
  run([&](db::Transaction& tx) { set_member_status(tx, a.organization, second, "active", at(1)); });
  sql("UPDATE users SET status = 'disabled' WHERE email = 'two@a.example'");
  EXPECT_FALSE(has_other());
}

TEST_P(RolesTest, InvitersAreThoseWithTheRoleAndSomethingPending) {
  const Tenant a = add_tenant("a");
  const UserId other = add_user(a.directory, "two@a.example");
  add_member(a, other, a.member_role);
  run([&](db::Transaction& tx) {
    for (const std::string address : {"x@a.example", "y@a.example"}) {
      insert_invitation(tx, {a.organization, InvitationId::make(kNoon), email(address), a.member_role, db::Bytes{"s"},
                             a.founder, std::nullopt, kNoon, at(60)});
    }
    EXPECT_THAT(list_inviters_with_role(tx, a.organization, a.owner_role), ElementsAre(a.founder));
    EXPECT_THAT(list_inviters_with_role(tx, a.organization, a.member_role), IsEmpty());
    for (const Invitation& one : list_pending_invitations_of(tx, a.organization, a.founder)) {
      revoke_invitation(tx, a.organization, one.id, at(1));
    }
    EXPECT_THAT(list_inviters_with_role(tx, a.organization, a.owner_role), IsEmpty());
  });
}

TEST_P(RolesTest, GrantsAreFoundOverAllOrganizationsPageByPage) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto [first, second, third] = run([&](db::Transaction& tx) {
    const auto one = add_role(tx, a.organization, "one", "x:read");
    const auto two = add_role(tx, b.organization, "two", "y:read");
    const auto three = add_role(tx, b.organization, "three", "x:read y:read");
    add_role(tx, a.organization, "none", "");
    return std::array{one, two, three};
  });
  std::vector<RoleId> found;
  OrganizationId organization;
  RoleId last;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = run([&](db::Transaction& tx) { return list_granting_roles(tx, organization, last, 1); });
    if (page.empty()) break;
    found.push_back(page.back().id);
    organization = page.back().organization;
    last = page.back().id;
  }
  EXPECT_THAT(found, UnorderedElementsAre(first, second, third));
}

TEST_P(RolesTest, KeysAreFoundOverAllOrganizationsAndThePlatform) {
  const Tenant a = add_tenant("a");
  const auto ours = ApiKeyId::make(kNoon), theirs = ApiKeyId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_api_key(tx, {a.organization, ours, "ours", "x:read", db::Bytes{"s"}, {}, kNoon, {}, {}, {}});
    insert_api_key(tx,
                   {kPlatformOrganization, theirs, "theirs", "platform:read", db::Bytes{"s"}, {}, kNoon, {}, {}, {}});
    set_api_key_permissions(tx, a.organization, ours, "");
    set_api_key_permissions(tx, a.organization, theirs, "x:read");
  });
  const auto first = run([&](db::Transaction& tx) { return list_all_api_keys(tx, {}, {}, 1); });
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].id, theirs) << "the platform's id is the least";
  EXPECT_EQ(first[0].permissions, "platform:read") << "it is not a's";
  const auto rest =
      run([&](db::Transaction& tx) { return list_all_api_keys(tx, first[0].organization, first[0].id, 10); });
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].permissions, "");
}

}  // namespace
}  // namespace gatehouse::store
