#include "base/text.h"
#include "wire/example_test.h"
#include "wire/read.h"
#include "wire/write.h"

#include <chrono>
#include <gmock/gmock.h>
#include <random>

namespace gatehouse::wire {
namespace {

using example::Everything;

struct Loose {
  std::optional<std::vector<std::vector<std::string>>> a;
  static constexpr auto fields() { return wire::fields(wire::field("a", &Loose::a)); }
};

base::Result<Loose> read_loose(Source::Body kind, const std::string& body) {
  return read<Loose>(Source{.body_kind = kind, .body = body});
}

/// The best of three, so that a busy machine does not fail the test.
double seconds_to_refuse(Source::Body kind, const std::string& body) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(read_loose(kind, body));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

std::string repeated(std::string_view head, std::string_view part, std::string_view tail, std::size_t bytes) {
  std::string out(head);
  while (out.size() < bytes) out += part;
  return out + std::string(tail);
}

TEST(Flood, ManyNamesTakeNoQuadraticTime) {
  using Body = Source::Body;
  std::string different = "{";
  for (int i = 0; different.size() < 1'000'000; ++i) different += "\"" + std::to_string(i) + "\":1,";
  different.back() = '}';
  std::string long_prefix = "{";
  for (int i = 0; long_prefix.size() < 1'000'000; ++i) {
    long_prefix += "\"" + std::string(1000, 'a') + std::to_string(i) + "\":1,";
  }
  long_prefix.back() = '}';
  const std::vector<std::pair<Body, std::string>> bodies{
      {Body::json, repeated("{\"a\":1", ",\"a\":1", "}", 1'000'000)},
      {Body::json, repeated("{\"b\":{\"a\":1", ",\"a\":1", "}}", 1'000'000)},
      {Body::json, repeated("{\"a\":[[]", ",[1]", "]}", 1'000'000)},
      {Body::json, repeated("{\"a\":[{\"a\":1}", ",{\"a\":1,\"a\":2}", "]}", 1'000'000)},
      {Body::json, different},
      {Body::json, long_prefix},
      {Body::form, repeated("a=1", "&a=1", "", 1'000'000)},
      {Body::form, repeated("a=1", "&", "&b", 1'000'000)},
  };
  // A million bytes, sixteen times what a row accepts; quadratic work would take minutes.
  for (const auto& [kind, body] : bodies) EXPECT_LT(seconds_to_refuse(kind, body), 2.0) << body.substr(0, 40);
}

TEST(Flood, DeepNestingIsRefusedAtOnce) {
  for (const std::string opening : {"[", "{\"a\":", "[{\"a\":["}) {
    std::string body = "{\"a\":";
    while (body.size() < 1'000'000) body += opening;
    const auto result = read_loose(Source::Body::json, body);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().detail, testing::HasSubstr("too deeply"));
    EXPECT_LT(seconds_to_refuse(Source::Body::json, body), 0.5);
  }
}

TEST(Flood, ThirtyTwoLevelsAreReadAndOneMoreIsNot) {
  auto nested = [](int levels) {
    return "{\"b\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(read_loose(Source::Body::json, nested(32)).error().code, &base::kInvalidRequest);
  EXPECT_EQ(read_loose(Source::Body::json, nested(33)).error().code, &base::kMalformedRequest);
}

/// Changes, inserts, removes, repeats or cuts bytes; half of the new ones are such that JSON and forms mean something
/// by.
std::string mutate(std::string body, std::mt19937& random) {
  static constexpr std::string_view kMeaningful = "{}[]\",:\\/u0dDeE+-.19 &=%ntrfals\x00\x80\xc3\xff";
  const auto below = [&](std::size_t limit) { return std::size_t(random() % limit); };
  for (std::size_t changes = 1 + below(4); changes > 0 && !body.empty(); --changes) {
    const std::size_t at = below(body.size());
    const char byte = below(2) == 0 ? kMeaningful[below(kMeaningful.size())] : char(below(256));
    switch (below(5)) {
      case 0: body[at] = byte; break;
      case 1: body.insert(at, 1, byte); break;
      case 2: body.erase(at, 1 + below(4)); break;
      case 3: body.insert(below(body.size()), body.substr(at, 1 + below(40))); break;
      default:
        if (below(8) == 0) body.resize(at);
    }
  }
  return body;
}

TEST(Flood, TwoHundredThousandBrokenBodiesAreReadOrRefused) {
  const std::string json =
      R"({"name":"Ada","password":"correct horse","email":"ada@example.com","organization":)"
      R"("org_01h455vb4pex5vsknk084sn02q","active":true,"count":42,"at":"2026-11-22T11:50:34.123Z","from":1700000000,)"
      R"("color":"red","size":null,"members":[{"email":"bob@example.com","role":"admin"}],"tags":["x","\ud83d\ude00"]})";
  const std::string form = "email=bob%40example.com&role=admin";
  ASSERT_TRUE(read<Everything>(Source{.body_kind = Source::Body::json, .body = json}));
  ASSERT_TRUE(read<example::Invited>(Source{.body_kind = Source::Body::form, .body = form}));
  std::mt19937 random(20261122);
  int accepted = 0, malformed = 0, invalid = 0;
  const auto count = [&](const auto& result) {
    if (result) {
      ++accepted;
    } else if (result.error().code == &base::kMalformedRequest) {
      ++malformed;
      EXPECT_TRUE(result.error().problems.empty());
    } else {
      EXPECT_EQ(result.error().code, &base::kInvalidRequest);
      EXPECT_FALSE(result.error().problems.empty());
      EXPECT_TRUE(base::is_valid_utf8(write_problem(result.error(), "r")));
      ++invalid;
    }
  };
  for (int i = 0; i < 150'000; ++i) {
    const std::string body = mutate(json, random);
    count(read<Everything>(Source{.body_kind = Source::Body::json, .body = body}));
  }
  for (int i = 0; i < 50'000; ++i) {
    const std::string body = mutate(form, random);
    count(read<example::Invited>(Source{.body_kind = Source::Body::form, .body = body}));
  }
  // Mutations that all end in one way would prove nothing.
  EXPECT_GT(accepted, 2'000);
  EXPECT_GT(malformed, 2'000);
  EXPECT_GT(invalid, 2'000);
}

}  // namespace
}  // namespace gatehouse::wire
