#pragma once

#include "base/text.h"
#include "domain/access_tokens.h"
#include "domain/admit.h"
#include "domain/known_sessions.h"
#include "domain/request_budget.h"
#include "domain/services.h"
#include "store/members.h"
#include "store/migrations.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/sessions.h"
#include "store/users.h"
#include "tests/support/databases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace gatehouse::domain {

using namespace std::chrono_literals;

inline constexpr base::Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};

/// An organization with its three roles and the account of its founder.
struct House {
  store::OrganizationId organization;
  std::map<std::string, store::RoleId> roles;
  store::Account founder;
};

/// The rules with all that they work with, on a SQLite database of their own and a clock that stands still.
class DomainTest : public testing::Test {
 protected:
  DomainTest() {
    db::migrate(*database_, store::migrations());
    store::ensure_directories(*database_, clock_.now());
    access_tokens_.open(*database_, clock_.now());
  }

  static Settings settings() {
    Settings settings;
    settings.public_url = "https://id.example.com";
    settings.audience = "https://app.example.com";
    settings.app_url = "https://app.example.com";
    return settings;
  }
  static crypto::EncryptionKeys keys(const std::string& text) {
    return crypto::EncryptionKeys::parse(base::Secret(text));
  }

  template <class Body>
  auto run(Body&& body) {
    using T = std::invoke_result_t<Body, db::Transaction&>;
    auto result = database_->write([&](db::Transaction& tx) -> base::Result<T> {
      if constexpr (std::is_void_v<T>) {
        body(tx);
        return {};
      } else {
        return body(tx);
      }
    });
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }

  store::Account add_user(const std::string& address, store::DirectoryId directory = store::kSharedDirectory) {
    const store::Account account{directory, store::UserId::make(clock_.now())};
    run([&](db::Transaction& tx) {
      store::insert_user(tx, {directory, account.user, *base::parse_email(address), std::nullopt, db::Bytes{"none"},
                              "active", std::nullopt, clock_.now()});
    });
    return account;
  }
  void join(const House& house, const store::Account& account, const std::string& role) {
    run([&](db::Transaction& tx) {
      store::insert_member(
          tx, {house.organization, store::MemberId::make(clock_.now()), account, house.roles.at(role), clock_.now()});
    });
  }
  House found(const std::string& name, const std::string& slug, const store::Account& founder) {
    House house{store::OrganizationId::make(clock_.now()), {}, founder};
    run([&](db::Transaction& tx) {
      store::insert_organization(tx, {house.organization, founder.directory, name, slug, "active", clock_.now()});
      for (const std::string key : {"owner", "admin", "member"}) {
        house.roles[key] = store::RoleId::make(clock_.now());
        store::insert_role(tx, {house.organization, house.roles[key], key, key, clock_.now()});
      }
    });
    join(house, founder, "owner");
    return house;
  }
  /// A caller with a live session in no organization, let in as every caller is.
  SignedIn sign_in(const store::Account& account) {
    const auto session = store::SessionId::make(clock_.now());
    run([&](db::Transaction& tx) {
      store::insert_session(tx, {account.directory, session, account.user, std::nullopt, 1, "", "", clock_.now(),
                                 clock_.now() + 1h, clock_.now() + 1h, std::nullopt});
    });
    const base::Secret token = access_tokens_.issue({account, session, std::nullopt, {}, 0}, clock_.now());
    return Admission::signed_in(services_, {}, {.authorization = "Bearer " + std::string(token.reveal())}).value();
  }

  base::ManualClock clock_{kNoon};
  support::TestDatabase home_{db::Dialect::sqlite};
  std::unique_ptr<db::Database> database_ = db::open_database(home_.url);
  const std::string key_text_ = "1:" + base::to_base64(std::string(32, 'k'));
  crypto::EncryptionKeys keys_ = keys(key_text_);
  crypto::Sealer sealer_{keys_};
  crypto::PasswordHasher hasher_{{8192, 1}, 1, 10};
  AccessTokens access_tokens_{settings(), sealer_};
  RequestBudget requests_{1000};
  KnownSessions known_sessions_{1000};
  Services services_{*database_,     clock_,     hasher_, keys_,     sealer_,
                     access_tokens_, settings(), [] {},   requests_, known_sessions_};
};

}  // namespace gatehouse::domain
