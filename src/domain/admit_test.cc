#include "crypto/token.h"
#include "domain/fixture_test.h"
#include "store/api_keys.h"
#include "store/platform_organizations.h"

namespace gatehouse::domain {
namespace {

/// What was true when a caller was let in may not be true any more when the change is made: behind the fence everything
/// is looked at again. Each test lets somebody in, takes the right away, and then goes on with the caller from before.
class AdmitTest : public DomainTest {
 protected:
  InOrganization admitted(Authenticated who, const House& house, std::string_view needed = kMembersInvite) {
    return Admission::in_organization(services_, std::move(who), house.organization, needed).value();
  }

  /// Null when the fence lets the caller in.
  const base::ErrorCode* refusal(const InOrganization& caller) {
    const auto entered = database_->write([&](db::Transaction& tx) -> base::Result<void> {
      TRY(enter_fence(tx, caller, clock_.now()));
      return {};
    });
    return entered ? nullptr : entered.error().code;
  }

  store::MemberId member_id(const House& house, const store::Account& account) {
    return run([&](db::Transaction& tx) { return store::find_member_by_user(tx, house.organization, account.user); })
        ->id;
  }

  struct Key {
    store::ApiKeyId id;
    std::string text;
  };
  Key add_key(store::OrganizationId organization, const std::string& permissions) {
    const auto id = store::ApiKeyId::make(clock_.now());
    const auto made = crypto::make_api_key(organization.uuid, id.uuid);
    run([&](db::Transaction& tx) {
      store::insert_api_key(tx, {organization, id, "Billing", permissions, db::Bytes{made.secret_hash}, std::nullopt,
                                 clock_.now(), clock_.now() + 1h, std::nullopt, std::nullopt});
    });
    return {id, std::string(made.text.reveal())};
  }
  base::Result<Authenticated> show(const std::string& key, const std::string& from = "203.0.113.7") {
    Origin origin;
    origin.address = *base::IpAddress::parse(from);
    return Admission::authenticated(services_, origin, {.authorization = "Bearer " + key});
  }
  void suspend(const House& house) {
    run([&](db::Transaction& tx) { store::set_organization_suspended(tx, house.organization, true); });
  }

  const store::Account ann_ = add_user("ann@x.example"), bob_ = add_user("bob@x.example");
  const House acme_ = found("Acme", "acme", ann_), zenith_ = found("Zenith", "zenith", bob_);
};

TEST_F(AdmitTest, AMemberWhoWasRemovedInBetweenIsNobodyBehindTheFence) {
  join(acme_, bob_, "admin");
  const InOrganization caller = admitted(sign_in(bob_), acme_);
  EXPECT_EQ(refusal(caller), nullptr);
  const auto member = member_id(acme_, bob_);
  run([&](db::Transaction& tx) { store::delete_member(tx, acme_.organization, member, clock_.now()); });
  EXPECT_EQ(refusal(caller), &base::kNotFound);
}

TEST_F(AdmitTest, AMemberWhoLostTheRoleInBetweenIsForbiddenBehindTheFence) {
  join(acme_, bob_, "admin");
  const InOrganization caller = admitted(sign_in(bob_), acme_);
  const auto member = member_id(acme_, bob_);
  run([&](db::Transaction& tx) {
    store::set_member_role(tx, acme_.organization, member, acme_.roles.at("member"), clock_.now());
  });
  EXPECT_EQ(refusal(caller), &base::kForbidden);
}

TEST_F(AdmitTest, AnOrganizationThatWasSuspendedInBetweenIsGoneBehindTheFence) {
  const InOrganization person = admitted(sign_in(ann_), acme_);
  const InOrganization back_end = admitted(show(add_key(acme_.organization, "members:invite").text).value(), acme_);
  suspend(acme_);
  EXPECT_EQ(refusal(person), &base::kNotFound);
  EXPECT_EQ(refusal(back_end), &base::kNotFound);
}

TEST_F(AdmitTest, APolicyThatBecameStricterEndsSessionsThatAreOlderThanItAllows) {
  SignedIn person = sign_in(ann_);
  const auto token = run([&](db::Transaction& tx) {
    const auto membership = *store::find_membership(tx, acme_.organization, ann_);
    store::switch_session(tx, ann_.directory, person.session(), acme_.organization, clock_.now(), clock_.now() + 1h);
    return access_tokens_.issue(
        {ann_, person.session(), acme_.organization, membership.role_key, membership.rights_version}, clock_.now());
  });
  const auto is_let_in = [&] {
    return Admission::signed_in(services_, {}, {.authorization = "Bearer " + std::string(token.reveal())}).has_value();
  };
  clock_.advance(2min);
  EXPECT_TRUE(is_let_in());
  run([&](db::Transaction& tx) {
    store::Policies policies;
    policies.session_idle_seconds = 60;
    store::set_policies(tx, acme_.organization, policies);
  });
  EXPECT_FALSE(is_let_in());
}

TEST_F(AdmitTest, AKeyThatWasRevokedOrExpiredInBetweenIsNobodyBehindTheFence) {
  const Key revoked = add_key(acme_.organization, "members:invite");
  const Key expiring = add_key(acme_.organization, "members:invite");
  const InOrganization first = admitted(show(revoked.text).value(), acme_);
  const InOrganization second = admitted(show(expiring.text).value(), acme_);
  EXPECT_EQ(refusal(first), nullptr);
  run([&](db::Transaction& tx) { store::revoke_api_key(tx, acme_.organization, revoked.id, clock_.now()); });
  EXPECT_EQ(refusal(first), &base::kNotFound);
  EXPECT_EQ(refusal(second), nullptr);
  clock_.advance(1h);
  EXPECT_EQ(refusal(second), &base::kNotFound);
}

TEST_F(AdmitTest, AKeyIsGoodInItsOwnOrganizationOnly) {
  const auto who = show(add_key(acme_.organization, "members:invite").text).value();
  EXPECT_TRUE(Admission::in_organization(services_, who, acme_.organization, kMembersInvite).has_value());
  EXPECT_EQ(Admission::in_organization(services_, who, zenith_.organization, kMembersInvite).error().code,
            &base::kNotFound);
  EXPECT_EQ(Admission::in_organization(services_, who, acme_.organization, kMembersRemove).error().code,
            &base::kForbidden);
  EXPECT_EQ(Admission::as_operator(services_, who, platform::kRead).error().code, &base::kNotFound);
}

TEST_F(AdmitTest, WherePeopleAreNeededOnlyALiveKeyIsToldSo) {
  const auto refused_with = [&](const std::string& text) {
    return Admission::signed_in(services_, {}, {.authorization = "Bearer " + text}).error().code;
  };
  const Key key = add_key(acme_.organization, "members:invite");
  EXPECT_EQ(refused_with(key.text), &base::kPersonNeeded);
  EXPECT_EQ(refused_with("ghk_bogus"), &base::kUnauthenticated);
  EXPECT_EQ(refused_with(key.text + "x"), &base::kUnauthenticated);
  EXPECT_EQ(refused_with(add_key(store::kPlatformOrganization, "platform:read").text), &base::kUnauthenticated)
      << "from elsewhere than the operators' networks";
  run([&](db::Transaction& tx) { store::revoke_api_key(tx, acme_.organization, key.id, clock_.now()); });
  EXPECT_EQ(refused_with(key.text), &base::kUnauthenticated);
}

TEST_F(AdmitTest, AKeyOfASuspendedOrganizationOpensNothing) {
  const Key key = add_key(acme_.organization, "members:invite");
  const auto before = show(key.text).value();
  suspend(acme_);
  EXPECT_EQ(show(key.text).error().code, &base::kUnauthenticated);
  EXPECT_EQ(Admission::in_organization(services_, before, acme_.organization, kMembersInvite).error().code,
            &base::kNotFound);
}

TEST_F(AdmitTest, AKeyOfThePlatformIsGoodInTheOperatorsNetworksForWhatItHoldsOnly) {
  services_.settings.operator_networks = {*base::Network::parse("127.0.0.0/8")};
  const Key key = add_key(store::kPlatformOrganization, "platform:read");
  EXPECT_EQ(show(key.text).error().code, &base::kUnauthenticated);
  const auto who = show(key.text, "127.0.0.1").value();
  EXPECT_TRUE(Admission::as_operator(services_, who, platform::kRead).has_value());
  EXPECT_EQ(Admission::as_operator(services_, who, platform::kManage).error().code, &base::kForbidden);
  EXPECT_EQ(Admission::in_organization(services_, who, acme_.organization, kMembersInvite).error().code,
            &base::kNotFound);
}

}  // namespace
}  // namespace gatehouse::domain
