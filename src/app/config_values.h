#pragma once

#include "app/config.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::app {

/// Readers of the texts of settings. Each returns nothing when it took the text, else what the text must be, as the
/// rest of a sentence that begins with the setting's name. `out` is changed on success only.
using ValueProblem = std::optional<std::string>;

ValueProblem read_boolean(std::string_view text, bool& out);
ValueProblem read_number(std::string_view text, int least, int most, int& out);
ValueProblem read_endpoint(std::string_view text, Endpoint& out);
/// "off" is no endpoint.
ValueProblem read_optional_endpoint(std::string_view text, std::optional<Endpoint>& out);
/// Separated by commas; an empty text is an empty list.
ValueProblem read_networks(std::string_view text, std::vector<base::Network>& out);
/// Scheme, host and port as a browser writes them in Origin (RFC 6454 section 6.1): lower case, no default port.
ValueProblem read_origin(std::string_view text, std::string& out);
ValueProblem read_origins(std::string_view text, std::vector<std::string>& out);
/// An http or https URL with any path.
ValueProblem read_web_url(std::string_view text, std::string& out);
/// "sqlite:PATH" or "postgresql://…".
ValueProblem read_database_url(std::string_view text, base::Secret& out);
/// "smtp://host:port" or "smtps://…", with or without user and password.
ValueProblem read_smtp_url(std::string_view text, base::Secret& out);
ValueProblem read_encryption_key(std::string_view text, base::Secret& out);
/// "Name <address>" or an address.
ValueProblem read_sender(std::string_view text, std::string& name, base::EmailAddress& address);

/// One of a few words.
template <class Value>
ValueProblem read_choice(std::string_view text, std::initializer_list<std::pair<std::string_view, Value>> choices,
                         Value& out) {
  std::string words;
  for (const auto& [word, value] : choices) {
    if (word == text) {
      out = value;
      return std::nullopt;
    }
    words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return "must be one of " + words;
}

/// True for an origin whose host never leaves this machine.
bool is_loopback_origin(std::string_view origin);
/// The same URL without what may be a password, for people to see.
std::string mask_url(std::string_view url);

}  // namespace gatehouse::app
