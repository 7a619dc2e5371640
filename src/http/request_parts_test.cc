#include "base/log.h"
#include "http/accept.h"
#include "http/access_log.h"
#include "http/chunked.h"
#include "http/client_address.h"
#include "http/request_head.h"
#include "http/response_head.h"
#include "http/target.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

constexpr HeadLimits kLimits{16 * 1024, 8 * 1024};

base::Result<std::optional<std::size_t>> scan(std::string_view text) { return HeadScanner(kLimits).scan(text); }

/// As a connection does it: first find the end, then read.
base::Result<RequestHead> parse(std::string_view fields, std::string_view start = "GET / HTTP/1.1") {
  const std::string bytes = std::string(start) + "\r\n" + std::string(fields) + "\r\n";
  const std::size_t size = TRY(scan(bytes)).value();
  return parse_head(std::string_view(bytes).substr(0, size), kLimits);
}

TEST(HeadScanner, FindsTheEndHoweverTheBytesArrive) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
  HeadScanner scanner(kLimits);
  for (std::size_t i = 0; i < bytes.size() - 4; ++i) {
    const auto size = scanner.scan(std::string_view(bytes).substr(0, i));
    ASSERT_TRUE(size.has_value());
    ASSERT_FALSE(size->has_value()) << i;
  }
  EXPECT_EQ(scanner.scan(bytes).value(), bytes.size() - 4);
  EXPECT_EQ(scan(bytes).value(), bytes.size() - 4);
}

TEST(HeadScanner, RefusesAtOnceWhatCantBecomeAHead) {
  EXPECT_EQ(scan("GET / HTTP/1.1\n").error().code, &base::kMalformedRequest);
  EXPECT_EQ(scan("\n").error().code, &base::kMalformedRequest);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: b\r\n c\r\n").error().code, &base::kMalformedRequest);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\n\tA: b\r\n").error().code, &base::kMalformedRequest);
  EXPECT_EQ(scan("GET /" + std::string(9000, 'a')).error().code, &base::kUriTooLong);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: " + std::string(17000, 'a')).error().code, &base::kHeadersTooLarge);
}

TEST(HeadScanner, CountsFieldsThatArriveOneByOne) {
  HeadScanner scanner(kLimits);
  std::string bytes = "GET / HTTP/1.1\r\n";
  bool is_refused = false;
  for (int i = 0; i < 4000 && !is_refused; ++i) {
    bytes += "A: bcdef\r\n";
    is_refused = !scanner.scan(bytes).has_value();
  }
  EXPECT_TRUE(is_refused);
  EXPECT_LT(bytes.size(), kLimits.header_bytes + 20);
}

TEST(RequestHead, ReadsStartLineAndFields) {
  const auto head = parse("Host: Example.org:80\r\nX-Thing:  a b \r\nContent-Length: 12\r\n", "POST /a?b=c HTTP/1.1");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method, Method::post);
  EXPECT_EQ(head->target, "/a?b=c");
  EXPECT_EQ(head->host, "Example.org:80");
  EXPECT_EQ(head->headers[1], (std::pair<std::string, std::string>("x-thing", "a b")));
  EXPECT_EQ(head->framing.content_length, 12u);
  EXPECT_TRUE(head->framing.keep_alive);
}

TEST(RequestHead, KnowsWhenTheConnectionEnds) {
  EXPECT_FALSE(parse("Host: a\r\nConnection: close\r\n")->framing.keep_alive);
  EXPECT_FALSE(parse("Host: a\r\nConnection: foo, CLOSE\r\n")->framing.keep_alive);
  EXPECT_FALSE(parse("Connection: keep-alive\r\n", "GET / HTTP/1.0")->framing.keep_alive);
}

TEST(RequestHead, MethodsAreCaseSensitive) {
  EXPECT_EQ(parse("Host: a\r\n", "get / HTTP/1.1")->method, Method::other);
  EXPECT_EQ(parse("Host: a\r\n", "TRACE / HTTP/1.1")->method, Method::other);
}

class SmuggledHead : public ::testing::TestWithParam<const char*> {};

TEST_P(SmuggledHead, IsRefused) {
  const auto head = parse(std::string("Host: a\r\n") + GetParam());
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, &base::kMalformedRequest);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, SmuggledHead,
    ::testing::Values(
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: identity\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n",
        "Content-Length: -5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n", "Content-Length:\r\n",
        "Content-Length: 5.0\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length : 5\r\n",
        "Content-Length\t: 5\r\n", "Transfer-Encoding : chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: \x0b"
        "chunked\r\n",
        "Transfer-Encoding:\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "X: a\rTransfer-Encoding: chunked\r\n",
        "X: a\r\n Transfer-Encoding: chunked\r\n", "X: a\r\r\n", ": a\r\n", "X\r\n", "X Y: a\r\n", "X\x80: a\r\n",
        "X: a\x01\r\n", "X: a\x7f\r\n", "Host: a\r\n", "Host: b\r\n", "Authorization: a\r\nAuthorization: b\r\n",
        "Content-Type: a\r\nContent-Type: b\r\n", "Expect: 200-ok\r\n", "Expect: 100-continue, x\r\n"));

TEST(RequestHead, NulIsRefused) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(parse("Host: a\r\nX: a\0b\r\n"sv).has_value());
  EXPECT_FALSE(parse("Host: a\r\nX\0: a\r\n"sv).has_value());
}

TEST(RequestHead, StartLinesAreExact) {
  for (const char* start :
       {"GET  / HTTP/1.1", "GET /\tHTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/2.0", "GET / http/1.1", "GET /",
        "GET / HTTP/1.10", " GET / HTTP/1.1", "G\x01T / HTTP/1.1", "GET /a b HTTP/1.1", "PRI * HTTP/2.0"}) {
    EXPECT_FALSE(parse("Host: a\r\n", start).has_value()) << start;
  }
}

TEST(RequestHead, HostMustBeOneHost) {
  EXPECT_FALSE(parse("").has_value());
  EXPECT_TRUE(parse("", "GET / HTTP/1.0").has_value());
  for (const char* host : {"", "a b", "a/b", "a@b", "a,b", "a#b", "a?b", "a\\b", "a\xc3\xa4"}) {
    EXPECT_FALSE(parse("Host: " + std::string(host) + "\r\n").has_value()) << host;
  }
  EXPECT_EQ(parse("Host: [::1]:5000\r\n")->host, "[::1]:5000");
}

TEST(RequestHead, TransferEncodingOnHttp10IsRefused) {
  EXPECT_FALSE(parse("Host: a\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.0").has_value());
}

TEST(RequestHead, TooManyFieldsAreTooLarge) {
  std::string fields = "Host: a\r\n";
  for (int i = 0; i < 101; ++i) fields += "A: b\r\n";
  EXPECT_EQ(parse(fields).error().code, &base::kHeadersTooLarge);
}

std::string read_chunked(std::string_view input, std::size_t limit, ChunkedReader::State expected, std::size_t step) {
  ChunkedReader reader(limit);
  std::string body;
  auto state = ChunkedReader::State::more;
  for (std::size_t i = 0; i < input.size() && state == ChunkedReader::State::more; i += step) {
    std::string_view piece = input.substr(i, step);
    state = reader.read(piece, body);
  }
  EXPECT_EQ(state, expected) << input;
  return body;
}

TEST(ChunkedReader, JoinsChunksHoweverTheyArrive) {
  constexpr std::string_view kInput = "5;x=\"y\"\r\nhello\r\n00006\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t step = 1; step <= kInput.size(); ++step) {
    EXPECT_EQ(read_chunked(kInput, 100, ChunkedReader::State::done, step), "hello world");
  }
}

TEST(ChunkedReader, LeavesWhatFollows) {
  ChunkedReader reader(100);
  std::string body;
  std::string_view input = "1\r\na\r\n0\r\n\r\nGET /";
  EXPECT_EQ(reader.read(input, body), ChunkedReader::State::done);
  EXPECT_EQ(input, "GET /");
}

TEST(ChunkedReader, RefusesWhatReadersDifferOn) {
  for (const char* input : {"\r\n", "g\r\n", "0x5\r\n", "-1\r\n", "+1\r\n", " 5\r\n", "5 \r\n", "5\n", "5\rx",
                            "000000005\r\n", "fffffffffffffffff\r\n", ";x\r\n", "5;a\nb\r\n", "1\r\nab\r\n", "1\r\na\n",
                            "0\r\nA: b\n", "0\r\nA\x01: b\r\n"}) {
    read_chunked(input, 100, ChunkedReader::State::bad, 1);
    read_chunked(input, 100, ChunkedReader::State::bad, 1000);
  }
}

TEST(ChunkedReader, StopsAtItsLimits) {
  read_chunked("65\r\n", 100, ChunkedReader::State::too_large, 1);
  read_chunked("64\r\n" + std::string(100, 'a') + "\r\n1\r\n", 100, ChunkedReader::State::too_large, 7);
  read_chunked("64\r\n" + std::string(100, 'a') + "\r\n0\r\n\r\n", 100, ChunkedReader::State::done, 7);
  read_chunked("ffffffff\r\n", 100, ChunkedReader::State::too_large, 1);
  read_chunked("1;" + std::string(2000, 'a'), 100, ChunkedReader::State::bad, 100);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 600; ++i) trailers += "Name: value\r\n";
  read_chunked(trailers, 100, ChunkedReader::State::bad, 100);
}

TEST(Target, DecodesOnce) {
  const auto target = parse_target("/v1/a%20b/%252f;x=1/?q=a+b%26&r&=x&&s=%C3%A4", "h", false);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->path, (std::vector<std::string>{"v1", "a b", "%2f;x=1", ""}));
  EXPECT_EQ(target->query,
            (std::vector<std::pair<std::string, std::string>>{{"q", "a b&"}, {"r", ""}, {"", "x"}, {"s", "ä"}}));
  EXPECT_TRUE(parse_target("/", "h", false)->path.empty());
}

TEST(Target, RefusesWhatTwoProgramsMightReadDifferently) {
  for (const char* text : {"/a%2fb",     "/a%2Fb",
                           "/a%5cb",     "/a\\b",
                           "/.",         "/..",
                           "/a/../b",    "/a/%2e%2e/b",
                           "/a/.%2E",    "/%2e",
                           "//",         "//a",
                           "/a//b",      "/a%00",
                           "/a%0a",      "/a%7f",
                           "/%ff",       "/%c0%af",
                           "/%ed%a0%80", "/%",
                           "/%4",        "/%zz",
                           "/a#b",       "/a?b#c",
                           "/?a=%",      "/?a=%00",
                           "/?%ff",      "a",
                           "*",          "example.org:443",
                           "?a",         "ftp://h/",
                           "http:/a",    "javascript:alert(1)"}) {
    const auto target = parse_target(text, "h", false);
    ASSERT_FALSE(target.has_value()) << text;
    EXPECT_EQ(target.error().code, &base::kMalformedRequest) << text;
  }
}

TEST(Target, AbsoluteFormMustNameTheHost) {
  EXPECT_EQ(parse_target("http://EXAMPLE.org:80/a?b=c", "example.org:80", false)->path, std::vector<std::string>{"a"});
  EXPECT_TRUE(parse_target("http://h", "h", false)->path.empty());
  EXPECT_EQ(parse_target("http://h?a=b", "h", false)->query.size(), 1u);
  for (const char* text :
       {"http://evil.test/a", "http://h@evil.test/", "http://evil.test@h/", "http://h:81/", "http:///a"}) {
    EXPECT_FALSE(parse_target(text, "h", false).has_value()) << text;
  }
  EXPECT_FALSE(parse_target("http:///a", "", false).has_value());
}

TEST(Target, AsteriskIsForOptionsOnly) {
  EXPECT_TRUE(parse_target("*", "h", true)->is_asterisk);
  EXPECT_FALSE(parse_target("*", "h", false).has_value());
}

bool prefers(std::string accept) { return prefers_page({{"accept", std::move(accept)}}); }

TEST(Accept, BrowsersGetPagesAndProgramsDoNot) {
  EXPECT_TRUE(prefers("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  EXPECT_TRUE(prefers("TEXT/HTML"));
  EXPECT_TRUE(prefers("application/json, text/html"));
  EXPECT_TRUE(prefers_page({{"accept", "application/json;q=0.5"}, {"accept", "text/html;level=1;q=0.5"}}));
  for (const char* accept :
       {"", "*/*", "application/json", "text/*", "text/html;q=0", "text/html;q=0.5, application/json",
        "text/html;q=0.9, */*", "text/html;q=0.4, application/*;q=0.5", "text/html;q=2", "text/html;q=x",
        "text/html;q=0.1234", ",,;;"}) {
    EXPECT_FALSE(prefers(accept)) << accept;
  }
  EXPECT_FALSE(prefers_page({}));
}

base::IpAddress address(std::string_view text) { return base::IpAddress::parse(text).value(); }

std::string client(std::string_view peer, const Headers& headers) {
  const std::vector<base::Network> trusted{*base::Network::parse("10.0.0.0/8"), *base::Network::parse("fd00::/8")};
  return client_address(address(peer), headers, trusted).address.to_string();
}

TEST(ClientAddress, IsTheRightmostHopThatIsNoTrustedProxy) {
  EXPECT_EQ(client("192.0.2.1", {{"x-forwarded-for", "198.51.100.1"}}), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "198.51.100.1"}}), "198.51.100.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "203.0.113.9, 198.51.100.1 ,10.0.0.2"}}), "198.51.100.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-for", "198.51.100.1, 10.0.0.2"}}),
            "198.51.100.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "10.0.0.3, 10.0.0.2"}}), "10.0.0.3");
  EXPECT_EQ(client("fd00::1", {{"x-forwarded-for", "2001:db8::1"}}), "2001:db8::1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "::ffff:198.51.100.1"}}), "198.51.100.1");
}

TEST(ClientAddress, PortsAndBracketsAreTakenOff) {
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "198.51.100.1:4711"}}), "198.51.100.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "[2001:db8::1]:4711"}}), "2001:db8::1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "[2001:db8::1]"}}), "2001:db8::1");
}

TEST(ClientAddress, NonsenseEndsTheWalkAtTheLastGoodHop) {
  for (const std::string& junk :
       {std::string("a"), std::string(), std::string("unknown"), std::string("fe80::1%eth0"), std::string("[::1"),
        std::string("]"), std::string(10'000, 'x'), std::string("1.2.3.4.5"), std::string("010.1.1.1")}) {
    EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "203.0.113.9, " + junk}}), "10.0.0.1") << junk;
    EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "203.0.113.9, " + junk + ", 10.0.0.2"}}), "10.0.0.2") << junk;
  }
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "10.0.0.2,";
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "198.51.100.1," + many + "10.0.0.3"}}), "198.51.100.1");
}

TEST(AccessLog, MasksWhatMayBeASecret) {
  EXPECT_EQ(path_for_log({"v1", "organizations", "org_01jd8zq3v5f2k9w7x6m4n1p0rt"}),
            "/v1/organizations/org_01jd8zq3v5f2k9w7x6m4n1p0rt");
  EXPECT_EQ(path_for_log({"x", std::string(41, 'a')}), "/x/***");
  EXPECT_EQ(path_for_log({"grt_abc", "eyJhbGci", "gir_x", "get_it"}), "/***/***/***/***");
  EXPECT_EQ(path_for_log({}), "/");
}

TEST(AccessLog, NamesTheTraceWhenThereIsOne) {
  const auto line_of = [](const std::string& trace_id) {
    Request request;
    request.trace_id = trace_id;
    base::log::configure(base::log::Level::info, base::log::Format::text);
    testing::internal::CaptureStderr();
    log_access(request, "row", 204, 0.5);
    return testing::internal::GetCapturedStderr();
  };
  const std::string traced = line_of("4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(traced.find(" status=204 duration_ms=500 "), std::string::npos) << traced;
  EXPECT_NE(traced.find(" trace_id=4bf92f3577b34da6a3ce929d0e0e4736\n"), std::string::npos) << traced;
  EXPECT_EQ(line_of("").find("trace"), std::string::npos);
}

TEST(ResponseHead, RefusesInjection) {
  const auto sendable = [](std::string name, std::string value) {
    return is_sendable(Response{.headers = {{std::move(name), std::move(value)}}});
  };
  EXPECT_TRUE(sendable("Location", "/a"));
  EXPECT_FALSE(sendable("Location", "/a\r\nSet-Cookie: x"));
  EXPECT_FALSE(sendable("Location", "/a\n"));
  EXPECT_FALSE(sendable("Location", std::string("a\0b", 3)));
  EXPECT_FALSE(sendable("Loc ation", "/a"));
  EXPECT_FALSE(sendable("A\r\nB", "c"));
  EXPECT_FALSE(sendable("", "c"));
  EXPECT_FALSE(sendable("Content-length", "5"));
  EXPECT_FALSE(sendable("Transfer-Encoding", "chunked"));
  EXPECT_FALSE(is_sendable(Response{.content_type = "text/html\r\nX: y"}));
  EXPECT_FALSE(is_sendable(Response{.status = 100}));
}

TEST(ResponseHead, DateIsAnHttpDate) { EXPECT_EQ(format_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace gatehouse::http
