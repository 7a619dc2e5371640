#include "tests/support/http_client.h"

#include "base/text.h"
#include "http/raw_client.h"
#include "tests/support/openapi_validator.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <ostream>
#include <stdexcept>

namespace gatehouse::tests {

namespace {

constexpr std::chrono::seconds kPatience{30};

[[noreturn]] void fail(const Reply& reply, std::string_view pointer, std::string_view expected) {
  throw std::runtime_error("no " + std::string(expected) + " at " + std::string(pointer) + " in an answer " +
                           std::to_string(reply.status) + ": " + reply.body);
}

bool is_json(const Reply& reply) {
  const std::string type = reply.header("content-type");
  return type.starts_with("application/json") || type.starts_with("application/problem+json");
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

bool Reply::has(std::string_view pointer) const {
  boost::system::error_code error;
  return json.find_pointer(pointer, error) != nullptr;
}

const Json& Reply::at(std::string_view pointer) const {
  boost::system::error_code error;
  const Json* found = json.find_pointer(pointer, error);
  if (found == nullptr) fail(*this, pointer, "value");
  return *found;
}

std::string Reply::text(std::string_view pointer) const {
  const Json& value = at(pointer);
  if (!value.is_string()) fail(*this, pointer, "text");
  return std::string(value.get_string());
}

std::int64_t Reply::number(std::string_view pointer) const {
  const Json& value = at(pointer);
  if (!value.is_int64()) fail(*this, pointer, "number");
  return value.get_int64();
}

bool Reply::flag(std::string_view pointer) const {
  const Json& value = at(pointer);
  if (!value.is_bool()) fail(*this, pointer, "boolean");
  return value.get_bool();
}

std::ostream& operator<<(std::ostream& out, const Reply& reply) {
  out << reply.status << '\n';
  for (const auto& [name, value] : reply.headers) out << name << ": " << value << '\n';
  return out << '\n' << reply.body;
}

Reply HttpClient::send(const Call& call) const {
  std::string text = call.method + " " + call.target + " HTTP/1.1\r\n";
  const bool has_host = std::any_of(call.headers.begin(), call.headers.end(),
                                    [](const auto& field) { return base::to_lower_ascii(field.first) == "host"; });
  if (!has_host) text += "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n";
  if (!call.token.empty()) text += "Authorization: Bearer " + call.token + "\r\n";
  for (const auto& [name, value] : call.headers) text += name + ": " + value + "\r\n";
  if (call.body) {
    if (!call.content_type.empty()) text += "Content-Type: " + call.content_type + "\r\n";
    text += "Content-Length: " + std::to_string(call.body->size()) + "\r\n";
  }
  text += "Connection: close\r\n\r\n" + call.body.value_or("");

  http::RawClient connection(port_);
  connection.send(text);
  http::RawAnswer answer = connection.answer(call.method == "HEAD", kPatience);
  Reply reply{answer.status, std::move(answer.headers), std::move(answer.body), nullptr};
  if (is_json(reply) && !reply.body.empty()) reply.json = boost::json::parse(reply.body);
  if (contract_ != nullptr) {
    for (const std::string& problem : contract_->problems(call, reply)) {
      ADD_FAILURE() << "not as the OpenAPI document says: " << problem << "\n"
                    << call.method << " " << call.target << " " << call.body.value_or("") << "\n"
                    << reply;
    }
  }
  return reply;
}

Reply HttpClient::get(const std::string& target, const std::string& token) const {
  return send({.method = "GET", .target = target, .token = token});
}

Reply HttpClient::post(const std::string& target, const Object& body, const std::string& token) const {
  return send({.method = "POST", .target = target, .token = token, .body = boost::json::serialize(body)});
}

Reply HttpClient::put(const std::string& target, const Object& body, const std::string& token) const {
  return send({.method = "PUT", .target = target, .token = token, .body = boost::json::serialize(body)});
}

Reply HttpClient::del(const std::string& target, const Object& body, const std::string& token) const {
  return send({.method = "DELETE", .target = target, .token = token, .body = boost::json::serialize(body)});
}

Reply HttpClient::del(const std::string& target, const std::string& token) const {
  return send({.method = "DELETE", .target = target, .token = token});
}

std::string to_query(const Headers& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    text += base::escape_url(name) + "=" + base::escape_url(value);
  }
  return text;
}

std::string normalized(const Reply& reply) {
  Reply plain = reply;
  std::erase_if(plain.headers,
                [](const auto& field) { return field.first == "date" || field.first == "x-request-id"; });
  const std::string id = reply.header("x-request-id");
  for (auto at = plain.body.find(id); !id.empty() && at != std::string::npos; at = plain.body.find(id, at)) {
    plain.body.erase(at, id.size());
  }
  std::string text = std::to_string(plain.status) + "\n";
  for (const auto& [name, value] : plain.headers) text += name + ": " + value + "\n";
  return text + "\n" + plain.body;
}

}  // namespace gatehouse::tests
