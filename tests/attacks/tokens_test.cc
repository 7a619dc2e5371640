#include "base/text.h"
#include "crypto/token.h"
#include "domain/links.h"
#include "domain/operators.h"
#include "tests/support/flow_test.h"

#include <algorithm>

namespace gatehouse::tests {

/// Tokens that were changed, and tokens in the place of others (Keycloak, NextAuth, Zitadel).
class TokenTampering : public FlowTest {
 protected:
  struct Kind {
    std::string name;
    std::string token;
  };

  void SetUp() override {
    FlowTest::SetUp();
    const Founder ada = sign_up("ada@acme.example", "Acme");
    const Tokens tokens = sign_in(ada.email);
    // In this order each can still be used after the ones before it were.
    kinds_ = {{"access", tokens.access},
              {"refresh", tokens.refresh},
              {"verify", token_in(program().take_letter(ada.email, subject::kWelcome))},
              {"invitation", invite(tokens.access, ada.organization_id, "grace@acme.example")},
              {"setup", std::string(domain::make_setup_token(program().services())->reveal())},
              {"reset", ask_for_reset(ada.email)}};
  }

  std::string token_of(const std::string& name) { return std::ranges::find(kinds_, name, &Kind::name)->token; }

  /// Shows a token where tokens of that kind are taken.
  Reply show(const std::string& kind, const std::string& token) {
    if (kind == "verify") return client().post("/v1/email/verify", {{"token", token}});
    if (kind == "reset") return client().post("/reset-password", {{"token", token}, {"new_password", kOtherPassword}});
    if (kind == "invitation") {
      return client().post("/accept-invite",
                           {{"token", token}, {"email", "grace@acme.example"}, {"password", kPassword}});
    }
    if (kind == "setup") {
      return client().send(
          {.method = "POST",
           .target = "/setup",
           .headers = {{"Accept", "text/html"}},
           .body = to_query({{"token", token}, {"email", "root@acme.example"}, {"password", kPassword}}),
           .content_type = "application/x-www-form-urlencoded"});
    }
    if (kind == "refresh") return refresh(token);
    return session(token);
  }

  std::vector<Kind> kinds_;
};

TEST_P(TokenTampering, NoChangedTokenIsTaken) {
  for (const Kind& kind : kinds_) {
    const auto expect_refused = [&](const std::string& mutant) {
      const Reply reply = show(kind.name, mutant);
      EXPECT_TRUE(reply.status == 400 || reply.status == 401 || reply.status == 410)
          << kind.name << " " << mutant << ": " << reply;
    };
    for (std::size_t i = 0; i < kind.token.size(); ++i) {
      std::string mutant = kind.token;
      mutant[i] = mutant[i] == 'A' ? 'B' : 'A';
      expect_refused(mutant);
      if (i % 8 == 0) expect_refused(kind.token.substr(0, i));
    }
    for (const std::string end : {"A", "=", "==", ".", "%00"}) expect_refused(kind.token + end);
    std::string upper = kind.token;
    for (char& character : upper) character = char(std::toupper(static_cast<unsigned char>(character)));
    expect_refused(upper);
    const int success = show(kind.name, kind.token).status;
    EXPECT_EQ(success, 200) << "the true " << kind.name << " token works after all of that";
  }
}

TEST_P(TokenTampering, NoTokenServesInThePlaceOfAnother) {
  for (const Kind& kind : kinds_) {
    for (const Kind& slot : kinds_) {
      if (kind.name == slot.name) continue;
      const Reply reply = show(slot.name, kind.token);
      EXPECT_TRUE(reply.status == 400 || reply.status == 401) << kind.name << " as " << slot.name << ": " << reply;
      // With the prefix of the other kind as well.
      if (kind.token[3] == '_' && slot.token[3] == '_') {
        const Reply disguised = show(slot.name, slot.token.substr(0, 4) + kind.token.substr(4));
        EXPECT_TRUE(disguised.status == 400 || disguised.status == 401)
            << kind.name << " as " << slot.name << ": " << disguised;
      }
    }
  }
}

TEST_P(TokenTampering, TheSecretOfOneInvitationDoesNotOpenAnother) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string evil = invite(access_token(eve.email), eve.organization_id, "eve2@evil.example");
  const std::string good = token_of("invitation");
  // The first 43 characters after the prefix hold organization and invitation, the rest the secret.
  const std::string swapped = good.substr(0, 4 + 43) + evil.substr(4 + 43);
  const Reply reply =
      client().post("/accept-invite", {{"token", swapped}, {"email", "grace@acme.example"}, {"password", kPassword}});
  expect_problem(reply, 400, "link_invalid");
  expect_problem(
      client().post("/accept-invite", {{"token", swapped}, {"email", "eve2@evil.example"}, {"password", kPassword}}),
      400, "link_invalid");
}

TEST_P(TokenTampering, AlgorithmsThatAreNotOursAreRefused) {
  const std::string access = token_of("access");
  const auto claims = access.substr(access.find('.') + 1);
  const std::string payload = claims.substr(0, claims.find('.'));
  for (const std::string header :
       {R"({"alg":"none","typ":"at+jwt"})", R"({"alg":"None","typ":"at+jwt"})", R"({"alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"ES256","typ":"JWT"})", R"({"alg":"ES256","typ":"at+jwt","crit":["x"],"x":1})"}) {
    const std::string encoded = base::to_base64url(header);
    expect_problem(session(encoded + "." + payload + "."), 401, "unauthenticated");
    expect_problem(session(encoded + "." + payload + "." + access.substr(access.rfind('.') + 1)), 401,
                   "unauthenticated");
  }
  expect_problem(session(std::string(6000, '.')), 401, "unauthenticated");
  expect_problem(session(access + "," + access), 401, "unauthenticated");
}

GATEHOUSE_ON_BOTH_DATABASES(TokenTampering);

}  // namespace gatehouse::tests
