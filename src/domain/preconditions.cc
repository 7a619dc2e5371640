#include "domain/preconditions.h"

#include "base/text.h"
#include "crypto/keys.h"

namespace gatehouse::domain {

std::string etag_of(std::string_view representation) {
  constexpr std::size_t kBytes = 16;
  return '"' + base::to_base64url(crypto::sha256(representation).substr(0, kBytes)) + '"';
}

base::Result<void> require_match_of(const Origin& origin, std::string_view representation) {
  if (!origin.if_match) return {};
  const std::string tag = etag_of(representation);
  std::string_view rest = *origin.if_match;
  while (!rest.empty()) {
    const std::string_view one = base::trim(rest.substr(0, rest.find(',')));
    if (one == "*" || one == tag) return {};
    const auto comma = rest.find(',');
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return base::refuse(base::kPreconditionFailed);
}

}  // namespace gatehouse::domain
