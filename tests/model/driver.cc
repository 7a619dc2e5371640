#include "tests/model/driver.h"

#include "tests/support/flow_test.h"

#include <algorithm>

namespace gatehouse::model {

using tests::Call;
using tests::Json;
using tests::Object;
using tests::Reply;

namespace {

constexpr const char* kNobody = "mem_01h455vb4pex5vsknk084sn02q";

Call post(std::string target, const Object& body = {}) {
  return {.method = "POST", .target = std::move(target), .body = boost::json::serialize(body)};
}

boost::json::array to_array(const std::set<std::string>& words) {
  boost::json::array array;
  for (const std::string& word : words) array.emplace_back(word);
  return array;
}

const Reply& demand(const Reply& reply, int status) {
  if (reply.status != status) throw std::runtime_error("expected " + std::to_string(status) + ": " + reply.body);
  return reply;
}

}  // namespace

Driver::Driver(tests::TestProgram& program, int people) : program_(program), client_(program.client()) {
  for (int person = 0; person < people; ++person) {
    people_.push_back("p" + std::to_string(person) + "@model.example");
    demand(client_.post("/signup", {{"email", people_.back()},
                                    {"password", tests::kPassword},
                                    {"organization_name", "Home " + std::to_string(person)}}),
           201);
    const std::string token = tests::token_in(program_.take_letter(people_.back(), tests::subject::kWelcome));
    demand(client_.post("/v1/email/verify", {{"token", token}}), 200);
  }
}

std::string Driver::sign_in(int person) {
  const Reply reply = demand(
      client_.post("/signin", {{"email", people_.at(std::size_t(person))}, {"password", tests::kPassword}}), 200);
  std::lock_guard lock(mutex_);
  return tokens_[person] = reply.text("/access_token");
}

Reply Driver::send_as(int person, Call call) {
  {
    std::lock_guard lock(mutex_);
    call.token = tokens_[person];
  }
  // Others may end the session at any moment: a few fresh ones are tried.
  Reply reply;
  for (int tries = 0; tries < 6; ++tries) {
    if (call.token.empty()) call.token = sign_in(person);
    reply = client_.send(call);
    if (reply.status != 401) break;
    call.token.clear();
  }
  return reply;
}

std::string Driver::member(int organization, int person) const {
  const auto found = members_.find({organization, person});
  return found == members_.end() ? kNobody : found->second;
}

Call Driver::call_of(const Operation& operation) const {
  const auto at = [](const std::vector<std::string>& ids, int number) { return ids.at(std::size_t(number)); };
  const std::string organization =
      operation.organization < 0 ? "" : "/v1/organizations/" + at(organizations_, operation.organization);
  const std::string whom = operation.person < 0 ? "" : member(operation.organization, operation.person);
  const std::string invitation = operation.invitation < 0 ? "" : at(invitations_, operation.invitation);
  switch (operation.kind) {
    case Kind::create_organization: return post("/v1/organizations", {{"name", "Made"}});
    case Kind::delete_organization: return {.method = "DELETE", .target = organization};
    case Kind::restore_organization: return post(organization + "/restore");
    case Kind::transfer_ownership: return post(organization + "/transfer-ownership", {{"member_id", whom}});
    case Kind::invite:
      return post(organization + "/invitations",
                  {{"email", at(people_, operation.person)}, {"role_id", at(roles_, operation.role)}});
    case Kind::accept: return post("/v1/me/invitations/" + invitation + "/accept");
    case Kind::decline: return post("/v1/me/invitations/" + invitation + "/decline");
    case Kind::resend: return post(organization + "/invitations/" + invitation + "/resend");
    case Kind::revoke: return post(organization + "/invitations/" + invitation + "/revoke");
    case Kind::change_role:
      return {.method = "PATCH",
              .target = organization + "/members/" + whom,
              .body = boost::json::serialize(Object{{"role_id", at(roles_, operation.role)}})};
    case Kind::suspend: return post(organization + "/members/" + whom + "/suspend");
    case Kind::reinstate: return post(organization + "/members/" + whom + "/reinstate");
    case Kind::remove: return {.method = "DELETE", .target = organization + "/members/" + whom};
    case Kind::leave: return post("/v1/me/organizations/" + at(organizations_, operation.organization) + "/leave");
    case Kind::create_role:
      return post(organization + "/roles", {{"name", "Role " + std::to_string(roles_.size())},
                                            {"permissions", to_array(operation.permissions)}});
    case Kind::change_permissions:
      return {.method = "PATCH",
              .target = organization + "/roles/" + at(roles_, operation.role),
              .body = boost::json::serialize(Object{{"permissions", to_array(operation.permissions)}})};
    case Kind::delete_role: {
      std::string target = organization + "/roles/" + at(roles_, operation.role);
      if (operation.replacement >= 0) target += "?replacement=" + at(roles_, operation.replacement);
      return {.method = "DELETE", .target = target};
    }
    case Kind::check_permission:
      return post("/v1/permissions/check",
                  {{"organization_id", at(organizations_, operation.organization)},
                   {"checks", boost::json::array{Object{{"permission", *operation.permissions.begin()}}}}});
    case Kind::count_members: return {.target = organization + "/members?limit=200"};
    case Kind::pass_time: break;
  }
  throw std::logic_error("no request for this operation");
}

void Driver::note_made(const Operation& operation, const Reply& reply) {
  const int here = operation.organization;
  if (operation.kind == Kind::create_organization) {
    const std::string id = reply.text("/id");
    organizations_.push_back(id);
    const int number = int(organizations_.size()) - 1;
    const Reply mine = send_as(operation.actor, {.target = "/v1/me/organizations?limit=200"});
    for (const Json& one : mine.at("/data").as_array()) {
      if (tests::text_of(one.at("id")) == id) members_[{number, operation.actor}] = tests::text_of(one.at("member_id"));
    }
    const Reply roles = send_as(operation.actor, {.target = "/v1/organizations/" + id + "/roles"});
    for (const char* key : {"owner", "admin", "member"}) {
      for (const Json& role : roles.at("/data").as_array()) {
        if (role.at("key") == key) roles_.push_back(tests::text_of(role.at("id")));
      }
    }
  } else if (operation.kind == Kind::accept) {
    members_[{here, operation.actor}] = reply.text("/member/id");
  } else if (operation.kind == Kind::create_role) {
    roles_.push_back(reply.text("/id"));
  } else if (operation.kind == Kind::invite) {
    const std::string id = reply.text("/id");
    if (std::ranges::find(invitations_, id) == invitations_.end()) invitations_.push_back(id);
  }
}

Outcome Driver::apply(const Operation& operation) {
  if (operation.kind == Kind::pass_time) {
    program_.advance(std::chrono::hours(operation.hours));
    return {200};
  }
  const Reply reply = send_as(operation.actor, call_of(operation));
  if (reply.status >= 400) return {reply.status, reply.has("/code") ? reply.text("/code") : reply.body};
  note_made(operation, reply);
  Outcome outcome{reply.status};
  if (operation.kind == Kind::check_permission) outcome.value = reply.flag("/results/0/allowed") ? "allowed" : "denied";
  if (operation.kind == Kind::count_members) {
    const auto& members = reply.at("/data").as_array();
    const auto active = std::ranges::count_if(members, [](const Json& one) { return one.at("status") == "active"; });
    outcome.value = std::to_string(members.size()) + "/" + std::to_string(active);
  }
  return outcome;
}

}  // namespace gatehouse::model
