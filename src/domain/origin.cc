#include "domain/origin.h"

namespace gatehouse::domain {

Origin origin_of(const http::Request& request) {
  Origin origin;
  origin.address = request.client;
  origin.is_address_uncertain = request.is_client_uncertain;
  origin.request_id = request.request_id;
  if (const auto field = request.header("if-match")) origin.if_match = std::string(*field);
  if (const auto field = request.header("idempotency-key")) {
    origin.idempotency = std::make_shared<IdempotentRequest>();
    origin.idempotency->key = std::string(*field);
  }
  for (const char character : request.header("user-agent").value_or("an unknown device")) {
    if (origin.user_agent.size() == 200) break;
    if (character >= ' ' && character <= '~') origin.user_agent += character;
  }
  return origin;
}

}  // namespace gatehouse::domain
