#include "http/server_fixture.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <thread>

namespace gatehouse::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpServer : public ServerFixture {};

std::string code_of(const RawAnswer& answer) {
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  const auto problem = boost::json::parse(answer.body).as_object();
  EXPECT_EQ(problem.at("status").as_int64(), answer.status);
  EXPECT_EQ(problem.at("request_id").as_string(), *answer.header("x-request-id"));
  return std::string(problem.at("code").as_string());
}

TEST_F(HttpServer, AnswersOnEveryLane) {
  start();
  gate.open();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /hello")).body, "hello");
  EXPECT_EQ(client.ask(request("GET /items/a%20b")).body, "a b");
  EXPECT_EQ(client.ask(request("POST /hash")).body, "hashed");
}

TEST_F(HttpServer, ARowAnswersFromMemoryWhatItCanAndLooksUpTheRest) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /remembered", "X-Known: 1\r\n")).body, "remembered");
  EXPECT_EQ(handled.load(), 0);
  EXPECT_EQ(client.ask(request("GET /remembered")).body, "looked up");
  EXPECT_EQ(handled.load(), 1);
  const auto thrown = client.ask(request("GET /remembered", "X-Throw: 1\r\n"));
  EXPECT_EQ(code_of(thrown), "internal_error");
  EXPECT_THAT(thrown.body, Not(HasSubstr("hunter2")));
}

TEST_F(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  start();
  auto client = connect();
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    bytes += request("GET /items/" + std::to_string(i)) + request("GET /hello") +
             request("POST /echo", "Content-Length: 3\r\n", "a" + std::to_string(i % 10) + "c") +
             request("POST /echo", "Transfer-Encoding: chunked\r\n", "2\r\nxy\r\n0\r\n\r\n");
  }
  client.send(bytes);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.answer().body, std::to_string(i));
    ASSERT_EQ(client.answer().body, "hello");
    ASSERT_EQ(client.answer().body, "a" + std::to_string(i % 10) + "c");
    ASSERT_EQ(client.answer().body, "xy");
  }
}

TEST_F(HttpServer, AnAnswerInPartsComesInChunksAndTheConnectionGoesOn) {
  start();
  auto client = connect();
  client.send(request("GET /parts?last=3") + request("GET /hello"));
  const RawAnswer answer = client.answer();
  EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
  EXPECT_FALSE(answer.header("content-length"));
  EXPECT_EQ(answer.body, "0,1,2,3");
  EXPECT_EQ(client.answer().body, "hello");
  EXPECT_EQ(client.ask(request("GET /parts?last=0")).body, "0");
}

TEST_F(HttpServer, OfAnAnswerInPartsHeadGetsNone) {
  start();
  auto client = connect();
  client.send(request("HEAD /parts?last=3"));
  EXPECT_EQ(client.answer(true).header("transfer-encoding"), "chunked");
  EXPECT_EQ(client.ask(request("GET /hello")).body, "hello");
  EXPECT_EQ(parts, 0);
}

TEST_F(HttpServer, ToHttp10AnAnswerInPartsEndsWithTheConnection) {
  start();
  auto client = connect();
  client.send("GET /parts?last=3 HTTP/1.0\r\n\r\n");
  const RawAnswer answer = client.answer();
  EXPECT_FALSE(answer.header("transfer-encoding"));
  EXPECT_FALSE(answer.header("content-length"));
  EXPECT_FALSE(client.is_closed());
  EXPECT_EQ(client.left(), "0,1,2,3");
}

TEST_F(HttpServer, AnAnswerWhosePartCanNotBeMadeEndsWithoutItsLastChunk) {
  start();
  auto client = connect();
  client.send(request("GET /parts?last=20"));
  EXPECT_FALSE(client.is_closed());
  EXPECT_THAT(client.left(), HasSubstr(",12\r\n"));
  EXPECT_THAT(client.left(), Not(::testing::EndsWith("\r\n0\r\n\r\n")));
  EXPECT_THAT(client.left(), Not(HasSubstr("hunter2")));
}

TEST_F(HttpServer, NoMorePartsAreMadeThanTheClientTakes) {
  start();
  auto client = connect();
  client.send(request("GET /endless"));
  int before = 0;
  while (before == 0 || before != parts) {
    before = parts;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  // As many as the buffers of both kernels hold.
  EXPECT_LT(before, 64);
}

TEST_F(HttpServer, RequestsMayArriveByteByByte) {
  start();
  auto client = connect();
  for (const char byte : request("POST /echo", "Transfer-Encoding: chunked\r\n", "2\r\nxy\r\n0\r\n\r\n")) {
    client.send({&byte, 1});
  }
  EXPECT_EQ(client.answer().body, "xy");
}

TEST_F(HttpServer, HeadIsGetWithoutBody) {
  start();
  auto client = connect();
  client.send(request("HEAD /hello"));
  const auto answer = client.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "5");
  EXPECT_EQ(client.ask(request("GET /hello")).body, "hello");
  client.send(request("HEAD /missing"));
  EXPECT_EQ(client.answer(true).status, 404);
  EXPECT_EQ(client.ask(request("GET /hello")).body, "hello");
}

TEST_F(HttpServer, UnknownPathsAndMethods) {
  start();
  auto client = connect();
  EXPECT_EQ(code_of(client.ask(request("GET /missing"))), "route_not_found");
  EXPECT_EQ(client.ask(request("GET /hello/")).status, 404);
  EXPECT_EQ(client.ask(request("GET /hello;x=1")).status, 404);
  EXPECT_EQ(client.ask(request("GET /HELLO")).status, 404);
  EXPECT_EQ(client.ask(request("TRACE /missing")).status, 404);
  for (const char* method : {"POST", "DELETE", "TRACE", "CONNECT", "FOO", "get"}) {
    const auto answer = client.ask(request(std::string(method) + " /hello"));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(code_of(answer), "method_not_allowed");
  }
  EXPECT_EQ(ask(request("CONNECT example.org:443")).status, 400);
}

TEST_F(HttpServer, OptionsNamesTheMethods) {
  start();
  auto client = connect();
  const auto answer = client.ask(request("OPTIONS /echo"));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("allow"), "OPTIONS, POST");
  EXPECT_FALSE(answer.header("access-control-allow-origin"));
  EXPECT_FALSE(answer.header("vary"));
  EXPECT_EQ(client.ask(request("OPTIONS *")).header("allow"), "GET, HEAD, OPTIONS, POST, PUT");
  EXPECT_EQ(client.ask(request("OPTIONS /missing")).status, 404);
}

TEST_F(HttpServer, AcceptChoosesBetweenPageAndJson) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /both", "Accept: application/json\r\n")).body, "json");
  EXPECT_EQ(client.ask(request("GET /both")).body, "json");
  const auto page = client.ask(request("GET /both", "Accept: text/html,*/*;q=0.8\r\n"));
  EXPECT_EQ(page.body, "page");
  EXPECT_EQ(page.header("vary"), "Accept");
}

TEST_F(HttpServer, EveryAnswerCarriesTheSecurityFields) {
  options.hsts = true;
  start();
  auto client = connect();
  for (const char* path : {"/hello", "/missing", "/nothing", "/throw"}) {
    const auto answer = client.ask(request("GET " + std::string(path)));
    EXPECT_EQ(answer.header("cache-control"), "no-store") << path;
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.header("strict-transport-security"), "max-age=31536000");
    EXPECT_THAT(answer.header("date").value_or(""), HasSubstr(" GMT"));
    EXPECT_THAT(answer.header("x-request-id").value_or(""), StartsWith("req_"));
    EXPECT_FALSE(answer.header("server"));
    EXPECT_FALSE(answer.header("connection"));
    EXPECT_EQ(answer.header("content-length").has_value(), answer.status != 204);
  }
  const auto own = client.ask(request("GET /own"));
  EXPECT_EQ(own.header("cache-control"), "public, max-age=60");
  EXPECT_EQ(own.header("content-security-policy"), "default-src 'self'");
}

TEST_F(HttpServer, RequestIdsAreKeptWhenTheyAreHarmless) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /hello", "X-Request-Id: a.B_9-\r\n")).header("x-request-id"), "a.B_9-");
  for (const std::string& id : {std::string("a b"), std::string("<x>"), std::string(65, 'a'), std::string()}) {
    const auto answer = client.ask(request("GET /hello", "X-Request-Id: " + id + "\r\n"));
    EXPECT_THAT(answer.header("x-request-id").value_or(""), StartsWith("req_"));
  }
}

TEST_F(HttpServer, ExceptionsBecome500WithoutTheirText) {
  start();
  ::testing::internal::CaptureStderr();
  const auto answer = ask(request("GET /throw", "X-Request-Id: find-me\r\n"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(code_of(answer), "internal_error");
  EXPECT_THAT(answer.body, Not(HasSubstr("hunter2")));
  EXPECT_EQ(ask(request("GET /throw-int")).status, 500);
  server->stop(std::chrono::seconds(1));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("a request failed request_id=find-me route=throw"));
  EXPECT_THAT(log, HasSubstr("an exception of unknown type"));
}

TEST_F(HttpServer, TheProgramSaysWhatExceptionsMean) {
  callbacks.on_exception = [](std::exception_ptr) { return base::Refusal{&base::kOverloaded, "later", {}, 7}; };
  start();
  const auto answer = ask(request("GET /throw"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "7");
  callbacks.on_exception = [](std::exception_ptr) -> base::Refusal { throw std::runtime_error("again"); };
  start();
  EXPECT_EQ(ask(request("GET /throw")).status, 500);
}

TEST_F(HttpServer, RefusalsArePagesForBrowsers) {
  callbacks.render_problem = [](const base::Refusal& refusal, const Request&) {
    if (refusal.code == &base::kMethodNotAllowed) throw std::runtime_error("template broken");
    return Response{.status = refusal.code->status, .content_type = "text/html", .body = "<p>sorry"};
  };
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /missing", "Accept: text/html\r\n")).body, "<p>sorry");
  EXPECT_EQ(code_of(client.ask(request("GET /missing"))), "route_not_found");
  const auto broken = client.ask(request("PUT /hello", "Accept: text/html\r\n"));
  EXPECT_EQ(code_of(broken), "method_not_allowed");
  EXPECT_TRUE(broken.header("allow"));
}

TEST_F(HttpServer, AnAnswerWithAnInjectedFieldIsNeverSent) {
  start();
  EXPECT_EQ(ask(request("GET /inject?to=fine")).header("location"), "/fine");
  auto client = connect();
  client.send(request("GET /inject?to=a%0d%0aSet-Cookie:%20x=1"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServer, DevModeAnswersLoopbackHostsOnly) {
  options.allowed_hosts = {"127.0.0.1", "[::1]", "localhost"};
  start();
  const auto status = [&](const std::string& host) {
    return ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  for (const char* host : {"127.0.0.1", "127.0.0.1:5000", "[::1]", "[::1]:5000", "localhost:1", "LOCALHOST"}) {
    EXPECT_EQ(status(host), 200) << host;
  }
  for (const char* host :
       {"evil.test", "localhost.evil.test", "127.0.0.1.evil.test:5000", "[::2]", "::1", "localhost."}) {
    EXPECT_EQ(status(host), 421) << host;
  }
  EXPECT_EQ(ask("GET /hello HTTP/1.0\r\n\r\n").status, 421);
  EXPECT_EQ(ask("GET http://evil.test/hello HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 400);
}

TEST_F(HttpServer, ForwardingFieldsAreBelievedFromTrustedProxiesOnly) {
  constexpr std::string_view kFields =
      "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Host: evil.test\r\nForwarded: host=evil.test\r\n";
  start();
  EXPECT_EQ(ask(request("GET /client", kFields)).body, "127.0.0.1 untrusted");
  EXPECT_EQ(ask(request("GET /client")).body, "127.0.0.1");
  server.reset();
  options.trusted_proxies = {*base::Network::parse("127.0.0.0/8")};
  start();
  EXPECT_EQ(ask(request("GET /client", kFields)).body, "198.51.100.1");
  EXPECT_EQ(ask(request("GET /client", "X-Forwarded-For: 198.51.100.1, junk\r\n")).body, "127.0.0.1 untrusted");
  EXPECT_EQ(ask(request("GET /client")).body, "127.0.0.1 untrusted") << "the proxy does not say for whom";
}

TEST_F(HttpServer, CorsIsOffUnlessOriginsAreListed) {
  start();
  const auto answer = ask(request("GET /hello", "Origin: https://app.example\r\n"));
  for (const auto& [name, value] : answer.headers) EXPECT_THAT(name, Not(StartsWith("access-control")));
}

TEST_F(HttpServer, CorsIsExactAndWithoutCredentials) {
  options.cors_origins = {"https://app.example"};
  start();
  auto client = connect();
  const auto answer = client.ask(request("GET /hello", "Origin: https://app.example\r\n"));
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(answer.header("vary"), "Origin");
  EXPECT_EQ(answer.header("access-control-expose-headers"),
            "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag, Idempotency-Replayed, "
            "WWW-Authenticate");
  EXPECT_FALSE(answer.header("access-control-allow-credentials"));
  EXPECT_TRUE(
      client.ask(request("GET /missing", "Origin: https://app.example\r\n")).header("access-control-allow-origin"));

  for (const char* origin :
       {"https://app.example.evil.test", "http://app.example", "https://APP.example", "null", "*"}) {
    const auto refused = client.ask(request("GET /hello", "Origin: " + std::string(origin) + "\r\n"));
    EXPECT_FALSE(refused.header("access-control-allow-origin")) << origin;
    EXPECT_EQ(refused.header("vary"), "Origin");
  }

  const auto preflight =
      client.ask(request("OPTIONS /echo", "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "OPTIONS, POST");
  EXPECT_EQ(preflight.header("access-control-allow-headers"),
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, traceparent, "
            "tracestate");
  EXPECT_EQ(preflight.header("access-control-max-age"), "600");
  const auto foreign =
      client.ask(request("OPTIONS /echo", "Origin: https://evil.test\r\nAccess-Control-Request-Method: POST\r\n"));
  EXPECT_FALSE(foreign.header("access-control-allow-methods"));
}

TEST_F(HttpServer, TellsTheObserverAndTheLogWithoutSecrets) {
  std::mutex mutex;
  std::vector<std::pair<std::string, int>> seen;
  callbacks.observe = [&](std::string_view route, int status, double seconds) {
    const std::lock_guard lock(mutex);
    seen.emplace_back(route, status);
    EXPECT_GE(seconds, 0);
  };
  start();
  ::testing::internal::CaptureStderr();
  auto client = connect();
  client.ask(request("GET /items/grt_secretpart?token=querysecret"));
  client.ask(request("GET /missing?token=querysecret"));
  client.ask(request("GET /health"));
  client.ask("BROKEN\r\n\r\n");
  server->stop(std::chrono::seconds(1));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, int>>{{"item", 200}, {"-", 404}, {"health", 204}, {"-", 400}}));
  EXPECT_THAT(log, HasSubstr("method=GET route=item path=/items/*** status=200 duration_ms="));
  EXPECT_THAT(log, HasSubstr("client=127.0.0.1"));
  EXPECT_THAT(log, Not(HasSubstr("secret")));
  EXPECT_THAT(log, Not(HasSubstr("health")));
}

TEST_F(HttpServer, TwoServersLiveInOneProcess) {
  start();
  ServerOptions management;
  management.threads = 1;
  management.store_workers = management.hash_workers = 0;
  Route route{.method = Method::get, .path = "/livez", .lane = Lane::memory, .name = "health"};
  route.handle = [](const Request&) { return Response{.status = 204}; };
  Server other(management, Router({route}));
  other.start();
  EXPECT_EQ(RawClient(other.port()).ask(request("GET /livez")).status, 204);
  EXPECT_EQ(ask(request("GET /livez")).status, 404);
}

TEST_F(HttpServer, APortInUseIsRefused) {
  start();
  options.port = server->port();
  Server second(options, Router({}), {});
  EXPECT_THROW(second.start(), std::system_error);
}

TEST_F(HttpServer, ARowWithoutWorkersIsRefused) {
  options.store_workers = 0;
  EXPECT_THROW(start(), std::logic_error);
}

TEST_F(HttpServer, ListensOnVersion6AsWell) {
  options.address = *base::IpAddress::parse("::");
  start();
  EXPECT_EQ(ask(request("GET /client")).body, "127.0.0.1");
}

}  // namespace
}  // namespace gatehouse::http
