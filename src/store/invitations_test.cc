#include "store/fixture_test.h"
#include "store/invitation_events.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const db::Bytes kSecret{"a secret"}, kOther{"another"};

class InvitationsTest : public StoreTest {
 protected:
  NewInvitation draft(const Tenant& tenant, const std::string& address, base::Time created_at = kNoon) const {
    return {tenant.organization,
            InvitationId::make(kNoon),
            email(address),
            tenant.member_role,
            kSecret,
            tenant.founder,
            std::nullopt,
            created_at,
            created_at + 60s};
  }
  InvitationId invite(const NewInvitation& invitation) {
    run([&](db::Transaction& tx) { insert_invitation(tx, invitation); });
    return invitation.id;
  }
  std::optional<Invitation> find(const Tenant& tenant, InvitationId id) {
    return run([&](db::Transaction& tx) { return find_invitation(tx, tenant.organization, id); });
  }
  bool accept(const Tenant& tenant, InvitationId id, const db::Bytes& secret, base::Time now) {
    return run([&](db::Transaction& tx) { return accept_invitation(tx, tenant.organization, id, secret, now); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, InvitationsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(InvitationsTest, AreFoundByIdAndWhilePendingByAddress) {
  const Tenant a = add_tenant("a");
  NewInvitation made = draft(a, "guest@x.example");
  made.letter = LetterId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_letter(tx, {*made.letter, a.organization, "invitation", made.email, db::Bytes{"sealed"}, 1, kNoon, at(60)});
  });
  invite(made);
  const auto by_email =
      run([&](db::Transaction& tx) { return find_pending_invitation(tx, a.organization, email("guest@x.example")); });
  for (const auto& found : {find(a, made.id), by_email}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->organization, a.organization);
    EXPECT_EQ(found->id, made.id);
    EXPECT_EQ(found->email, made.email);
    EXPECT_EQ(found->role, a.member_role);
    EXPECT_EQ(found->role_key, "member");
    EXPECT_EQ(found->role_name, "Member");
    EXPECT_EQ(found->status, "pending");
    EXPECT_EQ(found->secret_hash, kSecret);
    EXPECT_EQ(found->inviter, a.founder);
    EXPECT_EQ(found->letter, made.letter);
    EXPECT_EQ(found->created_at, kNoon);
    EXPECT_EQ(found->expires_at, at(60));
    EXPECT_EQ(found->letter_status, "queued");
    EXPECT_EQ(found->letter_reply, std::nullopt);
  }
  EXPECT_FALSE(find(a, InvitationId::make(kNoon)));
}

TEST_P(InvitationsTest, RememberWhoSentThemAndWhatTheyWrote) {
  const Tenant a = add_tenant("a");
  NewInvitation by_key = draft(a, "guest@x.example"), by_operator = draft(a, "owner@x.example");
  by_key.message = "Hello\nthere";
  by_key.inviter_kind = "api_key";
  by_key.api_key = ApiKeyId::make(kNoon);
  by_operator.inviter_kind = "operator";
  invite(by_key);
  invite(by_operator);
  const auto in_person = invite(draft(a, "other@x.example"));
  const auto found = find(a, by_key.id);
  EXPECT_EQ(found->message, "Hello\nthere");
  EXPECT_EQ(found->inviter_kind, "api_key");
  EXPECT_EQ(found->api_key, by_key.api_key);

  const auto ids = [](const std::vector<Invitation>& invitations) {
    std::vector<InvitationId> out;
    for (const Invitation& one : invitations) out.push_back(one.id);
    return out;
  };
  const auto of_founder =
      run([&](db::Transaction& tx) { return list_pending_invitations_of(tx, a.organization, a.founder); });
  EXPECT_THAT(ids(of_founder), ElementsAre(in_person)) << "a key's and an operator's are not the person's";
  const auto of_key =
      run([&](db::Transaction& tx) { return list_pending_invitations_by_key(tx, a.organization, *by_key.api_key); });
  EXPECT_THAT(ids(of_key), ElementsAre(by_key.id));
  by_key.inviter_kind = "user";
  by_key.api_key = std::nullopt;
  run([&](db::Transaction& tx) { renew_invitation(tx, by_key); });
  EXPECT_EQ(find(a, by_key.id)->api_key, std::nullopt) << "whoever sends it again is who invites";
}

TEST_P(InvitationsTest, TheFirstOpeningIsNotedForTheRightSecretWhileTheyArePending) {
  const Tenant a = add_tenant("a");
  NewInvitation made = draft(a, "guest@x.example");
  invite(made);
  const auto open = [&](const db::Bytes& secret, std::int64_t seconds) {
    run([&](db::Transaction& tx) { mark_invitation_opened(tx, a.organization, made.id, secret, at(seconds)); });
    return find(a, made.id)->opened_at;
  };
  EXPECT_EQ(open(kOther, 1), std::nullopt);
  EXPECT_EQ(open(kSecret, 2), at(2));
  EXPECT_EQ(open(kSecret, 3), at(2));
  made.secret_hash = kOther;
  run([&](db::Transaction& tx) { renew_invitation(tx, made); });
  EXPECT_EQ(find(a, made.id)->opened_at, std::nullopt) << "nobody has opened the fresh link";
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, made.id, at(4)); });
  EXPECT_EQ(open(kOther, 5), std::nullopt);
  EXPECT_EQ(find(a, made.id)->finished_at, at(4));
}

TEST_P(InvitationsTest, AreListedByTheirState) {
  const Tenant a = add_tenant("a");
  const auto pending = invite(draft(a, "pending@x.example", at(10)));
  const auto expired = invite(draft(a, "expired@x.example"));
  const auto revoked = invite(draft(a, "revoked@x.example"));
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, revoked, at(1)); });
  const auto list = [&](const InvitationState& state, std::int64_t limit = 10) {
    std::vector<InvitationId> out;
    for (const auto& one :
         run([&](db::Transaction& tx) { return list_invitations_in(tx, a.organization, state, {}, {}, limit); })) {
      out.push_back(one.id);
    }
    return out;
  };
  EXPECT_THAT(list({"pending", at(60), at(9000)}), ElementsAre(pending)) << "one that ends now has expired";
  EXPECT_THAT(list({"pending", {}, at(60)}), ElementsAre(expired));
  EXPECT_THAT(list({"revoked", {}, at(9000)}), ElementsAre(revoked));
  EXPECT_THAT(list({"accepted", {}, at(9000)}), IsEmpty());
  EXPECT_THAT(list({"pending", {}, at(9000)}, 1), ElementsAre(expired));
}

TEST_P(InvitationsTest, TellWhatBecameOfTheirLetter) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  NewInvitation made = draft(a, "guest@x.example"), stolen = draft(b, "guest@x.example");
  made.letter = stolen.letter = LetterId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_letter(tx, {*made.letter, a.organization, "invitation", made.email, db::Bytes{"sealed"}, 1, kNoon, at(60)});
    const auto claimed = claim_letters(tx, kNoon, at(60), 1);
    finish_letter(tx, claimed.front(), "failed", "550 no such user", at(1));
  });
  invite(made);
  invite(stolen);
  EXPECT_EQ(find(a, made.id)->letter_status, "failed");
  EXPECT_EQ(find(a, made.id)->letter_reply, "550 no such user");
  EXPECT_EQ(find(b, stolen.id)->letter_status, std::nullopt) << "the letter is another organization's";
  EXPECT_EQ(find(b, stolen.id)->letter_reply, std::nullopt);
}

TEST_P(InvitationsTest, AnAddressHasOnePendingInvitationAndAnyNumberOfOldOnes) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto first = invite(draft(a, "guest@x.example"));
  EXPECT_EQ(violation([&](db::Transaction& tx) { insert_invitation(tx, draft(a, "guest@x.example")); }),
            "invitations_organization_id_email_key");
  invite(draft(b, "guest@x.example"));
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, first, at(1)); });
  const auto second = invite(draft(a, "guest@x.example"));
  EXPECT_TRUE(accept(a, second, kSecret, at(2)));
  EXPECT_EQ(violation([&](db::Transaction& tx) { insert_invitation(tx, draft(a, "guest@x.example")); }), "");
}

TEST_P(InvitationsTest, RenewingMakesTheOldLinkDead) {
  const Tenant a = add_tenant("a");
  const UserId other = add_user(a.directory, "other@a.example");
  NewInvitation made = draft(a, "guest@x.example");
  invite(made);
  made.secret_hash = kOther;
  made.role = a.owner_role;
  made.inviter = other;
  made.letter = LetterId::make(kNoon);
  made.expires_at = at(120);
  run([&](db::Transaction& tx) { renew_invitation(tx, made); });
  const auto found = find(a, made.id);
  EXPECT_EQ(found->role_key, "owner");
  EXPECT_EQ(found->inviter, other);
  EXPECT_EQ(found->letter, made.letter);
  EXPECT_EQ(found->expires_at, at(120));
  EXPECT_EQ(found->created_at, kNoon);
  EXPECT_FALSE(accept(a, made.id, kSecret, at(1)));
  EXPECT_TRUE(accept(a, made.id, kOther, at(119)));
}

TEST_P(InvitationsTest, OnlyAPendingOneIsRenewed) {
  const Tenant a = add_tenant("a");
  NewInvitation made = draft(a, "guest@x.example");
  invite(made);
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, made.id, at(1)); });
  made.secret_hash = kOther;
  run([&](db::Transaction& tx) { renew_invitation(tx, made); });
  EXPECT_EQ(find(a, made.id)->status, "revoked");
  EXPECT_EQ(find(a, made.id)->secret_hash, kSecret);
  EXPECT_FALSE(accept(a, made.id, kOther, at(2)));
}

TEST_P(InvitationsTest, AcceptingNeedsTheSecretAndThatItHasNotExpired) {
  const Tenant a = add_tenant("a");
  const auto id = invite(draft(a, "guest@x.example"));
  EXPECT_FALSE(accept(a, id, kOther, at(1)));
  EXPECT_FALSE(accept(a, id, kSecret, at(60)));
  EXPECT_FALSE(accept(a, InvitationId::make(kNoon), kSecret, at(1)));
  EXPECT_EQ(find(a, id)->status, "pending");
  EXPECT_TRUE(accept(a, id, kSecret, at(59)));
  EXPECT_EQ(find(a, id)->status, "accepted");
  EXPECT_FALSE(accept(a, id, kSecret, at(59)));
  EXPECT_FALSE(
      run([&](db::Transaction& tx) { return find_pending_invitation(tx, a.organization, email("guest@x.example")); }));
}

TEST_P(InvitationsTest, OfManyWhoAcceptAtOnceOneSucceeds) {
  const Tenant a = add_tenant("a");
  const auto id = invite(draft(a, "guest@x.example"));
  const auto accepted = run_parallel(
      12, [&](db::Transaction& tx) { return int(accept_invitation(tx, a.organization, id, kSecret, at(1))); });
  EXPECT_EQ(std::ranges::count(accepted, 1), 1);
}

TEST_P(InvitationsTest, ARevokedOneIsNeverAcceptedAndAnAcceptedOneNeverRevoked) {
  const Tenant a = add_tenant("a");
  const auto revoked = invite(draft(a, "one@x.example")), accepted = invite(draft(a, "two@x.example"));
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, revoked, at(1)); });
  EXPECT_FALSE(accept(a, revoked, kSecret, at(2)));
  EXPECT_EQ(find(a, revoked)->status, "revoked");
  EXPECT_TRUE(accept(a, accepted, kSecret, at(1)));
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, accepted, at(2)); });
  EXPECT_EQ(find(a, accepted)->status, "accepted");
}

TEST_P(InvitationsTest, AnInviterHasThePendingOnesOnly) {
  const Tenant a = add_tenant("a");
  const UserId other = add_user(a.directory, "other@a.example");
  const auto later = invite(draft(a, "one@x.example", at(5))), sooner = invite(draft(a, "two@x.example", at(4)));
  const auto revoked = invite(draft(a, "three@x.example"));
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, revoked, at(1)); });
  NewInvitation foreign = draft(a, "four@x.example");
  foreign.inviter = other;
  invite(foreign);
  const auto ids_of = [&](UserId inviter) {
    std::vector<InvitationId> ids;
    for (const auto& one :
         run([&](db::Transaction& tx) { return list_pending_invitations_of(tx, a.organization, inviter); })) {
      ids.push_back(one.id);
    }
    return ids;
  };
  EXPECT_THAT(ids_of(a.founder), ElementsAre(sooner, later));
  EXPECT_THAT(ids_of(other), ElementsAre(foreign.id));
  EXPECT_THAT(ids_of(UserId::make(kNoon)), IsEmpty());
}

TEST_P(InvitationsTest, OfAnOrganizationThatVanishesGoInSteps) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  for (const std::string who : {"one", "two", "three"}) {
    const auto id = invite(draft(a, who + "@x.example"));
    run([&](db::Transaction& tx) {
      insert_invitation_event(tx, {a.organization, id, base::make_uuid_v7(kNoon), kNoon, "queued"});
    });
  }
  const auto others = invite(draft(b, "one@x.example"));
  const auto step = [&] {
    return run([&](db::Transaction& tx) { return delete_invitations(tx, a.organization, at(1), 2); });
  };
  const auto left = [&] {
    return run([&](db::Transaction& tx) { return list_invitations(tx, a.organization, {}, {}, 10).size(); });
  };
  EXPECT_TRUE(step());
  EXPECT_EQ(left(), 1U);
  EXPECT_FALSE(step());
  EXPECT_EQ(left(), 0U);
  EXPECT_TRUE(find(b, others));
}

TEST_P(InvitationsTest, TheKeysThatHaveSentPendingOnesAreListedOnce) {
  const Tenant a = add_tenant("a");
  const auto key = ApiKeyId::make(kNoon), past = ApiKeyId::make(kNoon);
  const auto invite_by_key = [&](const std::string& address, ApiKeyId by) {
    NewInvitation made = draft(a, address);
    made.inviter_kind = "api_key";
    made.api_key = by;
    return invite(made);
  };
  invite(draft(a, "person@x.example"));
  invite_by_key("one@x.example", key);
  invite_by_key("two@x.example", key);
  const auto revoked = invite_by_key("three@x.example", past);
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, revoked, at(1)); });
  EXPECT_THAT(run([&](db::Transaction& tx) { return list_pending_inviting_keys(tx, a.organization); }),
              ElementsAre(key));
}

TEST_P(InvitationsTest, PagesGoOnBehindTheLastRowAndLoseNone) {
  const Tenant a = add_tenant("a");
  std::vector<std::pair<base::Time, InvitationId>> expected;
  for (const int seconds : {3, -5, 1, 1, 1}) {
    const auto address = "g" + std::to_string(expected.size()) + "@x.example";
    expected.emplace_back(at(seconds), invite(draft(a, address, at(seconds))));
  }
  run([&](db::Transaction& tx) { revoke_invitation(tx, a.organization, expected.front().second, at(4)); });
  std::ranges::sort(expected);
  for (const std::int64_t limit : {1, 2, 5, 100}) {
    std::vector<std::pair<base::Time, InvitationId>> listed;
    std::pair<base::Time, InvitationId> last{};
    for (int pages = 0; pages < 20; ++pages) {
      const auto page = run(
          [&](db::Transaction& tx) { return list_invitations(tx, a.organization, last.first, last.second, limit); });
      EXPECT_LE(std::int64_t(page.size()), limit);
      for (const Invitation& one : page) listed.emplace_back(one.created_at, one.id);
      if (page.empty()) break;
      last = listed.back();
    }
    EXPECT_THAT(listed, ElementsAreArray(expected)) << limit;
  }
}

}  // namespace
}  // namespace gatehouse::store
