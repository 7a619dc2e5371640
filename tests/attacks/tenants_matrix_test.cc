#include "tests/attacks/world.h"
#include "tests/support/browser.h"

#include <iostream>

namespace gatehouse::tests {

/// Every row of /v1 × every kind of caller × every place that takes an id, generated from the route table: another
/// tenant's id gets the answer that a random one gets; and every kind of caller gets at its own things exactly what its
/// permissions allow.
class TenantsMatrix : public WorldTest {
 protected:
  struct Caller {
    std::string kind;
    std::string token;
    Values own;
    std::string cookies = {};
  };

  void SetUp() override {
    FlowTest::SetUp();
    victim_ = make_world("victim");
    evil_ = make_world("evil");
    foreign_ = victim_.own.ids;
    for (const auto& [kind, id] : foreign_) {
      random_[kind] = id.substr(0, id.find('_') + 1) + base::to_base32(base::make_uuid_v7(kStart));
    }
    callers_.push_back({"anonymous", "", evil_.own});
    for (const char* kind : {"owner", "admin", "member", "api_key"}) {
      callers_.push_back({kind, evil_.tokens.at(kind), evil_.own});
    }
    callers_.push_back({"browser", "", evil_.own, browser_of(evil_)});
    // Of the victim's own house once: what they name is what they could see then.
    callers_.push_back({"suspended", victim_.tokens.at("suspended"), evil_.own});
    callers_.push_back({"removed", victim_.tokens.at("removed"), evil_.own});
    callers_.push_back({"operator", operator_token(), evil_.own});
  }

  /// The cookie of the owner, who has signed in with a browser.
  std::string browser_of(const World& world) {
    Browser browser(client());
    browser.post("/sign-in", {{"email", world.founder.email}, {"password", kPassword}});
    EXPECT_NE(browser.cookie(), "") << browser.page();
    return browser.cookies();
  }
  static void show_cookies(Call& call, const std::string& cookies) {
    if (cookies.empty()) return;
    call.headers.emplace_back("Cookie", cookies);
    call.headers.emplace_back("Sec-Fetch-Site", "same-origin");
  }

  /// A cursor of the victim's own list; empty where it has one page only.
  std::string foreign_cursor(const api::Row& row) {
    Call call = calls_.call(row, victim_.own, {"limit"});
    call.target += call.target.find('?') == std::string::npos ? "?limit=1" : "";
    call.token = row.access == api::Access::platform ? operator_token() : victim_.tokens.at("owner");
    const Reply reply = client().send(call);
    return reply.has("/page/next") && reply.at("/page/next").is_string() ? reply.text("/page/next") : "";
  }

  std::string ask(const api::Row& row, const Caller& caller, const std::vector<Slot>& slots,
                  const std::map<std::string, std::string>& ids, const std::string& cursor) {
    RowCalls::Parts parts = calls_.parts(row, caller.own, [&] {
      std::set<std::string> with;
      for (const Slot& slot : slots) {
        if (slot.kind != "cursor") with.insert(slot.field);
      }
      return with;
    }());
    std::vector<std::string> values;
    for (const Slot& slot : slots) {
      const std::string value = slot.kind == "cursor" ? cursor : ids.at(slot.kind);
      values.push_back(value);
      if (parts.path.contains(slot.field)) {
        parts.path[slot.field] = value;
      } else {
        parts.fields[slot.field] = value;
      }
    }
    Call call = RowCalls::assemble(row, parts);
    call.token = caller.token;
    show_cookies(call, caller.cookies);
    const Reply reply = client().send(call);
    EXPECT_GE(reply.status, 400) << name_of(row) << " as " << caller.kind << ": " << reply;
    std::string text = normalized(reply);
    for (const std::string& value : values) {
      for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at)) text.erase(at, value.size());
    }
    return text;
  }

  void expect_alike(const api::Row& row, const Caller& caller, const std::vector<Slot>& slots,
                    const std::string& cursor) {
    ++cells_;
    std::string where = name_of(row) + " as " + caller.kind + " with";
    for (const Slot& slot : slots) where += " " + slot.field;
    const std::string alike(cursor.size(), 'A');
    EXPECT_EQ(ask(row, caller, slots, foreign_, cursor), ask(row, caller, slots, random_, alike)) << where;
  }

  std::string state_of_victim() {
    const std::string path = "/v1/organizations/" + foreign_.at("org");
    std::string state;
    for (const char* rest : {"", "/members", "/roles", "/invitations", "/api-keys", "/policies", "/branding"}) {
      state += client().get(path + rest, victim_.tokens.at("owner")).body + "\n";
    }
    return state + client().get("/v1/me/sessions", victim_.tokens.at("owner")).body;
  }

  /// What the row says of itself, turned into what must happen.
  int expected_status(const api::Row& row, const World& world, const std::string& kind) {
    if (kind == "operator") return row.success;
    // A browser's session gets no tokens.
    if (kind == "browser") {
      return row.route.name == "switch_organization" ? 403 : expected_status(row, world, "owner");
    }
    if (kind.starts_with("platform:")) return row.permission == kind ? row.success : 403;
    const bool is_key = kind == "api_key";
    if (row.access == api::Access::platform) return 404;
    if (row.access == api::Access::person) return is_key ? 403 : row.success;
    if (!row.permission.empty() && !world.permissions.at(kind).contains(row.permission)) return 403;
    return is_key && !row.takes_key ? 403 : row.success;
  }

  World victim_, evil_;
  std::map<std::string, std::string> foreign_, random_;
  std::vector<Caller> callers_;
  int cells_ = 0;
};

TEST_P(TenantsMatrix, AnothersIdGetsTheAnswerOfARandomOne) {
  int rows_seen = 0;
  const std::string before = state_of_victim();
  for (const api::Row& row : rows()) {
    if (!row.is_v1() || row.access == api::Access::anyone) continue;
    ++rows_seen;
    std::vector<Slot> slots = RowCalls::slots(row);
    const std::string cursor = foreign_cursor(row);
    if (cursor.empty()) std::erase_if(slots, [](const Slot& slot) { return slot.kind == "cursor"; });
    for (const Caller& caller : callers_) {
      // Operators see all tenants through these rows: that is what they are for.
      if (caller.kind == "operator" && row.access == api::Access::platform) continue;
      for (const Slot& slot : slots) expect_alike(row, caller, {slot}, cursor);
      if (slots.size() > 1) expect_alike(row, caller, slots, cursor);
    }
  }
  EXPECT_EQ(state_of_victim(), before) << "something has happened to the other tenant";
  if (!is_one_row()) {
    EXPECT_GT(rows_seen, 60);
    EXPECT_GT(cells_, 500);
  }
  std::cout << "tenants matrix on " << support::dialect_name(GetParam()) << ": " << rows_seen << " rows, "
            << callers_.size() << " kinds of callers, " << cells_ << " cells\n";
}

TEST_P(TenantsMatrix, EveryKindOfCallerGetsAtItsOwnExactlyWhatItsPermissionsAllow) {
  int controls = 0, allowed = 0, number = 0;
  const World reading = make_world("own0");
  for (const api::Row& row : rows()) {
    if (!row.is_v1() || row.access == api::Access::anyone) continue;
    if (row.route.path.ends_with("/retry")) continue;  // see OperatorService: it takes a letter that failed
    // The last two are keys of the platform that hold just that.
    for (const std::string kind :
         {"owner", "admin", "member", "api_key", "browser", "operator", "platform:read", "platform:manage"}) {
      const bool is_of_platform = kind == "operator" || kind.starts_with("platform:");
      if (is_of_platform && row.access != api::Access::platform) continue;
      // What everybody may do with their own account is tried by one of them.
      const bool is_tried = kind == "owner" || kind == "api_key" || kind == "browser";
      if (row.access == api::Access::person && !is_tried) continue;
      const int expected = expected_status(row, reading, kind);
      World world = reading;
      if (expected == row.success) {
        if (row.route.method != http::Method::get) world = make_world("own" + std::to_string(++number));
        const std::string owner = world.tokens.at("owner");
        prepare(row, world, kind == "browser" ? "owner" : kind);
        // Some rows are about somebody else, whom prepare() gives a token and no browser.
        if (kind == "browser" && world.tokens.at("owner") != owner) continue;
      }
      Call call = calls_.call(row, world.own);
      if (kind == "browser") {
        show_cookies(call, browser_of(world));
      } else {
        call.token = kind == "operator" ? operator_token()
                     : is_of_platform   ? platform_key(kind)
                                        : world.tokens.at(kind);
      }
      const Reply reply = client().send(call);
      EXPECT_EQ(reply.status, expected) << name_of(row) << " as " << kind << ": " << reply;
      ++controls;
      allowed += expected == row.success ? 1 : 0;
    }
  }
  std::cout << "tenants matrix on " << support::dialect_name(GetParam()) << ": " << controls << " controls, of which "
            << allowed << " allowed\n";
}

GATEHOUSE_ON_BOTH_DATABASES(TenantsMatrix);

}  // namespace gatehouse::tests
