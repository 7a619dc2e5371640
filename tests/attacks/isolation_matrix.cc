#include "tests/attacks/isolation_matrix.h"

namespace gatehouse::tests {

namespace {

const std::string kFresh = "a lantern under the stairs";

std::string json(const Object& object) { return boost::json::serialize(object); }

/// A route that takes no id of anything: only the rightful caller tries it.
MatrixEntry without_ids(std::string route, Call call, int success = 200) {
  return {std::move(route), {}, [call](const Ids&, const Credentials&) { return call; }, success};
}

MatrixEntry statistics(const std::string& name) {
  return {.route = "GET /stats/" + name,
          .slots = {&Ids::organization},
          .call =
              [name](const Ids& ids, const Credentials&) {
                return Call{.target = "/stats/" + name + "?organization_id=" + ids.organization};
              },
          .operator_sees_all = true};
}

/// A page or a form of the mailed links: the holder of the token is whoever has it.
MatrixEntry page_with_token(const std::string& path, Slot token) {
  return {
      .route = "GET " + path + " page", .slots = {token}, .call = [path, token](const Ids& ids, const Credentials&) {
        return Call{.target = path + "?token=" + ids.*token, .headers = {{"Accept", "text/html"}}};
      }};
}

MatrixEntry form(const std::string& path, std::vector<Slot> slots,
                 std::function<Headers(const Ids&, const Credentials&)> fields) {
  return {.route = "POST " + path + " page",
          .slots = std::move(slots),
          .call = [path, fields](const Ids& ids, const Credentials& who) {
            return Call{.method = "POST",
                        .target = path,
                        .headers = {{"Accept", "text/html"}},
                        .body = to_query(fields(ids, who)),
                        .content_type = "application/x-www-form-urlencoded"};
          }};
}

/// A form that begins a session, from our own page.
MatrixEntry open_form(const std::string& path, std::vector<Slot> slots,
                      std::function<Headers(const Ids&, const Credentials&)> fields) {
  MatrixEntry entry = form(path, std::move(slots), std::move(fields));
  entry.call = [plain = entry.call](const Ids& ids, const Credentials& who) {
    Call call = plain(ids, who);
    call.headers.emplace_back("Sec-Fetch-Site", "same-origin");
    call.headers.emplace_back("Cookie", kNamedBrowser);
    return call;
  };
  entry.success = 303;
  return entry;
}

MatrixEntry json_row(const std::string& method, const std::string& path, std::vector<Slot> slots,
                     std::function<Object(const Ids&, const Credentials&)> body, int success = 200) {
  return {.route = method + " " + path,
          .slots = std::move(slots),
          .call =
              [method, path, body](const Ids& ids, const Credentials& who) {
                return Call{.method = method, .target = path, .body = json(body(ids, who))};
              },
          .success = success};
}

void add_open_routes(std::vector<MatrixEntry>& entries) {
  entries.push_back(json_row(
      "POST", "/signup", {},
      [](const Ids&, const Credentials&) {
        return Object{{"email", "new@new.example"}, {"password", kFresh}, {"organization_name", "New"}};
      },
      201));
  for (const std::string path :
       {"/", "/docs/errors", "/reset-password", "/setup", "/sign-in", "/sign-up", "/signed-out"}) {
    entries.push_back(without_ids("GET " + path + " page", {.target = path, .headers = {{"Accept", "text/html"}}}));
  }
  entries.push_back(
      without_ids("GET /.well-known/change-password page", {.target = "/.well-known/change-password"}, 302));
  entries.push_back(without_ids("GET /assets/{file} page", {.target = "/assets/pages.css"}));
  entries.push_back(
      without_ids("GET /brand/colors/{file} page", {.target = "/brand/colors/0b6e4f-ffffff-7fd1ae-10141d.css"}));
  // Whoever has the address of a logo may see it; an address that nobody has tells nothing (flows/branding_test.cc).
  entries.push_back(without_ids("GET /brand/logos/{organization}/{file} page",
                                {.target = "/brand/logos/org_01kams5vygfpj9x3m7c0w2r8td/none.png"}, 404));
  // The same for everybody: what is behind it is asked of /v1.
  for (const auto& [path, target] : {std::pair<std::string, std::string>{"/console", "/console"},
                                     {"/console/", "/console/"},
                                     {"/console/{area}", "/console/members"},
                                     {"/console/{area}/{place}", "/console/operator/users"},
                                     {"/console/{area}/{place}/{thing}", "/console/operator/users/one"}}) {
    entries.push_back(without_ids("GET " + path + " page", {.target = target}));
  }
  entries.push_back(without_ids("GET /console/assets/{file} page", {.target = "/console/assets/none.js"}, 404));
  entries.push_back(without_ids("GET /openapi.json", {.target = "/openapi.json"}));
  entries.push_back(without_ids("GET /.well-known/jwks.json", {.target = "/.well-known/jwks.json"}));
  entries.push_back(without_ids("GET /healthz", {.target = "/healthz"}, 204));
  // Under --dev only, for whoever sits at the machine.
  entries.push_back(without_ids("GET /dev/mail page", {.target = "/dev/mail", .headers = {{"Accept", "text/html"}}}));
  entries.push_back(without_ids("GET /dev/mail/{number} page", {.target = "/dev/mail/1"}));
  entries.push_back(without_ids("GET /dev/mail/{number}/html page", {.target = "/dev/mail/1/html"}));
  entries.push_back(without_ids("GET /dev/mail/{number}/source page", {.target = "/dev/mail/1/source"}));
  entries.push_back(without_ids("GET /dev/mail/messages", {.target = "/dev/mail/messages"}));
}

void add_tokens(std::vector<MatrixEntry>& entries) {
  entries.push_back(page_with_token("/verify-email", &Ids::verify_token));
  entries.push_back(form("/verify-email", {&Ids::verify_token}, [](const Ids& ids, const Credentials&) {
    return Headers{{"token", ids.verify_token}, {"action", "confirm"}};
  }));
  entries.push_back(json_row("POST", "/v1/email/verify", {&Ids::verify_token}, [](const Ids& ids, const Credentials&) {
    return Object{{"token", ids.verify_token}};
  }));
  entries.push_back(page_with_token("/confirm-email", &Ids::change_token));
  entries.push_back(form("/confirm-email", {&Ids::change_token}, [](const Ids& ids, const Credentials&) {
    return Headers{{"token", ids.change_token}};
  }));
  entries.push_back(json_row("POST", "/v1/email/confirm", {&Ids::change_token}, [](const Ids& ids, const Credentials&) {
    return Object{{"token", ids.change_token}};
  }));
  entries.push_back({.route = "GET /accept-invite",
                     .slots = {&Ids::invitation_token},
                     .call = [](const Ids& ids, const Credentials&) {
                       return Call{.target = "/accept-invite?token=" + ids.invitation_token};
                     }});
  entries.push_back(page_with_token("/accept-invite", &Ids::invitation_token));
  entries.push_back(form("/accept-invite", {&Ids::invitation_token}, [](const Ids& ids, const Credentials&) {
    return Headers{{"token", ids.invitation_token}, {"email", "zoe@acme.example"}, {"password", kFresh}};
  }));
  entries.push_back(
      json_row("POST", "/accept-invite", {&Ids::invitation_token}, [](const Ids& ids, const Credentials&) {
        return Object{{"token", ids.invitation_token}, {"email", "zoe@acme.example"}, {"password", kFresh}};
      }));
  entries.push_back(form("/reset-password", {&Ids::reset_token}, [](const Ids& ids, const Credentials&) {
    return Headers{{"token", ids.reset_token}, {"new_password", kFresh}};
  }));
  entries.push_back(json_row("POST", "/reset-password", {&Ids::reset_token}, [](const Ids& ids, const Credentials&) {
    return Object{{"token", ids.reset_token}, {"new_password", kFresh}};
  }));
  entries.push_back(
      json_row("POST", "/v1/token/refresh", {&Ids::refresh_token}, [](const Ids& ids, const Credentials&) {
        return Object{{"refresh_token", ids.refresh_token}};
      }));
  entries.push_back(form("/setup", {&Ids::setup_token}, [](const Ids& ids, const Credentials&) {
    return Headers{{"token", ids.setup_token}, {"email", "root2@acme.example"}, {"password", kFresh}};
  }));
}

/// What only a cookie opens, and the cookie of whoever calls. A form that carries an organization, a session or an
/// invitation is answered for another tenant's as for a random one.
void add_visitor_pages(std::vector<MatrixEntry>& entries) {
  for (const std::string path : {"/account", "/account/profile", "/account/password", "/account/email",
                                 "/account/verification", "/account/sessions", "/account/activity", "/account/leave",
                                 "/account/export", "/account/delete", "/choose-organization", "/sign-out"}) {
    entries.push_back({.route = "GET " + path + " page",
                       .slots = {},
                       .call =
                           [path](const Ids&, const Credentials&) {
                             return Call{.target = path, .headers = {{"Accept", "text/html"}}};
                           },
                       .is_by_cookie = true});
  }
  const auto form_of = [&](const std::string& path, std::vector<Slot> slots,
                           std::function<Headers(const Ids&, const Credentials&)> fields, int success = 200) {
    MatrixEntry entry = form(path, std::move(slots), std::move(fields));
    entry.is_by_cookie = true;
    entry.success = success;
    entries.push_back(std::move(entry));
  };
  form_of("/account/profile", {}, [](const Ids&, const Credentials&) { return Headers{{"name", "Ada"}}; });
  form_of("/account/password", {}, [](const Ids&, const Credentials& who) {
    return Headers{{"current_password", who.password}, {"new_password", kFresh}};
  });
  form_of("/account/email", {}, [](const Ids&, const Credentials& who) {
    return Headers{{"email", "elsewhere@acme.example"}, {"password", who.password}};
  });
  form_of("/account/verification", {}, [](const Ids&, const Credentials&) { return Headers{}; });
  form_of(
      "/account/sessions", {&Ids::session},
      [](const Ids& ids, const Credentials&) {
        return Headers{{"session", ids.session}};
      },
      303);
  form_of("/account/export", {}, [](const Ids&, const Credentials& who) {
    return Headers{{"password", who.password}};
  });
  form_of(
      "/choose-organization", {&Ids::organization},
      [](const Ids& ids, const Credentials&) {
        return Headers{{"organization", ids.organization}};
      },
      303);
  form_of("/account/leave", {&Ids::organization}, [](const Ids& ids, const Credentials&) {
    return Headers{{"organization", ids.organization}};
  });
  form_of("/account/delete", {}, [](const Ids&, const Credentials& who) {
    return Headers{{"password", who.password}};
  });
  form_of(
      "/sign-out", {}, [](const Ids&, const Credentials&) { return Headers{}; }, 303);
}

void add_tenant_routes(std::vector<MatrixEntry>& entries) {
  entries.push_back(open_form("/sign-in", {&Ids::organization}, [](const Ids& ids, const Credentials& who) {
    return Headers{{"email", who.email}, {"password", who.password}, {"organization", ids.organization}};
  }));
  entries.push_back(open_form("/sign-up", {}, [](const Ids&, const Credentials&) {
    return Headers{{"email", "newest@new.example"}, {"password", kFresh}, {"organization_name", "Newest"}};
  }));
  entries.push_back(json_row("POST", "/signin", {&Ids::organization}, [](const Ids& ids, const Credentials& who) {
    return Object{{"email", who.email}, {"password", who.password}, {"organization_id", ids.organization}};
  }));
  for (const char* name :
       {"role-wise-users", "org-wise-members", "org-role-wise-users", "org-role-wise-users-filtered"}) {
    entries.push_back(statistics(name));
  }
  entries.push_back(
      json_row("POST", "/invite-member", {&Ids::organization, &Ids::role}, [](const Ids& ids, const Credentials&) {
        return Object{
            {"recipient", "somebody@acme.example"}, {"organization_id", ids.organization}, {"role_id", ids.role}};
      }));
  entries.push_back(
      json_row("PUT", "/update_member_role", {&Ids::member, &Ids::role}, [](const Ids& ids, const Credentials&) {
        return Object{{"member_id", ids.member}, {"role_id", ids.role}};
      }));
  entries.push_back(
      json_row("DELETE", "/delete_member", {&Ids::organization, &Ids::user}, [](const Ids& ids, const Credentials&) {
        return Object{{"org_id", ids.organization}, {"user_id", ids.user}};
      }));
}

}  // namespace

std::string route_key(const http::Route& route) {
  return std::string(http::to_string(route.method)) + " " + route.path +
         (route.produces == http::Produces::page ? " page" : "");
}

std::vector<MatrixEntry> matrix_entries() {
  std::vector<MatrixEntry> entries;
  add_open_routes(entries);
  add_tenant_routes(entries);
  add_tokens(entries);
  add_visitor_pages(entries);
  entries.push_back(
      without_ids("DELETE /dev/mail/messages", {.method = "DELETE", .target = "/dev/mail/messages"}, 204));
  return entries;
}

}  // namespace gatehouse::tests
