#include "http/same_site.h"

namespace gatehouse::http {

base::Result<void> check_same_site(const Request& request, std::string_view public_url) {
  const auto site = request.header("sec-fetch-site");
  if (site && *site != "same-origin" && *site != "none") return base::refuse(base::kCrossSite);
  const auto origin = request.header("origin");
  if (origin && *origin != "null" && *origin != public_url) return base::refuse(base::kCrossSite);
  return {};
}

bool is_from_own_page(const Request& request, std::string_view public_url) {
  if (!check_same_site(request, public_url)) return false;
  return request.header("sec-fetch-site") == "same-origin" || request.header("origin") == public_url;
}

}  // namespace gatehouse::http
