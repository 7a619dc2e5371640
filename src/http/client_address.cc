#include "http/client_address.h"

#include "base/text.h"

namespace gatehouse::http {

namespace {

/// "10.0.0.1", "10.0.0.1:8080", "::1", "[::1]" and "[::1]:8080": proxies write all of them.
std::optional<base::IpAddress> parse_hop(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || (end + 1 < text.size() && text[end + 1] != ':')) return std::nullopt;
    return base::IpAddress::parse(text.substr(1, end - 1));
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && text.find('.') < colon) text = text.substr(0, colon);
  return base::IpAddress::parse(text);
}

}  // namespace

ClientAddress client_address(const base::IpAddress& peer, const Headers& headers,
                             const std::vector<base::Network>& trusted_proxies) {
  base::IpAddress client = peer;
  for (auto field = headers.rbegin(); field != headers.rend(); ++field) {
    if (field->first != "x-forwarded-for") continue;
    std::string_view left = field->second;
    for (bool is_more = true; is_more;) {
      if (!base::contains(trusted_proxies, client)) return {client, true};
      const auto comma = left.rfind(',');
      is_more = comma != std::string_view::npos;
      const auto hop = parse_hop(is_more ? left.substr(comma + 1) : left);
      if (!hop) return {client, false};
      client = *hop;
      if (is_more) left = left.substr(0, comma);
    }
  }
  return {client, !base::contains(trusted_proxies, client)};
}

bool is_forwarding_field(std::string_view name) {
  return name == "forwarded" || name == "via" || name == "x-real-ip" || name.starts_with("x-forwarded-");
}

}  // namespace gatehouse::http
