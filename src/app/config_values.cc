#include "app/config_values.h"

#include "base/text.h"
#include "crypto/keys.h"
#include "smtp/server_url.h"

#include <charconv>
#include <stdexcept>

namespace gatehouse::app {

namespace {

bool read_port(std::string_view text, std::uint16_t& out) {
  if (text.empty() || text.size() > 5) return false;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > 65535) return false;
  out = std::uint16_t(number);
  return true;
}

/// Visible ASCII only: nothing that could break a header field, a log line or a link.
bool is_plain_url_text(std::string_view text) {
  for (const char character : text) {
    if (character <= ' ' || character >= 0x7f || character == '"' || character == '<' || character == '>' ||
        character == '\\') {
      return false;
    }
  }
  return true;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const auto inner = host.substr(1, host.size() - 2);
    return inner.find(':') != std::string_view::npos && base::IpAddress::parse(inner).has_value();
  }
  if (host.empty() || host.size() > 253) return false;
  for (const std::string_view label : base::split(host, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string_view::npos) return false;
  }
  return true;
}

struct Authority {
  std::string host;
  std::optional<std::uint16_t> port;
};

/// "host", "host:port" or "[v6]:port", without a user.
std::optional<Authority> parse_authority(std::string_view text) {
  const std::string lower = base::to_lower_ascii(text);
  const auto bracket = lower.rfind(']');
  const auto colon = lower.find(':', bracket == std::string::npos ? 0 : bracket);
  Authority authority{lower.substr(0, colon), std::nullopt};
  if (colon != std::string::npos) {
    std::uint16_t port = 0;
    if (!read_port(std::string_view(lower).substr(colon + 1), port)) return std::nullopt;
    authority.port = port;
  }
  if (!is_host(authority.host)) return std::nullopt;
  return authority;
}

struct WebUrl {
  std::string origin;
  std::string host;
  std::string rest;
};

std::optional<WebUrl> parse_web_url(std::string_view text) {
  const auto end_of_scheme = text.find("://");
  if (end_of_scheme == std::string_view::npos || text.size() > 2000 || !is_plain_url_text(text)) return std::nullopt;
  const std::string scheme = base::to_lower_ascii(text.substr(0, end_of_scheme));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  const std::string_view after = text.substr(end_of_scheme + 3);
  const auto end_of_authority = std::min(after.find_first_of("/?#"), after.size());
  const auto authority = parse_authority(after.substr(0, end_of_authority));
  if (!authority) return std::nullopt;
  std::string origin = scheme + "://" + authority->host;
  if (authority->port && *authority->port != (scheme == "https" ? 443 : 80)) {
    origin += ":" + std::to_string(*authority->port);
  }
  return WebUrl{std::move(origin), authority->host, std::string(after.substr(end_of_authority))};
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> items;
  for (const std::string_view item : base::split(text, ',')) {
    if (!base::trim(item).empty()) items.push_back(base::trim(item));
  }
  return items;
}

}  // namespace

ValueProblem read_boolean(std::string_view text, bool& out) {
  return read_choice<bool>(text, {{"true", true}, {"false", false}}, out);
}

ValueProblem read_number(std::string_view text, int least, int most, int& out) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  }
  out = number;
  return std::nullopt;
}

ValueProblem read_endpoint(std::string_view text, Endpoint& out) {
  const auto colon = text.rfind(':');
  const auto problem = "must be an IP address and a port, such as 127.0.0.1:5000 or [::1]:5000";
  if (colon == std::string_view::npos) return problem;
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (bracketed != (address.find(':') != std::string_view::npos)) return problem;
  const auto parsed = base::IpAddress::parse(address);
  Endpoint endpoint;
  if (!parsed || !read_port(text.substr(colon + 1), endpoint.port)) return problem;
  endpoint.address = *parsed;
  out = endpoint;
  return std::nullopt;
}

ValueProblem read_optional_endpoint(std::string_view text, std::optional<Endpoint>& out) {
  Endpoint endpoint;
  if (text == "off") {
    out = std::nullopt;
    return std::nullopt;
  }
  if (auto problem = read_endpoint(text, endpoint)) return *problem + ", or off";
  out = endpoint;
  return std::nullopt;
}

ValueProblem read_networks(std::string_view text, std::vector<base::Network>& out) {
  std::vector<base::Network> networks;
  for (const std::string_view item : split_list(text)) {
    const auto network = base::Network::parse(item);
    if (!network) return "must list networks such as 10.0.0.0/8 or ::1, which \"" + std::string(item) + "\" is not";
    networks.push_back(*network);
  }
  out = std::move(networks);
  return std::nullopt;
}

ValueProblem read_origin(std::string_view text, std::string& out) {
  if (text.empty()) {
    out.clear();
    return std::nullopt;
  }
  const auto url = parse_web_url(text);
  if (!url || (!url->rest.empty() && url->rest != "/")) {
    return "must be a scheme, a host in ASCII and perhaps a port, such as https://auth.example.com";
  }
  out = url->origin;
  return std::nullopt;
}

ValueProblem read_origins(std::string_view text, std::vector<std::string>& out) {
  std::vector<std::string> origins;
  for (const std::string_view item : split_list(text)) {
    std::string origin;
    if (const auto problem = read_origin(item, origin)) {
      return "must list origins such as https://app.example.com, which \"" + std::string(item) + "\" is not";
    }
    origins.push_back(std::move(origin));
  }
  out = std::move(origins);
  return std::nullopt;
}

ValueProblem read_web_url(std::string_view text, std::string& out) {
  if (text.empty()) {
    out.clear();
    return std::nullopt;
  }
  const auto url = parse_web_url(text);
  if (!url) return "must be a URL such as https://app.example.com/start";
  out = url->origin + url->rest;
  return std::nullopt;
}

ValueProblem read_database_url(std::string_view text, base::Secret& out) {
  const bool is_sqlite = text.starts_with("sqlite:") && text.size() > 7;
  const bool is_postgresql = text.starts_with("postgresql://") || text.starts_with("postgres://");
  if (!is_sqlite && !is_postgresql) return "must begin with sqlite: and a path, or with postgresql://";
  out = base::Secret(std::string(text));
  return std::nullopt;
}

ValueProblem read_smtp_url(std::string_view text, base::Secret& out) {
  if (!text.empty()) {
    try {
      smtp::parse_server_url(text);
    } catch (const std::invalid_argument& problem) {
      return problem.what();
    }
  }
  out = base::Secret(std::string(text));
  return std::nullopt;
}

ValueProblem read_encryption_key(std::string_view text, base::Secret& out) {
  base::Secret key{std::string(text)};
  if (!text.empty()) {
    try {
      crypto::EncryptionKeys::parse(key);
    } catch (const std::invalid_argument& error) {
      return std::string("can't be used: ") + error.what();
    }
  }
  out = std::move(key);
  return std::nullopt;
}

ValueProblem read_sender(std::string_view text, std::string& name, base::EmailAddress& address) {
  const auto problem = "must be an email address, or a name and an address as in Gatehouse <gatehouse@example.com>";
  if (text.empty()) {
    name.clear();
    address = {};
    return std::nullopt;
  }
  std::string_view address_text = text;
  std::string_view name_text;
  if (const auto bracket = text.find('<'); bracket != std::string_view::npos) {
    if (!text.ends_with('>')) return problem;
    address_text = text.substr(bracket + 1, text.size() - bracket - 2);
    name_text = base::trim(text.substr(0, bracket));
    if (name_text.size() >= 2 && name_text.front() == '"' && name_text.back() == '"') {
      name_text = name_text.substr(1, name_text.size() - 2);
    }
  }
  const auto parsed = base::parse_email(address_text);
  if (!parsed || !base::is_valid_utf8(name_text) || base::has_hidden_characters(name_text)) return problem;
  name = name_text;
  address = *parsed;
  return std::nullopt;
}

bool is_loopback_origin(std::string_view origin) {
  const auto url = parse_web_url(origin);
  if (!url) return false;
  if (url->host == "localhost" || url->host.ends_with(".localhost")) return true;
  std::string_view host = url->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const auto address = base::IpAddress::parse(host);
  return address && address->is_loopback();
}

std::string mask_url(std::string_view url) {
  const auto end_of_scheme = url.find("://");
  if (end_of_scheme == std::string_view::npos) return std::string(url);
  std::string masked(url);
  // Everything up to the last @ may belong to a password, and a query may carry one under an escaped name.
  const auto at = masked.rfind('@');
  const auto start = masked.find_first_of(":?", end_of_scheme + 3);
  if (at != std::string::npos && start < at) masked.replace(start, at - start, ":***");
  const auto query = masked.find('?', end_of_scheme);
  if (query != std::string::npos) masked.replace(query, std::string::npos, "?***");
  return masked;
}

}  // namespace gatehouse::app
