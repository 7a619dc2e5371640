#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::base {

/// A mailbox in the one form in which it is stored, compared and written to: ASCII dot-atom local part (RFC 5321
/// section 4.1.2) in lower case, domain as A-labels (RFC 5890). Made by parse_email() or read back from a row that it
/// once wrote.
struct EmailAddress {
  std::string text;

  auto operator<=>(const EmailAddress&) const = default;
};

/// Nothing for everything that is not exactly one address: lists, groups, quoted local parts, comments, address
/// literals, white space, controls. parse(parse(x).text) is parse(x).
std::optional<EmailAddress> parse_email(std::string_view text);

}  // namespace gatehouse::base
