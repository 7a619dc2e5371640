#include "http/request_head.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <limits>

namespace gatehouse::http {

namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;

constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kUsualFields = 16;
/// Longest method and version around a target that we still look at.
constexpr std::size_t kStartLineOverheadBytes = 40;

tl::unexpected<base::Refusal> malformed(const char* why) { return base::refuse(base::kMalformedRequest, why); }

Method to_method(std::string_view text) {
  using enum Method;
  for (const Method method : {get, head, post, put, patch, del, options}) {
    if (to_string(method) == text) return method;
  }
  return other;
}

/// Beast's grammar of start line and fields. It sees only whole heads: fed piece by piece, Beast 1.81 counts its header
/// limit anew for each piece, and bodies are not its concern here.
class HeadParser final : public beast::basic_parser<true> {
 public:
  explicit HeadParser(RequestHead& head) : head_(head) {
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
  }
  bool has_too_many_fields() const { return head_.headers.size() > kMaxFields; }

 private:
  using string_view = boost::beast::string_view;

  void on_request_impl(beast::verb, string_view method, string_view target, int version, error_code&) override {
    head_.method = to_method(method);
    head_.target = target;
    head_.is_http_1_1 = version == 11;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast::field, string_view name, string_view value, error_code& error) override {
    head_.headers.emplace_back(base::to_lower_ascii(name), value);
    if (has_too_many_fields()) error = beast::error::header_limit;
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}

  RequestHead& head_;
};

/// Fields of which two could be read as either one, by us and by whoever stands in front of us.
constexpr std::array<std::string_view, 8> kSingleFields{
    "host", "content-length", "transfer-encoding", "content-type", "authorization", "expect", "origin", "cookie"};

base::Result<void> check_single_fields(const Headers& headers) {
  std::array<bool, kSingleFields.size()> seen{};
  for (const auto& [name, value] : headers) {
    const auto found = std::find(kSingleFields.begin(), kSingleFields.end(), name);
    if (found == kSingleFields.end()) continue;
    bool& is_seen = seen[std::size_t(found - kSingleFields.begin())];
    if (is_seen) return malformed("A field stands twice that may stand only once.");
    is_seen = true;
  }
  return {};
}

std::optional<std::string_view> field(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

base::Result<void> read_framing(RequestHead& head) {
  const auto length = field(head.headers, "content-length");
  const auto coding = field(head.headers, "transfer-encoding");
  if (length && coding) return malformed("Content-Length and Transfer-Encoding exclude each other.");
  if (length) {
    const auto [end, error] =
        std::from_chars(length->data(), length->data() + length->size(), head.framing.content_length);
    const bool is_digits = std::all_of(length->begin(), length->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_digits || error != std::errc() || end != length->data() + length->size()) {
      return malformed("Content-Length is no number.");
    }
  }
  if (coding) {
    if (!head.is_http_1_1) return malformed("HTTP/1.0 has no Transfer-Encoding.");
    if (base::to_lower_ascii(*coding) != "chunked") return malformed("The only transfer coding taken here is chunked.");
    head.framing.is_chunked = true;
  }
  return {};
}

base::Result<void> read_host(RequestHead& head) {
  const auto host = field(head.headers, "host");
  if (!host) {
    if (head.is_http_1_1) return malformed("The Host field is missing.");
    return {};
  }
  const bool is_plain = std::all_of(host->begin(), host->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~:[]").find(c) != std::string_view::npos;
  });
  if (host->empty() || !is_plain) return malformed("The Host field is no host.");
  head.host = *host;
  return {};
}

base::Result<void> read_expectation(RequestHead& head) {
  const auto expect = field(head.headers, "expect");
  if (!expect) return {};
  if (base::to_lower_ascii(*expect) != "100-continue")
    return malformed("The only expectation known here is 100-continue.");
  head.framing.expects_continue = head.is_http_1_1;
  return {};
}

}  // namespace

base::Result<std::optional<std::size_t>> HeadScanner::scan(std::string_view buffer) {
  for (;;) {
    const auto newline = buffer.find('\n', position_);
    const std::size_t seen = newline == std::string_view::npos ? buffer.size() : newline + 1;
    if (line_start_ == 0 && seen > limits_.target_bytes + kStartLineOverheadBytes) {
      return base::refuse(base::kUriTooLong);
    }
    if (seen > limits_.header_bytes) return base::refuse(base::kHeadersTooLarge);
    position_ = seen;
    if (newline == std::string_view::npos) return std::nullopt;
    if (newline == line_start_ || buffer[newline - 1] != '\r') return malformed("Lines end with CR LF.");
    if (newline == line_start_ + 1) return seen;
    if (buffer[line_start_] == ' ' || buffer[line_start_] == '\t') return malformed("Folded lines are not taken.");
    line_start_ = seen;
  }
}

base::Result<RequestHead> parse_head(std::string_view block, const HeadLimits& limits) {
  RequestHead head;
  head.headers.reserve(kUsualFields);
  HeadParser parser(head);
  error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(block.data(), block.size()), error);
  if (parser.has_too_many_fields()) return base::refuse(base::kHeadersTooLarge);
  if (error || !parser.is_header_done() || used != block.size())
    return malformed("The request line or a field can't be read.");
  if (head.target.size() > limits.target_bytes) return base::refuse(base::kUriTooLong);
  head.framing.keep_alive = head.is_http_1_1 && parser.keep_alive();
  head.framing.takes_chunks = head.is_http_1_1;
  TRY(check_single_fields(head.headers));
  TRY(read_framing(head));
  TRY(read_host(head));
  TRY(read_expectation(head));
  return head;
}

}  // namespace gatehouse::http
