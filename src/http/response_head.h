#pragma once

#include "http/message.h"

#include <ctime>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// How the client knows where the body ends (RFC 9112 section 6.3).
enum class BodyEnd { length, last_chunk, close };

struct ResponseHeadOptions {
  std::string_view request_id;
  std::string_view date;  // RFC 9110 section 5.6.7
  bool keep_alive = true;
  bool hsts = false;
  BodyEnd body_end = BodyEnd::length;
};

/// False when a field has no token for a name, a control character in its value, or is one that the server writes
/// itself: such an answer is never sent.
bool is_sendable(const Response& response);
/// 204 and 304 have no body whatever the handler says.
bool has_body(const Response& response);
/// Status line, the response's own fields and those that every answer carries, up to the empty line. Security fields
/// and Cache-Control stand back where the response has its own.
std::string write_head(const Response& response, const ResponseHeadOptions& options);

std::string format_date(std::time_t time);

}  // namespace gatehouse::http
