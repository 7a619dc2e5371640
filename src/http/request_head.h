#pragma once

#include "base/result.h"
#include "http/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// Where a request ends and what comes after it.
struct Framing {
  /// Never for HTTP/1.0, which is answered and closed.
  bool keep_alive = false;
  /// The client understands an answer in chunks: it speaks HTTP/1.1.
  bool takes_chunks = false;
  bool is_chunked = false;
  std::uint64_t content_length = 0;
  bool expects_continue = false;

  bool has_body() const { return is_chunked || content_length > 0; }
};

/// Start line and fields of one request, checked for everything that could make us and a proxy disagree on where the
/// request ends (RFC 9112 sections 6.3 and 11.2).
struct RequestHead {
  Method method = Method::other;
  std::string target;
  std::string host;  // empty only for HTTP/1.0 without a Host field
  Headers headers;
  bool is_http_1_1 = true;
  Framing framing;
};

struct HeadLimits {
  std::size_t header_bytes;
  std::size_t target_bytes;
};

/// Finds the end of a request head in bytes that arrive piece by piece, looking at each byte once. Refuses at once, and
/// not when the time is over, what can't become a head: a bare LF, a folded line, too many bytes.
class HeadScanner {
 public:
  explicit HeadScanner(HeadLimits limits) : limits_(limits) {}
  /// `buffer` begins with the same bytes as in the call before. The size of the head with its empty line, or nothing
  /// when more bytes are needed.
  base::Result<std::optional<std::size_t>> scan(std::string_view buffer);

 private:
  HeadLimits limits_;
  std::size_t line_start_ = 0;
  std::size_t position_ = 0;
};

/// Reads one whole head as HeadScanner found it. The client must not be read any further after a refusal.
base::Result<RequestHead> parse_head(std::string_view block, const HeadLimits& limits);

}  // namespace gatehouse::http
