#include "store/people.h"

#include "store/activity.h"
#include "store/audit.h"
#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

GATEHOUSE_STORE_SUITE(PeopleTest);

TEST_P(PeopleTest, ProfileAndAddressAreChangedForOneAccount) {
  const UserId ann = add_user(kSharedDirectory, "ann@x.example");
  const UserId bob = add_user(kSharedDirectory, "bob@x.example");
  const DirectoryId elsewhere = add_directory();
  add_user(elsewhere, "new@x.example");
  const Account account{kSharedDirectory, ann};
  const auto find = [&](UserId id) {
    return *run([&](db::Transaction& tx) { return find_user(tx, {kSharedDirectory, id}); });
  };
  run([&](db::Transaction& tx) {
    set_profile(tx, account, {"\u00c4nn", "A", "N", "de-AT", "Europe/Vienna"});
    set_email(tx, account, email("new@x.example"), at(5));
  });
  const User found = find(ann);
  EXPECT_EQ(found.profile.name, "\u00c4nn");
  EXPECT_EQ(found.profile.given_name, "A");
  EXPECT_EQ(found.profile.family_name, "N");
  EXPECT_EQ(found.profile.locale, "de-AT");
  EXPECT_EQ(found.profile.zoneinfo, "Europe/Vienna");
  EXPECT_EQ(found.email, email("new@x.example")) << "the same address elsewhere is another account";
  EXPECT_EQ(found.email_verified_at, at(5));
  constexpr db::Statement kFolded{"test folded name",
                                  "SELECT name_folded FROM users WHERE directory_id = $1 AND id = $2"};
  EXPECT_EQ(run([&](db::Transaction& tx) {
              return tx.query_one(kFolded, {kSharedDirectory, ann})->get<std::string>(0);
            }),
            "\u00e4nn");
  EXPECT_EQ(find(bob).email, email("bob@x.example"));
  EXPECT_EQ(find(bob).profile.name, std::nullopt);
  EXPECT_EQ(violation([&](db::Transaction& tx) { set_email(tx, account, email("bob@x.example"), at(6)); }),
            "users_directory_id_email_key");
}

TEST_P(PeopleTest, PlacesAreAllMembershipsWhateverTheirState) {
  const Tenant a = add_tenant("a"), b = add_tenant("b"), c = add_tenant("c");
  add_member(b, a.founder, b.member_role, at(1));
  add_member(c, a.founder, c.member_role, at(2));
  sql("UPDATE organizations SET status = 'suspended' WHERE slug = 'b'");
  sql("UPDATE members SET status = 'suspended' WHERE organization_id = (SELECT id FROM organizations WHERE slug = "
      "'c')");
  const auto places = run([&](db::Transaction& tx) { return list_places(tx, a.account()); });
  ASSERT_EQ(places.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(places, {}, &Place::organization));
  for (const Place& place : places) {
    EXPECT_EQ(place.role_key, place.organization == a.organization ? "owner" : "member");
    EXPECT_EQ(place.organization_status, place.organization == b.organization ? "suspended" : "active");
    EXPECT_EQ(place.is_active(), place.organization != c.organization);
    EXPECT_EQ(place.purge_at, std::nullopt);
  }
  EXPECT_EQ(run([&](db::Transaction& tx) { return list_places(tx, b.account()); }).size(), 1u);
}

TEST_P(PeopleTest, InvitationsWaitForAnAddressInItsDirectory) {
  const Tenant a = add_tenant("a"), b = add_tenant("b"), apart = add_tenant("apart", add_directory());
  const auto invite = [&](const Tenant& tenant, base::Time created_at, const std::string& kind = "user") {
    const auto id = InvitationId::make(created_at);
    run([&](db::Transaction& tx) {
      insert_invitation(tx, {tenant.organization, id, email("guest@x.example"), tenant.member_role, db::Bytes{"s"},
                             tenant.founder, std::nullopt, created_at, at(600), "Come", kind});
    });
    return id;
  };
  const auto first = invite(a, at(1)), second = invite(b, at(2), "api_key"), other = invite(apart, at(3));
  const auto list = [&](DirectoryId directory, base::Time now, base::Time after = {}, InvitationId after_id = {}) {
    std::vector<InvitationId> ids;
    for (const auto& one : run([&](db::Transaction& tx) {
           return list_received_invitations(tx, directory, email("guest@x.example"), now, after, after_id, 10);
         })) {
      ids.push_back(one.id);
    }
    return ids;
  };
  const auto find = [&](InvitationId id, const std::string& address = "guest@x.example") {
    return run([&](db::Transaction& tx) {
      return find_received_invitation(tx, kSharedDirectory, email(address), at(10), id);
    });
  };
  EXPECT_THAT(list(kSharedDirectory, at(10)), ElementsAre(first, second));
  EXPECT_THAT(list(kSharedDirectory, at(10), at(1), first), ElementsAre(second));
  EXPECT_THAT(list(apart.directory, at(10)), ElementsAre(other));
  EXPECT_THAT(list(kSharedDirectory, at(600)), IsEmpty()) << "expired";
  ASSERT_TRUE(find(first));
  EXPECT_TRUE(find(first)->inviter);
  EXPECT_EQ(find(first)->message, "Come");
  EXPECT_EQ(find(second)->inviter, std::nullopt) << "the maker of the key did not send it";
  EXPECT_FALSE(find(other));
  EXPECT_FALSE(find(first, "other@x.example"));
  sql("UPDATE organizations SET status = 'suspended' WHERE slug = 'a'");
  run([&](db::Transaction& tx) { revoke_invitation(tx, b.organization, second, at(11)); });
  EXPECT_THAT(list(kSharedDirectory, at(10)), IsEmpty());
}

TEST_P(PeopleTest, ActivityIsOfOnePersonAndNewestFirst) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto add = [&](OrganizationId organization, std::int64_t second, std::optional<UserId> actor,
                       std::optional<std::string> subject) {
    const auto id = AuditId::make(at(second));
    std::optional<base::Uuid> actor_id;
    if (actor) actor_id = actor->uuid;
    run([&](db::Transaction& tx) {
      insert_audit_entry(tx, {organization, id, at(second), "x.y", actor ? "user" : "anonymous", actor_id, subject,
                              "192.0.2.1", "req", "{}"});
    });
    return id;
  };
  const auto one = add(a.organization, 1, a.founder, "ses_x");
  const auto two = add(kPlatformOrganization, 2, std::nullopt, a.founder.to_string());
  const auto both = add(b.organization, 3, a.founder, a.founder.to_string());
  add(b.organization, 4, b.founder, "ses_y");
  add(kPlatformOrganization, 5, std::nullopt, b.founder.to_string());
  base::Uuid last;
  last.bytes.fill(0xFF);
  const auto list = [&](AuditId before, std::int64_t limit) {
    std::vector<AuditId> ids;
    for (const Activity& entry :
         run([&](db::Transaction& tx) { return list_activity(tx, a.founder, before, limit); })) {
      ids.push_back(entry.id);
    }
    return ids;
  };
  EXPECT_THAT(list({last}, 10), ElementsAre(both, two, one));
  EXPECT_THAT(list({last}, 2), ElementsAre(both, two));
  EXPECT_THAT(list(two, 10), ElementsAre(one));
  const Activity found = run([&](db::Transaction& tx) { return list_activity(tx, a.founder, {last}, 2); })[1];
  EXPECT_EQ(found.organization, kPlatformOrganization);
  EXPECT_EQ(found.at, at(2));
  EXPECT_EQ(found.action, "x.y");
  EXPECT_EQ(found.actor_kind, "anonymous");
  EXPECT_EQ(found.actor, std::nullopt);
  EXPECT_EQ(found.address, "192.0.2.1");
  EXPECT_EQ(found.request_id, "req");
}

TEST_P(PeopleTest, NetworksAreListedOnceAndTheLatestFirst) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  run([&](db::Transaction& tx) {
    note_sign_in_origin(tx, a.account(), "192.0.2.0/24", db::Bytes{"laptop"}, at(1), kNoon);
    note_sign_in_origin(tx, a.account(), "198.51.100.0/24", db::Bytes{"laptop"}, at(2), kNoon);
    note_sign_in_origin(tx, a.account(), "192.0.2.0/24", db::Bytes{"phone"}, at(3), kNoon);
    note_sign_in_origin(tx, b.account(), "203.0.113.0/24", db::Bytes{"laptop"}, at(4), kNoon);
  });
  const auto origins = run([&](db::Transaction& tx) { return list_sign_in_origins(tx, a.account()); });
  ASSERT_EQ(origins.size(), 2u);
  EXPECT_EQ(origins[0].network, "192.0.2.0/24");
  EXPECT_EQ(origins[0].seen_at, at(3));
  EXPECT_EQ(origins[1].network, "198.51.100.0/24");
}

TEST_P(PeopleTest, ADirectoryBelongsToItsOldestOrganization) {
  const DirectoryId apart = add_directory();
  const auto owner = [&](DirectoryId directory) {
    return run([&](db::Transaction& tx) { return find_directory_owner(tx, directory); });
  };
  EXPECT_EQ(owner(apart), std::nullopt);
  const Tenant a = add_tenant("a", apart);
  EXPECT_EQ(owner(apart), a.organization);
}

}  // namespace
}  // namespace gatehouse::store
