#include "base/email.h"

#include "base/text.h"

#include <cstdlib>
#include <idn2.h>

namespace gatehouse::base {

namespace {

bool is_atom_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(character) != std::string_view::npos;
}

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > 64) return false;
  for (const std::string_view atom : split(local, '.')) {
    if (atom.empty()) return false;
    for (const char character : atom) {
      if (!is_atom_character(character)) return false;
    }
  }
  return true;
}

bool is_host_name(std::string_view domain) {
  const auto labels = split(domain, '.');
  if (labels.size() < 2 || domain.size() > 253) return false;
  for (const std::string_view label : labels) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char character : label) {
      const bool ok =
          (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '-';
      if (!ok) return false;
    }
  }
  // A top-level domain of digits only is an IPv4 address in disguise.
  return labels.back().find_first_not_of("0123456789") != std::string_view::npos;
}

std::optional<std::string> to_a_labels(std::string_view domain) {
  if (!is_valid_utf8(domain) || domain.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string text(domain);
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(text.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return std::nullopt;
  std::string out = to_lower_ascii(ascii);
  idn2_free(ascii);
  return out;
}

}  // namespace

std::optional<EmailAddress> parse_email(std::string_view text) {
  if (text.size() > 320) return std::nullopt;
  const auto at = text.find('@');
  if (at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return std::nullopt;
  const std::string local = to_lower_ascii(text.substr(0, at));
  if (!is_local_part(local)) return std::nullopt;
  const auto domain = to_a_labels(text.substr(at + 1));
  if (!domain || !is_host_name(*domain)) return std::nullopt;
  std::string stored = local + "@" + *domain;
  if (stored.size() > 254) return std::nullopt;
  return EmailAddress{std::move(stored)};
}

}  // namespace gatehouse::base
