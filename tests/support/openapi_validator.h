#pragma once

#include "tests/support/http_client.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::tests {

/// Holds what is asked and answered against the OpenAPI document. Immutable and thread safe.
class OpenApiValidator {
 public:
  explicit OpenApiValidator(std::string_view document);

  /// What the document does not say of this exchange; empty when it says all:
  /// - JSON answers come from operations that it lists, with a status, media type, header fields and body that it
  /// lists;
  ///   a member that is not listed is a problem, though clients are told to bear it;
  /// - a refusal is a Problem whose code belongs to its status;
  /// - what was answered with 2xx was asked as it says: parameters, body, and a token where one is needed.
  /// Pages and the dev mailbox are no part of the API.
  std::vector<std::string> problems(const Call& call, const Reply& reply) const;

 private:
  struct Asked;
  const Object* find_operation(Asked& asked) const;
  const Object& resolved(const Json& value) const;
  void check_refusal(const Reply& reply, std::vector<std::string>& found) const;
  void check_answer(const Object& operation, const Asked& asked, const Reply& reply,
                    std::vector<std::string>& found) const;
  void check_headers(const Object& response, const Reply& reply, std::vector<std::string>& found) const;
  void check_request(const Object& operation, const Asked& asked, std::vector<std::string>& found) const;
  void check_parameters(const Object& operation, const Asked& asked, std::vector<std::string>& found) const;
  void check_body(const Object& operation, const Asked& asked, std::vector<std::string>& found) const;
  /// The value that a text of a path, a query or a form is by its schema.
  Json typed(const Json& schema, const std::string& text) const;

  Json document_;
};

}  // namespace gatehouse::tests
