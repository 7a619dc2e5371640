#include "wire/write.h"

#include "wire/example_test.h"
#include "wire/read.h"

#include <gmock/gmock.h>

namespace gatehouse::wire {
namespace {

using namespace std::literals;
using example::Invited;
using Counts = std::map<std::string, std::int64_t>;

struct Answer {
  std::string message;
  example::OrganizationId organization;
  base::Time at;
  std::optional<Invited> member;
  std::vector<std::string> tags;
  Counts roles;
  bool active = true;
  std::int64_t count = 0;
  base::Secret token;

  static constexpr auto fields() {
    return wire::fields(wire::field("message", &Answer::message), wire::field("organization", &Answer::organization),
                        wire::field("at", &Answer::at), wire::field("member", &Answer::member),
                        wire::field("tags", &Answer::tags), wire::field("roles", &Answer::roles),
                        wire::field("active", &Answer::active), wire::field("count", &Answer::count),
                        wire::field("token", &Answer::token));
  }
};

struct Nothing {
  static constexpr auto fields() { return wire::fields(); }
};

/// What can be written and read again: Everything without the member that is only read.
struct Both {
  std::string name;
  base::Secret password;
  base::EmailAddress email;
  example::OrganizationId organization;
  bool active = false;
  std::int64_t count = 0;
  base::Time at;
  std::optional<std::string> color;
  std::optional<std::string> size;
  std::vector<Invited> members;

  static constexpr auto fields() {
    return wire::fields(wire::field("name", &Both::name), wire::field("password", &Both::password),
                        wire::field("email", &Both::email), wire::field("organization", &Both::organization),
                        wire::field("active", &Both::active), wire::field("count", &Both::count),
                        wire::field("at", &Both::at), wire::field("color", &Both::color),
                        wire::field("size", &Both::size), wire::field("members", &Both::members));
  }
};

TEST(Write, WritesMembersInDeclaredOrder) {
  Answer answer;
  answer.message = "Welcome.";
  answer.organization = *example::OrganizationId::parse("org_01h455vb4pex5vsknk084sn02q");
  answer.at = base::parse_rfc3339("2026-11-22T11:50:34.123Z")->time;
  answer.member = Invited{{"ada@example.com"}, "owner"};
  answer.tags = {"a", "b"};
  answer.roles = {{"owner", 1}, {"admin", 2}};
  answer.count = std::numeric_limits<std::int64_t>::min();
  answer.token = base::Secret("t");
  EXPECT_EQ(write(answer),
            R"({"message":"Welcome.","organization":"org_01h455vb4pex5vsknk084sn02q","at":"2026-11-22T11:50:34.123Z",)"
            R"("member":{"email":"ada@example.com","role":"owner"},"tags":["a","b"],"roles":{"admin":2,"owner":1},)"
            R"("active":true,"count":-9223372036854775808,"token":"t"})");
}

TEST(Write, WritesEmptyThings) {
  Answer answer;
  EXPECT_EQ(write(answer),
            R"({"message":"","organization":"org_00000000000000000000000000","at":"1970-01-01T00:00:00.000Z",)"
            R"("member":null,"tags":[],"roles":{},"active":true,"count":0,"token":""})");
  EXPECT_EQ(write(Nothing{}), "{}");
}

TEST(Write, WritesAMapAsAWholeAnswer) {
  EXPECT_EQ(write(Counts{}), "{}");
  EXPECT_EQ(write(Counts{{"owner", 1}, {"a\"b", 2}}), R"({"a\"b":2,"owner":1})");
  EXPECT_EQ(write(std::map<std::string, Counts>{{"Acme", {{"owner", 1}, {"member", 3}}}, {"Beta", {}}}),
            R"({"Acme":{"member":3,"owner":1},"Beta":{}})");
}

TEST(Write, EscapesWhatJsonAndScriptElementsCanNotHold) {
  const std::map<std::string, std::string> text{{"k", "\"\\\b\n\r\t\x01\x1f\x7f</script><!--ä😀\0"s}};
  EXPECT_EQ(write(text), "{\"k\":\"\\\"\\\\\\u0008\\n\\r\\t\\u0001\\u001f\x7f\\u003c/script>\\u003c!--ä😀\\u0000\"}");
}

TEST(Write, ReplacesWhatIsNoUtf8) {
  const std::map<std::string, std::string> text{{"k", "ä\xff\xc3z\xed\xa0\x80😀\xf0\x9f\x98"}};
  EXPECT_EQ(write(text), "{\"k\":\"ä\ufffd\ufffdz\ufffd\ufffd\ufffd😀\ufffd\ufffd\ufffd\"}");
}

TEST(Write, WhatIsWrittenIsReadAgain) {
  Both both;
  both.name = "\x01\"\\</script>\n😀";
  both.password = base::Secret("päss \"word\"");
  both.email = {"ada@example.com"};
  both.organization = example::OrganizationId::make(base::SystemClock().now());
  both.active = true;
  both.count = std::numeric_limits<std::int64_t>::max();
  both.at = base::parse_rfc3339("2026-11-22T11:50:34.123Z")->time;
  both.color = "red";
  both.members = {{{"bob@example.com"}, "a"}, {{"eve@example.com"}, "b"}};
  const std::string body = write(both);
  const auto again = read<Both>(Source{.body_kind = Source::Body::json, .body = body});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name, both.name);
  EXPECT_EQ(again->password.reveal(), both.password.reveal());
  EXPECT_EQ(again->email, both.email);
  EXPECT_EQ(again->organization, both.organization);
  EXPECT_EQ(again->active, both.active);
  EXPECT_EQ(again->count, both.count);
  EXPECT_EQ(again->at, both.at);
  EXPECT_EQ(again->color, both.color);
  EXPECT_EQ(again->size, std::nullopt);
  EXPECT_EQ(again->members, both.members);
}

TEST(WriteProblem, NamesTheCodeAndTheRequest) {
  EXPECT_EQ(write_problem(base::refuse(base::kForbidden).value(), "req-1"),
            R"({"type":"/docs/errors#forbidden","title":"You are not allowed to do this.","status":403,)"
            R"("detail":"You are not allowed to do this.","code":"forbidden","request_id":"req-1"})");
}

TEST(WriteProblem, NamesTheTraceWhenThereIsOne) {
  EXPECT_EQ(write_problem(base::refuse(base::kForbidden).value(), "req-1", "4bf92f3577b34da6a3ce929d0e0e4736"),
            R"({"type":"/docs/errors#forbidden","title":"You are not allowed to do this.","status":403,)"
            R"("detail":"You are not allowed to do this.","code":"forbidden","request_id":"req-1",)"
            R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})");
}

TEST(WriteProblem, ListsTheFieldsAtFault) {
  base::Refusal refusal = base::refuse_field("/a~1\"b", "is required").value();
  refusal.problems.push_back({"?q", "expected \"x\""});
  EXPECT_EQ(
      write_problem(refusal, "r"),
      R"({"type":"/docs/errors#invalid_request","title":"Some fields of the request can't be accepted.","status":400,)"
      R"("detail":"Some fields of the request can't be accepted.","code":"invalid_request","request_id":"r",)"
      R"("errors":[{"pointer":"/a~1\"b","detail":"is required"},{"pointer":"?q","detail":"expected \"x\""}]})");
}

}  // namespace
}  // namespace gatehouse::wire
