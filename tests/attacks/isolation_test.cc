#include "tests/attacks/isolation_matrix.h"

#include "api/routes.h"
#include "console/console.h"
#include "crypto/token.h"
#include "domain/links.h"
#include "domain/operators.h"
#include "pages/pages.h"
#include "store/ids.h"
#include "tests/support/browser.h"
#include "tests/support/flow_test.h"

#include <iostream>
#include <set>

namespace gatehouse::tests {

namespace {

std::string forge(std::string_view prefix, const base::Uuid& placement, const base::Uuid& row) {
  return std::string(crypto::make_one_time_token(prefix, placement, row).text.reveal());
}

/// The same row, with a secret that is not its own.
std::string forge_like(std::string_view prefix, const std::string& token) {
  const auto parsed = crypto::parse_one_time_token(prefix, token);
  return forge(prefix, parsed.value().placement, parsed->row);
}

struct Caller {
  std::string kind;
  std::string token;
  Credentials credentials;
  Ids own;
  /// Of a browser that has signed in; empty for who has not.
  std::string cookies = {}, form_token = {};
};

}  // namespace

/// The classic routes, the pages, and what is open to all; the rest of /v1 is tried by TenantsMatrix. Every row × every
/// kind of caller × every place that takes an id: another tenant's id gets the answer that a random one gets.
class IsolationMatrix : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    acme_ = found("ada@acme.example", "Acme");
    grace_ = join(acme_, "grace@acme.example", "admin");
    linus_ = join(acme_, "linus@acme.example");
    zoe_ = invite(access_token(acme_.email), acme_.organization_id, "zoe@acme.example");
    invite(access_token(acme_.email), acme_.organization_id, "yan@acme.example");
    foreign_ = {
        acme_.organization_id, linus_.user_id, linus_.member_id, acme_.roles.at("admin"), {}, {}, {}, {}, {}, {}, {}};
    foreign_.members_cursor = cursor("members");
    foreign_.invitations_cursor = cursor("invitations");
    sign_up("newcomer@new.example", "Newcomers");
    foreign_.session = session(access_token(acme_.email)).text("/id");
    rightful_ = foreign_;
    rightful_.members_cursor = rightful_.invitations_cursor = {};
    rightful_.verify_token = token_in(program().take_letter("newcomer@new.example", subject::kWelcome));
    rightful_.reset_token = ask_for_reset(grace_.email);
    rightful_.invitation_token = zoe_;
    rightful_.change_token = ask_for_change("newcomer@new.example", "newcomer@moved.example");
    rightful_.setup_token = std::string(domain::make_setup_token(program().services())->reveal());
    rightful_.refresh_token = sign_in(acme_.email).refresh;
    forge_tokens();
    make_random();
    make_callers();
  }

  std::string cursor(const std::string& list) {
    const std::string target = "/v1/organizations/" + acme_.organization_id + "/" + list + "?limit=1";
    return client().get(target, access_token(acme_.email)).text("/page/next");
  }

  /// The token of the letter to the new address.
  std::string ask_for_change(const std::string& email, const std::string& wanted) {
    client().post("/v1/me/email", {{"email", wanted}, {"password", kPassword}}, access_token(email));
    return token_in(program().take_letter(wanted, "Confirm your new email address"));
  }

  void forge_tokens() {
    foreign_.invitation_token = forge_like(domain::kInvitationToken, rightful_.invitation_token);
    foreign_.verify_token = forge_like(domain::kVerifyToken, rightful_.verify_token);
    foreign_.change_token = forge_like(domain::kChangeEmailToken, rightful_.change_token);
    foreign_.reset_token = forge_like(domain::kResetToken, rightful_.reset_token);
    foreign_.setup_token = forge_like(domain::kSetupToken, rightful_.setup_token);
    const auto real = crypto::parse_refresh_token(program().services().keys, rightful_.refresh_token);
    foreign_.refresh_token = crypto::make_refresh_token(other_keys_, real.value()).reveal();
  }

  void make_random() {
    const auto uuid = [] { return base::make_uuid_v7(kStart); };
    random_ = {store::OrganizationId{uuid()}.to_string(),
               store::UserId{uuid()}.to_string(),
               store::MemberId{uuid()}.to_string(),
               store::RoleId{uuid()}.to_string(),
               std::string(foreign_.members_cursor.size(), 'A'),
               std::string(foreign_.invitations_cursor.size(), 'A'),
               forge(domain::kInvitationToken, uuid(), uuid()),
               forge(domain::kVerifyToken, uuid(), uuid()),
               forge(domain::kResetToken, uuid(), uuid()),
               forge(domain::kSetupToken, uuid(), uuid()),
               std::string(crypto::make_refresh_token(other_keys_, {uuid(), uuid(), 1}).reveal()),
               forge(domain::kChangeEmailToken, uuid(), uuid()),
               store::SessionId{uuid()}.to_string()};
  }

  /// The organization that most callers come from.
  void make_callers() {
    const Founder evil = found("eve@evil.example", "Evil");
    const Person admin = join(evil, "mallory@evil.example", "admin");
    const Person member = join(evil, "minnie@evil.example");
    const Ids own{
        evil.organization_id, member.user_id, member.member_id, evil.roles.at("member"), {}, {}, {}, {}, {}, {}, {}};
    const Founder rita = found("rita@own.example", "Own");
    accept(invite(access_token(acme_.email), acme_.organization_id, rita.email, "admin"), rita.email);
    const std::string before = access_token(rita.email, rita.organization_id);
    remove(access_token(acme_.email), acme_.organization_id, rita.user_id);
    const Ids ritas{
        rita.organization_id, rita.user_id, rita.member_id, rita.roles.at("owner"), {}, {}, {}, {}, {}, {}, {}};

    callers_.push_back({"anonymous", {}, {evil.email, kPassword}, own});
    callers_.push_back({"member", access_token(member.email), {member.email, kPassword}, own});
    callers_.push_back({"admin", access_token(admin.email), {admin.email, kPassword}, own});
    callers_.push_back({"owner", access_token(evil.email), {evil.email, kPassword}, own});
    callers_.push_back({"removed", before, {rita.email, kPassword}, ritas});
    for (Caller& caller : callers_) {
      if (caller.kind != "anonymous") sign_in_browser(caller);
    }
  }

  void sign_in_browser(Caller& caller) {
    Browser browser(client());
    browser.open("/sign-in");
    browser.submit({{"email", caller.credentials.email}, {"password", caller.credentials.password}});
    browser.open("/sign-out");
    caller.cookies = browser.cookies();
    caller.form_token = browser.value_of("form_token");
    ASSERT_NE(caller.form_token, "") << caller.kind;
  }

  /// The request of the entry, as the caller makes it.
  static Call call_of(const MatrixEntry& entry, const Ids& ids, const Caller& caller) {
    Call call = entry.call(ids, caller.credentials);
    if (!entry.is_by_cookie) {
      call.token = caller.token;
      return call;
    }
    call.headers.emplace_back("Sec-Fetch-Site", "same-origin");
    call.headers.emplace_back("Cookie", caller.cookies.empty() ? kNamedBrowser : caller.cookies);
    if (call.body) *call.body += (call.body->empty() ? "" : "&") + to_query({{"form_token", caller.form_token}});
    return call;
  }

  /// Not before the setup link has served.
  void add_operator() {
    ASSERT_TRUE(
        domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
    callers_.push_back(
        {"operator", access_token("root@ops.example"), {"root@ops.example", kPassword}, callers_[3].own});
    sign_in_browser(callers_.back());
  }

  std::vector<http::Route> all_routes() {
    std::vector<http::Route> routes;
    std::set<std::string> tried_elsewhere;
    for (const api::Row& row : api::all_rows(program().services())) {
      if (row.is_v1() && row.access != api::Access::anyone) tried_elsewhere.insert(route_key(row.route));
    }
    for (const http::Route& route : api::make_api(program().services()).routes) {
      if (!tried_elsewhere.contains(route_key(route))) routes.push_back(route);
    }
    for (auto* add : {&page_rows_, &console_rows_, &mailbox_rows_}) {
      for (const http::Route& route : *add) routes.push_back(route);
    }
    return routes;
  }

  /// One cell: the same place filled with another's id and with a random one.
  void expect_alike(const MatrixEntry& entry, const Caller& caller, const std::vector<Slot>& slots) {
    Ids with_foreign = caller.own;
    Ids with_random = caller.own;
    for (const Slot slot : slots) {
      with_foreign.*slot = foreign_.*slot;
      with_random.*slot = random_.*slot;
    }
    const auto ask = [&](const Ids& ids) { return client().send(call_of(entry, ids, caller)); };
    const Reply foreign = ask(with_foreign);
    const Reply random = ask(with_random);
    ++cells_;
    const std::string where = entry.route + " as " + caller.kind;
    EXPECT_GE(random.status, 400) << where << ": " << random;
    if (entry.operator_sees_all && caller.kind == "operator") {
      EXPECT_EQ(foreign.status, entry.success) << where << ": " << foreign;
      return;
    }
    // A form comes back with what was typed into it.
    const auto without_values = [&](const Reply& reply, const Ids& ids) {
      std::string text = normalized(reply);
      for (const Slot slot : slots) {
        const std::string& value = ids.*slot;
        for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at))
          text.erase(at, value.size());
      }
      return text;
    };
    EXPECT_EQ(without_values(foreign, with_foreign), without_values(random, with_random)) << where;
  }

  std::string state_of_acme() {
    const std::string token = access_token(acme_.email);
    std::string state;
    for (const char* list : {"members", "roles", "invitations"}) {
      state += client().get("/v1/organizations/" + acme_.organization_id + "/" + list, token).body + "\n";
    }
    return state + client().get("/stats/org-role-wise-users", token).body;
  }

  /// Somebody new for each, since some of these pages end what the next one would need. Who has followed an invitation
  /// has nothing to confirm.
  void expect_success_by_cookie(const MatrixEntry& entry) {
    const std::string email = "control" + std::to_string(controls_++) + "@acme.example";
    const bool is_unconfirmed = entry.route.find("/account/verification") != std::string::npos;
    const Person person = is_unconfirmed ? Person(sign_up(email, "Control")) : join(acme_, email);
    Caller caller{"control", {}, {email, kPassword}, {}};
    sign_in_browser(caller);
    Ids ids = rightful_;
    ids.organization = person.organization_id;
    ids.session = session(access_token(email)).text("/id");
    const Reply reply = client().send(call_of(entry, ids, caller));
    EXPECT_EQ(reply.status, entry.success) << entry.route << ": " << reply;
  }

  void expect_rightful_success(const MatrixEntry& entry) {
    if (entry.is_by_cookie) return expect_success_by_cookie(entry);
    Ids ids = rightful_;
    // What was used up by a control before is made anew.
    if (entry.route == "POST /accept-invite page") {
      ids.invitation_token = invite(access_token(acme_.email), acme_.organization_id, "zoe@acme.example");
    } else if (entry.route == "POST /accept-invite") {
      const std::string owner = access_token(acme_.email);
      const Reply members = client().get("/v1/organizations/" + acme_.organization_id + "/members", owner);
      for (const Json& member : members.at("/data").as_array()) {
        if (member.at("email") == "zoe@acme.example") {
          remove(owner, acme_.organization_id, std::string(member.at("user_id").as_string()));
        }
      }
      ids.invitation_token = invite(owner, acme_.organization_id, "zoe@acme.example");
    } else if (entry.route == "POST /v1/email/verify") {
      sign_up("newer@new.example", "Newer");
      ids.verify_token = token_in(program().take_letter("newer@new.example", subject::kWelcome));
    } else if (entry.route == "POST /v1/email/confirm") {
      sign_up("mover@new.example", "Movers");
      ids.change_token = ask_for_change("mover@new.example", "mover@moved.example");
    } else if (entry.route == "POST /reset-password") {
      ids.reset_token = ask_for_reset(grace_.email);
    }
    Call call = entry.call(ids, {acme_.email, kPassword});
    call.token = access_token(acme_.email);
    // Links are for whoever holds them; a bearer token beside one would say "as me".
    if (entry.route.find("/accept-invite") != std::string::npos) call.token.clear();
    const Reply reply = client().send(call);
    EXPECT_EQ(reply.status, entry.success) << entry.route << ": " << reply;
  }

  Founder acme_;
  Person grace_, linus_;
  std::string zoe_;
  Ids foreign_, random_, rightful_;
  crypto::EncryptionKeys other_keys_ = crypto::EncryptionKeys::parse(crypto::EncryptionKeys::generate());
  std::vector<Caller> callers_;
  std::vector<http::Route> page_rows_, console_rows_, mailbox_rows_;
  int cells_ = 0, controls_ = 0;
};

TEST_P(IsolationMatrix, AnothersIdGetsTheAnswerOfARandomOne) {
  page_rows_ = pages::page_routes(program().services());
  console_rows_ = console::console_routes();
  mailbox_rows_ = pages::mailbox_routes(program().program().mailbox());
  const auto entries = matrix_entries();
  std::set<std::string> known, tabled;
  for (const MatrixEntry& entry : entries)
    EXPECT_TRUE(known.insert(entry.route).second) << entry.route << " occurs twice";
  const auto routes = all_routes();
  for (const http::Route& route : routes) tabled.insert(route_key(route));
  for (const std::string& route : tabled) EXPECT_TRUE(known.contains(route)) << "the matrix has no entry for " << route;
  for (const std::string& route : known) EXPECT_TRUE(tabled.contains(route)) << "there is no row " << route;

  const std::string before = state_of_acme();
  for (const bool with_operator : {false, true}) {
    // There is no operator while the setup link lives, so that its cells are tried first.
    if (with_operator) add_operator();
    for (const MatrixEntry& entry : entries) {
      for (const Caller& caller : callers_) {
        if ((caller.kind == "operator") != with_operator) continue;
        for (const Slot slot : entry.slots) expect_alike(entry, caller, {slot});
        if (entry.slots.size() > 1) expect_alike(entry, caller, entry.slots);
      }
    }
    EXPECT_EQ(state_of_acme(), before) << "nothing has happened to the other tenant";
    if (!with_operator) {
      for (const MatrixEntry& entry : entries) {
        if (entry.route == "POST /setup page") expect_rightful_success(entry);
      }
    }
  }
  for (const MatrixEntry& entry : entries) {
    if (entry.route != "POST /setup page") expect_rightful_success(entry);
  }
  std::cout << "isolation matrix on " << support::dialect_name(GetParam()) << ": " << routes.size() << " routes, "
            << callers_.size() << " kinds of callers, " << cells_ << " cells, " << entries.size()
            << " positive controls\n";
}

GATEHOUSE_ON_BOTH_DATABASES(IsolationMatrix);

}  // namespace gatehouse::tests
