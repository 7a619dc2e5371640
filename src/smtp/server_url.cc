#include "smtp/server_url.h"

#include "base/network.h"
#include "base/text.h"

#include <charconv>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>

namespace gatehouse::smtp {

namespace {

constexpr int kSubmissionPort = 587;
constexpr int kSubmissionsPort = 465;

[[noreturn]] void refuse(std::string_view why) {
  throw std::invalid_argument(
      fmt::format("the SMTP URL {}; expected smtps://user:password@host:465 or "
                  "smtp://user:password@host:587, user and password percent-encoded",
                  why));
}

/// A part of the URL, empty when it has none.
std::string get(CURLU* url, CURLUPart part, std::string_view name, unsigned flags = 0) {
  char* text = nullptr;
  const CURLUcode code = curl_url_get(url, part, &text, flags);
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  if (code == CURLUE_OK) return text;
  const bool absent = code == CURLUE_NO_USER || code == CURLUE_NO_PASSWORD || code == CURLUE_NO_PORT ||
                      code == CURLUE_NO_QUERY || code == CURLUE_NO_FRAGMENT || code == CURLUE_NO_OPTIONS;
  if (!absent) refuse(fmt::format("has a broken {}", name));
  return {};
}

bool is_loopback(std::string_view host) {
  if (base::to_lower_ascii(host) == "localhost") return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = base::IpAddress::parse(host);
  return address && address->is_loopback();
}

int parse_port(std::string_view text, int otherwise) {
  if (text.empty()) return otherwise;
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) refuse("has a broken port");
  return port;
}

}  // namespace

Server parse_server_url(std::string_view text) {
  if (!text.starts_with("smtp://") && !text.starts_with("smtps://")) refuse("begins with neither smtp:// nor smtps://");
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) refuse("can't be read");
  // Each of these is most often a character of a password that should have been percent-encoded.
  if (!get(url.get(), CURLUPART_OPTIONS, "user").empty()) refuse("has a ';' in user or password that is not encoded");
  if (!get(url.get(), CURLUPART_FRAGMENT, "end").empty()) refuse("has a '#' that is not encoded");
  const std::string path = get(url.get(), CURLUPART_PATH, "path");
  if (!path.empty() && path != "/") refuse("has a path");

  Server server;
  server.host = get(url.get(), CURLUPART_HOST, "host");
  server.user = get(url.get(), CURLUPART_USER, "user", CURLU_URLDECODE);
  server.password = base::Secret(get(url.get(), CURLUPART_PASSWORD, "password", CURLU_URLDECODE));
  if (server.user.empty() != server.password.empty()) refuse("needs both a user and a password, or neither");
  const bool implicit = text.starts_with("smtps://");
  server.port = parse_port(get(url.get(), CURLUPART_PORT, "port"), implicit ? kSubmissionsPort : kSubmissionPort);
  const std::string query = get(url.get(), CURLUPART_QUERY, "query");
  if (!query.empty() && (implicit || query != "starttls=required")) refuse("has a query other than ?starttls=required");
  server.security = implicit                                    ? Security::implicit
                    : query.empty() && is_loopback(server.host) ? Security::none
                                                                : Security::starttls;
  return server;
}

std::string Server::describe() const {
  return fmt::format("{}://{}:{}{}", security == Security::implicit ? "smtps" : "smtp", host, port,
                     user.empty() ? "" : " as " + user);
}

}  // namespace gatehouse::smtp
