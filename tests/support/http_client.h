#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::tests {

using Json = boost::json::value;
using Object = boost::json::object;
/// A JSON string as text, for comparisons; throws for anything else.
inline std::string text_of(const Json& value) { return std::string(value.as_string()); }

using Headers = std::vector<std::pair<std::string, std::string>>;

/// An answer of the program.
struct Reply {
  int status = 0;   // 0: the server closed without an answer
  Headers headers;  // names in lower case
  std::string body;
  Json json;  // null when the body is no JSON

  /// Empty when there is none.
  std::string header(std::string_view name) const;
  bool has(std::string_view pointer) const;
  /// What stands at a JSON pointer. Throw with the whole answer in the text when it is not there or of another type:
  /// the test has failed then.
  const Json& at(std::string_view pointer) const;
  std::string text(std::string_view pointer) const;
  std::int64_t number(std::string_view pointer) const;
  bool flag(std::string_view pointer) const;
};
std::ostream& operator<<(std::ostream& out, const Reply& reply);

/// A request in all its parts. `headers` are sent as they are; a "Host" among them takes the place of the usual one.
struct Call {
  std::string method = "GET";
  std::string target = "/";
  std::string token;
  Headers headers;
  std::optional<std::string> body;
  std::string content_type = "application/json";
};

class OpenApiValidator;

/// Asks a server on 127.0.0.1, each time on a connection of its own. Thread safe.
class HttpClient {
 public:
  /// With a contract, the test that asks fails when what it asks or gets is not documented.
  explicit HttpClient(std::uint16_t port, std::shared_ptr<const OpenApiValidator> contract = nullptr)
      : port_(port), contract_(std::move(contract)) {}

  Reply send(const Call& call) const;
  Reply get(const std::string& target, const std::string& token = {}) const;
  Reply post(const std::string& target, const Object& body, const std::string& token = {}) const;
  Reply put(const std::string& target, const Object& body, const std::string& token = {}) const;
  Reply del(const std::string& target, const Object& body, const std::string& token = {}) const;
  /// DELETE without a body.
  Reply del(const std::string& target, const std::string& token) const;

 private:
  std::uint16_t port_;
  std::shared_ptr<const OpenApiValidator> contract_;
};

/// "a=b&c=d", escaped, for forms and queries.
std::string to_query(const Headers& fields);

/// The answer without what differs between any two: request id and date. Two refusals that must not be told apart are
/// equal in this.
std::string normalized(const Reply& reply);

}  // namespace gatehouse::tests
