#pragma once

#include "base/clock.h"
#include "base/email.h"

#include <string>

namespace gatehouse::smtp {

/// One finished letter to one person. All text is UTF-8; `text` and `html` may use LF or CRLF.
struct Message {
  std::string from_name;  // may be empty
  base::EmailAddress from;
  base::EmailAddress to;
  std::string subject;
  std::string text;
  std::string html;
  /// What stands before the @ of Message-ID (the domain of `from` follows): letters, digits, '.', '_' and '-'. The same
  /// for every try of a letter, so that a receiver can recognise a repetition.
  std::string message_id;
  base::Time date;
};

/// The message as it goes over the wire (RFC 5322, 2045 to 2047), CRLF line ends, ASCII only, before dot stuffing. The
/// same message gives the same bytes. Throws std::invalid_argument, with a text that repeats nothing of the message,
/// for what must not become mail: control characters in a header value, an address that base::parse_email() would not
/// give, a message id of other characters, invalid UTF-8.
std::string to_wire(const Message& message);

}  // namespace gatehouse::smtp
