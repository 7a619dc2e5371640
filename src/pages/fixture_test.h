#pragma once

#include "base/text.h"
#include "crypto/keys.h"
#include "db/database.h"
#include "domain/access_tokens.h"
#include "domain/admit.h"
#include "domain/invitations.h"
#include "domain/known_sessions.h"
#include "domain/outbox.h"
#include "domain/password_reset.h"
#include "domain/request_budget.h"
#include "domain/sign_in.h"
#include "domain/sign_up.h"
#include "http/router.h"
#include "pages/markup_test.h"
#include "pages/pages.h"
#include "store/migrations.h"
#include "tests/support/databases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::pages {

inline constexpr std::string_view kPassword = "seven kettles on a raft";
inline constexpr std::string_view kOtherPassword = "purple giraffe wears slippers";

/// All pages over real operations on a SQLite database of their own.
class PagesFixture : public testing::Test {
 protected:
  PagesFixture() {
    db::migrate(*database_, store::migrations());
    store::ensure_directories(*database_, clock_.now());
    access_tokens_.open(*database_, clock_.now());
  }

  static domain::Settings settings() {
    domain::Settings settings;
    settings.public_url = "https://id.example.com";
    settings.audience = settings.public_url;
    settings.app_url = "https://app.example.com/start?from=gate&x=1";
    return settings;
  }

  http::Response get(std::string path, Pairs query = {}) {
    http::Request request = to(http::Method::get, std::move(path));
    request.query = std::move(query);
    return run(std::move(request));
  }

  /// Sends a form as a browser does from our own page.
  http::Response post(std::string path, const Pairs& fields, const Pairs& more_headers = {}) {
    http::Request request = to(http::Method::post, std::move(path));
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.headers.insert(request.headers.end(), more_headers.begin(), more_headers.end());
    if (more_headers.empty())
      request.headers.insert(request.headers.end(), {{"origin", "null"}, {"sec-fetch-site", "same-origin"}});
    for (const auto& [name, value] : fields) {
      request.body += (request.body.empty() ? "" : "&") + base::escape_url(name) + "=" + base::escape_url(value);
    }
    return run(std::move(request));
  }

  /// Fills in the form of a page and sends it to where the form says.
  http::Response submit(const http::Response& page, const Pairs& typed, std::size_t which = 0) {
    const FormMarkup form = forms_of(page.body).at(which);
    Pairs fields = form.fields;
    for (const auto& [name, value] : typed) {
      const auto field = std::ranges::find(fields, name, &Pairs::value_type::first);
      EXPECT_NE(field, fields.end()) << "the form has no field " << name;
      if (field != fields.end()) field->second = value;
    }
    return post(form.action, fields);
  }

  http::Response run(http::Request request) {
    const http::Resolution found = router_.resolve(request.method, request.path, true);
    if (found.route == nullptr) throw std::runtime_error("no such row");
    request.path_parameters = found.path_parameters;
    return found.route->handle(request);
  }

  static http::Request to(http::Method method, std::string path) {
    http::Request request;
    request.method = method;
    for (const auto segment : base::split(std::string_view(path).substr(1), '/')) {
      if (path != "/") request.path.emplace_back(segment);
    }
    request.headers = {{"user-agent", "a browser"}};
    request.request_id = "req_test";
    return request;
  }

  /// The token of the latest letter to somebody whose link leads to `path`.
  std::string mailed_token(std::string_view to, std::string_view path) {
    collect_letters();
    const std::string begin = services_.settings.public_url + std::string(path) + "?token=";
    for (auto letter = letters_.rbegin(); letter != letters_.rend(); ++letter) {
      const auto at = letter->second.find(begin);
      if (letter->first != to || at == std::string::npos) continue;
      const std::string rest = letter->second.substr(at + begin.size());
      return rest.substr(0, rest.find('\n'));
    }
    ADD_FAILURE() << "no letter to " << to << " for " << path;
    return {};
  }

  domain::SignUpOutput sign_up(const std::string& email, const std::string& organization) {
    const domain::SignUpInput input{{email}, base::Secret(std::string(kPassword)), organization, std::nullopt};
    return domain::sign_up(services_, caller_, input).value();
  }

  bool can_sign_in(const std::string& email, std::string_view password) {
    return domain::sign_in(services_, caller_, {{email}, base::Secret(std::string(password)), std::nullopt})
        .has_value();
  }

  /// The token of an invitation to `recipient` by the founder of `organization`.
  std::string invite(const domain::SignUpOutput& founder, const std::string& recipient) {
    const auto session =
        domain::sign_in(services_, caller_, {founder.user.email, base::Secret(std::string(kPassword)), std::nullopt});
    const std::string bearer = "Bearer " + std::string(session.value().access_token.reveal());
    auto person = domain::Admission::signed_in(services_, caller_.origin, {.authorization = bearer});
    const auto caller = domain::Admission::in_organization(services_, std::move(person.value()),
                                                           founder.organization.id, "members:invite");
    const domain::InviteInput input{{recipient}, founder.organization.id, std::nullopt, "member"};
    EXPECT_TRUE(domain::invite_member(services_, caller.value(), input).has_value());
    return mailed_token(recipient, "/accept-invite");
  }

  support::TestDatabase file_{db::Dialect::sqlite};
  std::unique_ptr<db::Database> database_ = db::open_database(file_.url, {.connections = 2});
  base::ManualClock clock_{base::parse_rfc3339("2026-11-22T11:50:34Z")->time};
  crypto::PasswordHasher hasher_{{.memory_bytes = 8192, .passes = 1}, 1, 8};
  crypto::EncryptionKeys keys_ = crypto::EncryptionKeys::parse(crypto::EncryptionKeys::generate());
  crypto::Sealer sealer_{keys_};
  domain::AccessTokens access_tokens_{settings(), sealer_};
  domain::RequestBudget requests_{1000};
  domain::KnownSessions known_sessions_{1000};
  domain::Services services_{*database_,     clock_,     hasher_, keys_,     sealer_,
                             access_tokens_, settings(), [] {},   requests_, known_sessions_};
  domain::Anyone caller_;
  http::Router router_{page_routes(services_)};

 private:
  void collect_letters() {
    const auto claimed = database_->write([&](db::Transaction& tx) -> base::Result<std::vector<store::ClaimedLetter>> {
      return store::claim_letters(tx, clock_.now(), clock_.now() + std::chrono::hours(1000), 100);
    });
    for (const store::ClaimedLetter& letter : claimed.value()) {
      letters_.emplace_back(letter.recipient.text, domain::open_letter(sealer_, letter).value().text);
    }
  }

  std::vector<std::pair<std::string, std::string>> letters_;  // recipient and text
};

}  // namespace gatehouse::pages
