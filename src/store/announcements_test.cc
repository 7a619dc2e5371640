#include "store/announcements.h"

#include "store/application_permissions.h"
#include "store/sessions.h"
#include "store/tenancy_test.h"
#include "store/users.h"

#include <algorithm>
#include <set>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<base::Uuid> announced(db::Transaction& tx) {
  std::vector<base::Uuid> subjects;
  for (const Announcement& one : list_announcements(tx, base::Time{})) subjects.push_back(one.subject);
  return subjects;
}

/// What a session says of itself and its person, and whose change is announced when that changes.
struct Shown {
  std::vector<std::string> words;
  std::set<base::Uuid> subjects;
};
Shown show(db::Transaction& tx, const Estate& estate, SessionId id) {
  const auto live = find_live_session(tx, estate.directory, id, kNoon);
  if (!live) return {};
  const Account account{estate.directory, live->user};
  const auto session = find_session(tx, estate.directory, id);
  const auto user = find_user(tx, account);
  const auto time = [](base::Time at) { return base::to_rfc3339(at); };
  Facts facts;
  facts.add(time(session->expires_at)).add(live->organization).add(live->member).add(live->email);
  facts.add_number(live->rights_version.value_or(-1));
  facts.add_number(live->idle_seconds.value_or(-1)).add_number(live->absolute_seconds.value_or(-1));
  facts.add_if(user->email_verified_at.has_value()).add(user->profile.name).add(user->profile.given_name);
  facts.add(user->profile.family_name).add(user->profile.locale).add(user->profile.zoneinfo);
  std::set<base::Uuid> subjects{id.uuid, live->user.uuid, base::Uuid{}};
  if (live->organization) {
    const auto membership = find_membership(tx, *live->organization, account);
    facts.add(membership);
    if (membership) facts.add(membership->role_permissions).add(membership->policies.who_may_invite);
    subjects.insert(live->organization->uuid);
  }
  if (live->member) subjects.insert(live->member->uuid);
  return {facts.words(), std::move(subjects)};
}

class AnnouncementsTest : public StoreTest {
 protected:
  /// How many sessions the call changes something of. Nothing of it is kept.
  int changes_of(const TenancyCase& one, const Estate& estate) {
    int changes = 0;
    const auto undone = database_->write([&](db::Transaction& tx) -> base::Result<void> {
      build(tx, estate);
      delete_announcements(tx, kNoon + std::chrono::days(36'500), 1'000);
      const std::array sessions{estate.session, estate.leaver_session, estate.absent_session};
      std::vector<Shown> before;
      for (const SessionId id : sessions) before.push_back(show(tx, estate, id));
      Facts facts;
      one.call(tx, estate, estate, facts);
      const auto subjects = announced(tx);
      for (std::size_t i = 0; i < sessions.size(); ++i) {
        if (before[i].words.empty() || show(tx, estate, sessions[i]).words == before[i].words) continue;
        ++changes;
        EXPECT_TRUE(std::ranges::any_of(subjects, [&](const auto& id) { return before[i].subjects.contains(id); }))
            << "nobody hears that session " << i << " says something else";
      }
      return base::refuse(base::kInternal);
    });
    EXPECT_FALSE(undone.has_value());
    return changes;
  }
};

INSTANTIATE_TEST_SUITE_P(Both, AnnouncementsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(AnnouncementsTest, WhateverChangesWhatASessionSaysAnnouncesIt) {
  const Estate estate = make_estate("Acme");
  std::set<std::string> changing;
  auto cases = all_cases();
  cases.push_back({"set_policies", [](db::Transaction& tx, const Estate& key, const Estate&, Facts&) {
                     set_policies(tx, key.organization, {.session_idle_seconds = 600});
                   }});
  for (const TenancyCase& one : cases) {
    SCOPED_TRACE(one.name);
    // See docs/decisions/0017-sessions-in-memory.md.
    if (one.name == "rotate_session" || one.name.starts_with("note_session_use")) continue;
    if (changes_of(one, estate) > 0) changing.insert(one.name.substr(0, one.name.find(' ')));
  }
  // It proves nothing of a function that changes nothing here.
  EXPECT_THAT(changing, testing::IsSupersetOf({"revoke_session",
                                               "revoke_sessions_of",
                                               "revoke_sessions_in",
                                               "revoke_sessions_in_organization",
                                               "tighten_sessions_in_organization",
                                               "switch_session",
                                               "forget_organization",
                                               "set_profile",
                                               "set_email",
                                               "delete_user",
                                               "set_user_status",
                                               "set_member_role",
                                               "set_member_status",
                                               "delete_member",
                                               "delete_members",
                                               "bump_rights_of_role",
                                               "bump_rights_of_all_but",
                                               "move_members_to_role",
                                               "rename_organization",
                                               "set_policies",
                                               "mark_organization_deleted",
                                               "update_role",
                                               "set_organization_suspended",
                                               "delete_organization"}));
}

TEST_P(AnnouncementsTest, TheApplicationsPermissionsConcernEveryone) {
  const auto subjects_after = [&](const std::function<void(db::Transaction&)>& change) {
    return run([&](db::Transaction& tx) {
      delete_announcements(tx, kNoon + std::chrono::days(36'500), 1'000);
      change(tx);
      return announced(tx);
    });
  };
  EXPECT_THAT(subjects_after([](auto& tx) {
                insert_application_permission(tx, {"a:b", "A", "[]", kNoon});
              }),
              ElementsAre(base::Uuid{}));
  EXPECT_THAT(subjects_after([](auto& tx) { update_application_permission(tx, "a:b", "B", "[]"); }),
              ElementsAre(base::Uuid{}));
  EXPECT_THAT(subjects_after([](auto& tx) { delete_application_permission(tx, "a:b"); }), ElementsAre(base::Uuid{}));
}

TEST_P(AnnouncementsTest, AreListedAndDeletedByWhenTheyWereMade) {
  const base::Time before = base::SystemClock().now();
  const base::Uuid subject = base::make_uuid_v7(kNoon);
  run([&](db::Transaction& tx) { announce(tx, subject); });
  const base::Time behind = base::SystemClock().now() + 1ms;
  const auto listed = [&](base::Time since) {
    return run([&](db::Transaction& tx) { return list_announcements(tx, since).size(); });
  };
  EXPECT_EQ(listed(before), 1U);
  EXPECT_EQ(listed(behind), 0U);
  run([&](db::Transaction& tx) { delete_announcements(tx, before, 100); });
  EXPECT_EQ(listed(before), 1U);
  run([&](db::Transaction& tx) { delete_announcements(tx, behind, 100); });
  EXPECT_EQ(listed(before), 0U);
}

TEST_P(AnnouncementsTest, AreDeletedInSteps) {
  run([](db::Transaction& tx) {
    for (int i = 0; i < 3; ++i) announce(tx, base::make_uuid_v7(kNoon));
  });
  const base::Time behind = base::SystemClock().now() + 1ms;
  const auto step = [&] { return run([&](db::Transaction& tx) { return delete_announcements(tx, behind, 2); }); };
  EXPECT_TRUE(step());
  EXPECT_EQ(run(announced).size(), 1U);
  EXPECT_FALSE(step());
  EXPECT_THAT(run(announced), IsEmpty());
}

TEST_P(AnnouncementsTest, TheListenerHearsWhatCommittedBeforeTheWriterDoes) {
  std::vector<base::Uuid> heard;
  database_->listen([&](std::span<const base::Uuid> subjects) { heard.assign(subjects.begin(), subjects.end()); });
  const base::Uuid subject = base::make_uuid_v7(kNoon);
  run([&](db::Transaction& tx) {
    announce(tx, subject);
    EXPECT_THAT(heard, IsEmpty());
  });
  EXPECT_THAT(heard, ElementsAre(subject));
  heard.clear();
  run([](db::Transaction& tx) { return list_announcements(tx, {}); });
  EXPECT_THAT(heard, IsEmpty());
}

}  // namespace
}  // namespace gatehouse::store
