#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;

GATEHOUSE_STORE_SUITE(OrganizationsTest);

constexpr db::Statement kVersion{"test version", "SELECT version FROM organizations WHERE id = $1"};

TEST_P(OrganizationsTest, AreFoundAsTheyWereMade) {
  const Organization made{OrganizationId::make(kNoon), kSharedDirectory, "Acme Ünited", "acme", "suspended", at(7)};
  run([&](db::Transaction& tx) { insert_organization(tx, made); });
  const auto found = run([&](db::Transaction& tx) { return find_organization(tx, made.id); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.id);
  EXPECT_EQ(found->directory, made.directory);
  EXPECT_EQ(found->name, made.name);
  EXPECT_EQ(found->slug, made.slug);
  EXPECT_EQ(found->status, made.status);
  EXPECT_EQ(found->created_at, made.created_at);
  EXPECT_FALSE(run([](db::Transaction& tx) { return find_organization(tx, OrganizationId::make(kNoon)); }));
}

TEST_P(OrganizationsTest, ATakenSlugViolatesItsConstraintEvenFromAnotherDirectory) {
  add_tenant("acme");
  const DirectoryId elsewhere = add_directory();
  EXPECT_EQ(violation([&](db::Transaction& tx) {
              insert_organization(tx, {OrganizationId::make(kNoon), elsewhere, "Other", "acme", "active", kNoon});
            }),
            "organizations_slug_key");
}

TEST_P(OrganizationsTest, TheFenceReturnsTheOrganizationAndCountsItsTakers) {
  const Tenant a = add_tenant("a");
  const auto fenced = run([&](db::Transaction& tx) { return fence_organization(tx, a.organization); });
  ASSERT_TRUE(fenced);
  EXPECT_EQ(fenced->id, a.organization);
  EXPECT_EQ(fenced->slug, "a");
  EXPECT_EQ(run([&](db::Transaction& tx) { return tx.query_one(kVersion, {a.organization})->get<std::int64_t>(0); }),
            2);
  EXPECT_FALSE(run([](db::Transaction& tx) { return fence_organization(tx, OrganizationId::make(kNoon)); }));
}

TEST_P(OrganizationsTest, BehindTheFenceTwoOwnersCanNotRemoveEachOther) {
  const Tenant a = add_tenant("a");
  const MemberId other = add_member(a, add_user(a.directory, "other@a.example"), a.owner_role);
  const auto remove = [&](MemberId id) {
    return run([&](db::Transaction& tx) {
      fence_organization(tx, a.organization);
      if (count_active_members_with_role(tx, a.organization, "owner") < 2) return false;
      delete_member(tx, a.organization, id, at(1));
      return true;
    });
  };
  auto first = std::async(std::launch::async, [&] { return remove(a.member); });
  const bool second = remove(other);
  EXPECT_NE(first.get(), second);
  EXPECT_EQ(run([&](db::Transaction& tx) { return count_active_members_with_role(tx, a.organization, "owner"); }), 1);
}

TEST_P(OrganizationsTest, DeletingTakesMembersRolesAndInvitationsAlongAndNothingElse) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto invitation = InvitationId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_invitation(tx, {a.organization, invitation, email("x@a.example"), a.member_role, db::Bytes{"s"}, a.founder,
                           std::nullopt, kNoon, at(60)});
  });
  run([&](db::Transaction& tx) {
    fence_organization(tx, a.organization);
    delete_organization(tx, a.organization, at(1));
  });
  run([&](db::Transaction& tx) {
    EXPECT_FALSE(find_organization(tx, a.organization));
    EXPECT_FALSE(find_member(tx, a.organization, a.member));
    EXPECT_TRUE(list_roles(tx, a.organization).empty());
    EXPECT_FALSE(find_invitation(tx, a.organization, invitation));
    EXPECT_TRUE(find_user(tx, a.account()));
    EXPECT_TRUE(find_member(tx, b.organization, b.member));
  });
}

TEST_P(OrganizationsTest, KeepTheirPoliciesAsTheyWereSet) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto policies_of = [&](OrganizationId id) {
    return run([&](db::Transaction& tx) { return find_organization(tx, id); })->policies;
  };
  run([&](db::Transaction& tx) {
    set_policies(tx, a.organization, {12, 600, 900, "new_device", "a.example b.example", "owners"});
  });
  const Policies set = policies_of(a.organization), untouched = policies_of(b.organization);
  EXPECT_EQ(set.password_minimum, 12);
  EXPECT_EQ(set.session_idle_seconds, 600);
  EXPECT_EQ(set.session_absolute_seconds, 900);
  EXPECT_EQ(set.sign_in_alert, "new_device");
  EXPECT_EQ(set.allowed_domains, "a.example b.example");
  EXPECT_EQ(set.who_may_invite, "owners");
  EXPECT_FALSE(untouched.password_minimum || untouched.session_idle_seconds || untouched.who_may_invite);
  run([&](db::Transaction& tx) { set_policies(tx, a.organization, {}); });
  EXPECT_FALSE(policies_of(a.organization).password_minimum);
}

TEST_P(OrganizationsTest, KeepTheSettingsOfTheApplicationAsTheyWereSet) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto settings_of = [&](OrganizationId id) {
    return run([&](db::Transaction& tx) { return find_organization(tx, id); })->settings;
  };
  EXPECT_EQ(settings_of(a.organization), "{}");
  run([&](db::Transaction& tx) { set_settings(tx, a.organization, R"({"é":1.50})"); });
  EXPECT_EQ(settings_of(a.organization), R"({"é":1.50})");
  EXPECT_EQ(settings_of(b.organization), "{}");
}

TEST_P(OrganizationsTest, OneIsRestoredAndTheOtherStaysDeletedUntilItsTimeIsOver) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_tenant("c");
  run([&](db::Transaction& tx) {
    mark_organization_deleted(tx, a.organization, at(100));
    mark_organization_deleted(tx, b.organization, at(50));
  });
  const auto purgeable = [&](base::Time now) {
    return run([&](db::Transaction& tx) { return list_purgeable_organizations(tx, now, 10); });
  };
  EXPECT_THAT(purgeable(at(49)), ElementsAre());
  EXPECT_THAT(purgeable(at(100)), ElementsAre(b.organization, a.organization)) << "the oldest first";
  run([&](db::Transaction& tx) { restore_organization(tx, a.organization); });
  EXPECT_THAT(purgeable(at(100)), ElementsAre(b.organization));
  const auto restored = run([&](db::Transaction& tx) { return find_organization(tx, a.organization); });
  EXPECT_TRUE(restored->is_active());
  EXPECT_FALSE(restored->purge_at);
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_organization(tx, b.organization); })->is_active());
}

TEST_P(OrganizationsTest, RenamingViolatesTheSlugOfAnother) {
  const Tenant a = add_tenant("a");
  add_tenant("b");
  run([&](db::Transaction& tx) { rename_organization(tx, a.organization, "Alpha", "alpha"); });
  EXPECT_EQ(run([](db::Transaction& tx) { return find_organization_by_slug(tx, "alpha"); })->name, "Alpha");
  EXPECT_EQ(violation([&](db::Transaction& tx) { rename_organization(tx, a.organization, "Alpha", "b"); }),
            "organizations_slug_key");
}

TEST_P(OrganizationsTest, RolesAreFoundByIdAndByKeyAndListedOldestFirst) {
  const Tenant a = add_tenant("a");
  const Role older{a.organization, RoleId::make(at(900)), "auditor", "Auditör", at(-1)};
  run([&](db::Transaction& tx) { insert_role(tx, older); });
  const auto by_id = run([&](db::Transaction& tx) { return find_role(tx, a.organization, older.id); });
  ASSERT_TRUE(by_id);
  EXPECT_EQ(by_id->organization, a.organization);
  EXPECT_EQ(by_id->key, "auditor");
  EXPECT_EQ(by_id->name, "Auditör");
  EXPECT_EQ(by_id->created_at, at(-1));
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_role_by_key(tx, a.organization, "auditor"); })->id, older.id);
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_role_by_key(tx, a.organization, "Auditor"); }));
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_role(tx, a.organization, RoleId::make(kNoon)); }));
  std::vector<std::string> keys;
  for (const Role& role : run([&](db::Transaction& tx) { return list_roles(tx, a.organization); })) {
    keys.push_back(role.key);
  }
  EXPECT_THAT(keys, ElementsAre("auditor", "owner", "member"));
}

TEST_P(OrganizationsTest, OneOrganizationHasARoleKeyOnce) {
  const Tenant a = add_tenant("a");
  EXPECT_EQ(violation([&](db::Transaction& tx) {
              insert_role(tx, {a.organization, RoleId::make(kNoon), "owner", "Second", kNoon});
            }),
            "roles_organization_id_key_key");
}

}  // namespace
}  // namespace gatehouse::store
