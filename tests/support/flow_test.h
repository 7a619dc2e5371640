#pragma once

#include "tests/support/test_program.h"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace gatehouse::tests {

inline const std::string kPassword = "seven kettles on a raft";
inline const std::string kOtherPassword = "a lantern under the stairs";

/// Somebody and the organization in which the story meets them.
struct Person {
  std::string email;
  std::string user_id;
  std::string member_id;
  std::string organization_id;
};

struct Founder : Person {
  std::map<std::string, std::string> roles;  // id by key
};

struct Tokens {
  std::string access;
  std::string refresh;
};

/// Stories about the whole program, over real HTTP, on either database.
class FlowTest : public testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override { start(); }

  void start(const Settings& settings = {}, bool dev = true) {
    program_.reset();
    program_ = std::make_unique<TestProgram>(GetParam(), settings, dev);
  }
  TestProgram& program() { return *program_; }
  HttpClient client() const { return program_->client(); }

  /// Each of these is expected to succeed.
  Founder sign_up(const std::string& email, const std::string& organization_name);
  /// Signs up and follows the link of the letter.
  Founder found(const std::string& email, const std::string& organization_name);
  Tokens sign_in(const std::string& email, const std::string& password = kPassword,
                 const std::string& organization_id = {});
  std::string access_token(const std::string& email, const std::string& organization_id = {}) {
    return sign_in(email, kPassword, organization_id).access;
  }
  /// Invites, as the owner of the token, and returns the token of the letter.
  std::string invite(const std::string& token, const std::string& organization_id, const std::string& email,
                     const std::string& role = "member");
  Person accept(const std::string& invitation_token, const std::string& email, const std::string& password = kPassword);
  /// Somebody joins the founder's organization.
  Person join(const Founder& founder, const std::string& email, const std::string& role = "member");
  /// The token of a reset letter.
  std::string ask_for_reset(const std::string& email);

  Reply try_sign_in(const std::string& email, const std::string& password = kPassword);
  Reply update_role(const std::string& token, const std::string& member_id, const std::string& role_id);
  Reply remove(const std::string& token, const std::string& organization_id, const std::string& user_id);
  Reply session(const std::string& token) { return client().get("/v1/session", token); }
  Reply refresh(const std::string& refresh_token);

 private:
  std::unique_ptr<TestProgram> program_;
};

/// A refusal as RFC 9457 has it, with all the members that every one of ours has.
void expect_problem(const Reply& reply, int status, std::string_view code);
/// One that points at a member of the request.
void expect_field_problem(const Reply& reply, std::string_view pointer);

inline std::string database_of(const testing::TestParamInfo<db::Dialect>& info) {
  return support::dialect_name(info.param);
}

}  // namespace gatehouse::tests

#define GATEHOUSE_ON_BOTH_DATABASES(suite)                                                                      \
  INSTANTIATE_TEST_SUITE_P(Databases, suite,                                                                    \
                           testing::Values(gatehouse::db::Dialect::sqlite, gatehouse::db::Dialect::postgresql), \
                           gatehouse::tests::database_of)
