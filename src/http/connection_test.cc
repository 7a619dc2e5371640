#include "http/server_fixture.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <thread>

namespace gatehouse::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Connections : public ServerFixture {};

/// Each loop closes its own listening socket, so the last one may take a moment longer.
bool is_refused_soon(std::uint16_t port) {
  for (int i = 0; i < 200; ++i) {
    try {
      RawClient client(port);
    } catch (const std::runtime_error&) {
      return true;
    }
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST_F(Connections, StayOpenAndCloseWhenAsked) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(request("GET /hello")).status, 200);
  const auto last = client.ask(request("GET /hello", "Connection: close\r\n"));
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  auto old = connect();
  EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").body, "hello");
  EXPECT_TRUE(old.is_closed());
}

TEST_F(Connections, OneEmptyLineBeforeARequestIsSkipped) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask("\r\n" + request("GET /hello")).body, "hello");
  EXPECT_EQ(client.ask("\r\n" + request("GET /hello")).body, "hello");
  EXPECT_EQ(client.ask("\r\n\r\n" + request("GET /hello")).status, 400);
}

/// Whatever follows a refused request on its connection must never be answered: it is how a smuggled request is served.
class Smuggling : public ServerFixture, public ::testing::WithParamInterface<const char*> {};

TEST_P(Smuggling, EndsTheConnectionBeforeTheHiddenRequest) {
  start();
  auto client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + std::string(GetParam()) + request("GET /hello"));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_TRUE(client.is_closed());
  server->stop(1s);
  EXPECT_EQ(handled, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, Smuggling,
    ::testing::Values("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                      "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                      "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
                      "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0, 0\r\n\r\n",
                      "Content-Length: +0\r\n\r\n", "Content-Length : 44\r\n\r\n",
                      "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                      "Transfer-Encoding: identity\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                      "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "X: y\r\n Content-Length: 44\r\n\r\n",
                      "X: y\rContent-Length: 44\r\n\r\n", "X: y\nContent-Length: 44\r\n\r\n", "Content-Length: 44\n\n",
                      "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                      "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
                      "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\n\n",
                      "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n",
                      "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "Host: other\r\nContent-Length: 0\r\n\r\n"));

TEST_F(Connections, BodiesThatNobodyTakesEndTheConnection) {
  start();
  for (const std::string& start_line : {std::string("GET /hello"), std::string("POST /missing"),
                                        std::string("DELETE /hello"), std::string("OPTIONS /hello")}) {
    auto client = connect();
    const std::string hidden = request("GET /items/hidden");
    client.send(request(start_line, "Content-Length: " + std::to_string(hidden.size()) + "\r\n", hidden));
    const auto answer = client.answer();
    EXPECT_NE(answer.status, 200) << start_line;
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(ask(request("GET /hello", "Content-Length: 0\r\n")).status, 200);
  EXPECT_EQ(ask(request("GET /hello", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")).status, 413);
}

TEST_F(Connections, LargeBodiesAreRefusedBeforeTheyAreRead) {
  start();
  auto client = connect();
  client.send(request("PUT /small", "Content-Length: 11\r\n"));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(ask(request("PUT /small", "Content-Length: 10\r\n", "0123456789")).body, "0123456789");
  EXPECT_EQ(ask(request("PUT /small", "Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n")).body,
            "0123456789");
  EXPECT_EQ(ask(request("PUT /small", "Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n1\r\n")).status, 413);
  EXPECT_EQ(ask(request("PUT /small", "Content-Length: 18446744073709551615\r\n")).status, 413);
}

TEST_F(Connections, ARefusalReachesAClientThatKeepsSending) {
  start();
  auto client = connect();
  client.send(request("PUT /small", "Content-Length: 500000\r\n", std::string(500'000, 'x')));
  EXPECT_EQ(client.answer().status, 413);
}

TEST_F(Connections, LongTargetsAndHeadsAreRefused) {
  start();
  EXPECT_EQ(ask(request("GET /" + std::string(9000, 'a'))).status, 414);
  EXPECT_EQ(ask(request("GET /" + std::string(8192, 'a'))).status, 414);
  EXPECT_EQ(ask(request("GET /" + std::string(8000, 'a'))).status, 404);
  EXPECT_EQ(ask(request("GET /hello", "X: " + std::string(17000, 'a') + "\r\n")).status, 431);
  EXPECT_EQ(ask(request("GET /hello", "X: " + std::string(15000, 'a') + "\r\n")).status, 200);
}

TEST_F(Connections, EncodedPathTricksAreRefused) {
  start();
  for (const char* path :
       {"/items/a%2fb", "/items/a%5cb", "/items/../hello", "/items/%2e%2e/hello", "/./hello", "//hello", "/items//a",
        "/items/a%00", "/items/%ff", "/items/%zz", "/hello#x", "hello", "*"}) {
    EXPECT_EQ(ask(request("GET " + std::string(path))).status, 400) << path;
  }
  EXPECT_EQ(handled, 0);
}

TEST_F(Connections, AbsoluteFormIsServedForItsOwnHostOnly) {
  start();
  EXPECT_EQ(ask(request("GET http://localhost/hello")).body, "hello");
  EXPECT_EQ(ask(request("GET http://evil.test/hello")).status, 400);
}

TEST_F(Connections, TheBodyIsAskedForOnceTheRouteTakesIt) {
  start();
  auto client = connect();
  client.send(request("POST /echo", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.answer().status, 100);
  EXPECT_EQ(client.ask("ok").body, "ok");
  EXPECT_EQ(client.ask(request("POST /echo", "Content-Length: 2\r\nExpect: 100-continue\r\n", "ok")).body, "ok");
  EXPECT_EQ(client.ask(request("GET /hello", "Expect: 100-continue\r\n")).status, 200);
  EXPECT_EQ(ask(request("PUT /small", "Content-Length: 20\r\nExpect: 100-continue\r\n")).status, 413);
  EXPECT_EQ(ask(request("POST /missing", "Content-Length: 20\r\nExpect: 100-continue\r\n")).status, 404);
  EXPECT_EQ(ask(request("POST /echo", "Content-Length: 2\r\nExpect: miracle\r\n")).status, 400);
}

TEST_F(Connections, SlowHeadsAreCutHoweverTheyDrip) {
  options.limits.header_time = 120ms;
  start();
  auto client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
  const auto began = std::chrono::steady_clock::now();
  while (!client.wait(10ms) && client.send("X: y\r\n")) {
  }
  EXPECT_EQ(client.answer().status, 408);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, 80ms);
  EXPECT_LT(took, 2s);
}

TEST_F(Connections, SlowBodiesAreCutHoweverTheyDrip) {
  options.limits.body_time = 120ms;
  start();
  auto client = connect();
  client.send(request("POST /echo", "Content-Length: 1000\r\n"));
  while (!client.wait(10ms) && client.send("x")) {
  }
  EXPECT_EQ(client.answer().status, 408);
  EXPECT_EQ(handled, 0);
}

TEST_F(Connections, IdleOnesAreClosedInSilence) {
  options.limits.idle_time = 60ms;
  options.limits.header_time = 60ms;
  start();
  auto unused = connect();
  auto used = connect();
  EXPECT_EQ(used.ask(request("GET /hello")).status, 200);
  EXPECT_TRUE(used.is_closed(2s));
  EXPECT_TRUE(unused.is_closed(2s));
}

// 32 MiB are more than the buffers of both kernels take, so the server waits for the reader.

TEST_F(Connections, ReadersThatTakeNothingAreCut) {
  options.limits.write_time = 60ms;
  options.limits.write_bytes_per_second = std::size_t(1) << 40;
  start();
  auto client = connect();
  client.send(request("GET /large"));
  ASSERT_TRUE(client.wait(2s));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(client.answer().status, 0);
}

TEST_F(Connections, TheDrainCutsReadersThatTakeNothing) {
  start();
  auto client = connect();
  client.send(request("GET /large"));
  ASSERT_TRUE(client.wait(2s));
  const auto began = std::chrono::steady_clock::now();
  server->stop(50ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_EQ(client.answer().status, 0);
}

TEST_F(Connections, LargeAnswersArriveWhole) {
  start();
  EXPECT_EQ(ask(request("GET /large")).body, std::string(32 << 20, 'x'));
}

TEST_F(Connections, LargeAnswersThatNobodyTakesDoNotFillTheMemory) {
  options.limits.unsent_bytes = std::size_t(40) << 20;
  start();
  auto idle = connect();
  idle.send(request("GET /large"));
  ASSERT_TRUE(idle.wait(2s));
  const auto refused = ask(request("GET /large"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("retry-after"));
  EXPECT_EQ(ask(request("GET /hello")).status, 200);
  EXPECT_EQ(idle.answer().body.size(), std::size_t(32) << 20);
  EXPECT_EQ(idle.ask(request("GET /large")).status, 200);
}

TEST_F(Connections, AFullLaneSays503AtOnceAndOthersGoOn) {
  start();
  std::vector<RawClient> clients;
  clients.push_back(connect());
  clients.back().send(request("POST /hash"));
  gate.await_waiting(1);
  clients.push_back(connect());
  clients.back().send(request("POST /hash"));
  RawAnswer refused;
  for (int i = 0; i < 50 && refused.status == 0; ++i) {
    clients.push_back(connect());
    clients.back().send(request("POST /hash"));
    refused = clients.back().answer(false, 50ms);
  }
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr("overloaded"));
  EXPECT_EQ(ask(request("GET /hello")).status, 200);
  EXPECT_EQ(ask(request("POST /echo", "Content-Length: 1\r\n", "x")).body, "x");
  gate.open();
  EXPECT_EQ(clients[0].answer().body, "hashed");
}

TEST_F(Connections, AClientThatLeavesWhileAWorkerIsBusyHarmsNobody) {
  start();
  {
    auto client = connect();
    client.send(request("POST /hash"));
    gate.await_waiting(1);
  }
  gate.open();
  EXPECT_EQ(ask(request("POST /hash")).body, "hashed");
}

TEST_F(Connections, TheDrainFinishesWhatHasBegun) {
  start();
  auto busy = connect();
  busy.send(request("POST /hash"));
  gate.await_waiting(1);
  auto idle = connect();
  EXPECT_EQ(idle.ask(request("GET /hello")).status, 200);
  auto half = connect();
  // Answered, it is accepted: what waits in the kernel alone is reset with the listening socket.
  EXPECT_EQ(half.ask(request("GET /hello")).status, 200);
  half.send("GET /hello HTTP/1.1\r\n");
  const std::uint16_t port = server->port();

  std::thread stopping([&] { server->stop(5s); });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(is_refused_soon(port));
  half.send("Host: a\r\n\r\n");
  const auto late = half.answer();
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.header("connection"), "close");
  gate.open();
  const auto answer = busy.answer();
  EXPECT_EQ(answer.body, "hashed");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(busy.is_closed());
  stopping.join();
}

TEST_F(Connections, ARequestThatWasBegunBehindAnAnswerIsAnsweredAlthoughTheDrainBeganInBetween) {
  start();
  auto client = connect();
  client.send(request("GET /large"));
  ASSERT_TRUE(client.wait(2s)) << "the answer keeps the connection alive, and waits to be taken";
  client.send("GET /hello HTTP/1.1\r\n");
  const std::uint16_t port = server->port();
  std::thread stopping([&] { server->stop(5s); });
  EXPECT_TRUE(is_refused_soon(port));
  EXPECT_EQ(client.answer().status, 200);
  client.send("Host: a\r\n\r\n");
  const auto late = client.answer();
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.header("connection"), "close");
  stopping.join();
}

TEST_F(Connections, TheDrainIsBoundedAndDropsWhatHasNotBegun) {
  start();
  auto busy = connect();
  busy.send(request("POST /hash"));
  gate.await_waiting(1);
  auto waiting = connect();
  waiting.send(request("POST /hash"));
  EXPECT_FALSE(waiting.wait(30ms));
  std::thread stopping([&] { server->stop(50ms); });
  EXPECT_TRUE(busy.is_closed());
  EXPECT_TRUE(waiting.is_closed());
  gate.open();
  stopping.join();
  EXPECT_EQ(handled, 1);
}

TEST_F(Connections, OneMoreThanTheLimitIsClosedAtOnce) {
  options.limits.connections = 2;
  start();
  auto first = connect();
  EXPECT_EQ(first.ask(request("GET /hello")).status, 200);
  {
    auto second = connect();
    EXPECT_EQ(second.ask(request("GET /hello")).status, 200);
    auto third = connect();
    EXPECT_TRUE(third.is_closed(2s));
  }
  RawAnswer answer;
  for (int i = 0; i < 200 && answer.status == 0; ++i) answer = ask(request("GET /hello"));
  EXPECT_EQ(answer.status, 200);
}

TEST_F(Connections, AThousandIdleOnesAreServedWhenTheyWakeUp) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  start();
  std::vector<RawClient> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(connect());
  EXPECT_EQ(ask(request("GET /hello")).status, 200);
  for (std::size_t i = 0; i < idle.size(); i += 100) EXPECT_EQ(idle[i].ask(request("GET /hello")).status, 200);
}

}  // namespace
}  // namespace gatehouse::http
