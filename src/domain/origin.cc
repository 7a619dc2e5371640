#include "domain/origin.h"

namespace gatehouse::domain {

Origin origin_of(const http::Request& request) {
  Origin origin;
  origin.address = request.client;
  origin.behind_unknown_proxy = request.has_untrusted_forwarding;
  origin.request_id = request.request_id;
  for (const char character : request.header("user-agent").value_or("an unknown device")) {
    if (origin.user_agent.size() == 200) break;
    if (character >= ' ' && character <= '~') origin.user_agent += character;
  }
  return origin;
}

}  // namespace gatehouse::domain
