#include "http/response_head.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

// Boost 1.81's header needs <ostream> and does not include it.
#include <boost/beast/http/status.hpp>

namespace gatehouse::http {

namespace {

/// What every answer carries unless the handler knows better.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kDefaultFields{{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

constexpr std::array<std::string_view, 9> kOwnFields{
    "content-type", "content-length", "transfer-encoding",         "connection", "date",
    "x-request-id", "server",         "strict-transport-security", "keep-alive"};

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_plain_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (std::uint8_t(c) < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
           return lower(x) == lower(y);
         });
}

bool has_field(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& field) { return is_same_name(field.first, name); });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool is_sendable(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_plain_value(response.content_type)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
    return is_token(field.first) && is_plain_value(field.second) &&
           std::none_of(kOwnFields.begin(), kOwnFields.end(),
                        [&](std::string_view own) { return is_same_name(own, field.first); });
  });
}

bool has_body(const Response& response) { return response.status != 204 && response.status != 304; }

std::string write_head(const Response& response, const ResponseHeadOptions& options) {
  std::string head;
  head.reserve(512);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(boost::beast::http::obsolete_reason(boost::beast::http::status(response.status))).append("\r\n");
  append_field(head, "Date", options.date);
  if (has_body(response)) {
    if (options.body_end == BodyEnd::length) {
      append_field(head, "Content-Length", std::to_string(response.body.size()));
    } else if (options.body_end == BodyEnd::last_chunk) {
      append_field(head, "Transfer-Encoding", "chunked");
    }
    if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
  }
  append_field(head, "X-Request-Id", options.request_id);
  for (const auto& [name, value] : response.headers) append_field(head, name, value);
  for (const auto& [name, value] : kDefaultFields) {
    if (!has_field(response, name)) append_field(head, name, value);
  }
  if (options.hsts) append_field(head, "Strict-Transport-Security", "max-age=31536000");
  if (!options.keep_alive) append_field(head, "Connection", "close");
  return head.append("\r\n");
}

std::string format_date(std::time_t time) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays[std::size_t(utc.tm_wday)], utc.tm_mday, kMonths[std::size_t(utc.tm_mon)],
                                   utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text, std::size_t(length)};
}

}  // namespace gatehouse::http
