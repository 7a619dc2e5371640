#pragma once

#include "base/clock.h"
#include "base/email.h"
#include "base/network.h"
#include "text/reader.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::mail {

/// Text that some person chose: the name of an organization or a role, a device. In a letter it is cut to 100 code
/// points, loses its control and format characters, and can't become a link, see unlink().
struct Chosen {
  std::string text;
};

/// What somebody wrote to the recipient, quoted; nothing is shown of an empty one. Up to 500 code points on lines of
/// their own, otherwise treated like Chosen.
struct Quoted {
  std::string text;
};

/// An absolute http or https URL that Gatehouse made. It may carry a secret.
struct Link {
  std::string url;
};

/// How a value reads in a text part and in an HTML part.
struct Shown {
  std::string text;
  std::string html;
};

Shown show(const Chosen& value, const text::Reader& reader);
Shown show(const Quoted& value, const text::Reader& reader);
/// Throws std::logic_error for what is no absolute http or https URL of printable ASCII.
Shown show(const Link& value, const text::Reader& reader);
/// People choose addresses too, so one is shown like a chosen text, but whole.
Shown show(const base::EmailAddress& value, const text::Reader& reader);
Shown show(const base::IpAddress& value, const text::Reader& reader);
/// See text::moment().
Shown show(base::Time value, const text::Reader& reader);
Shown show(std::int64_t value, const text::Reader& reader);
/// What a letter may not say without telling what kind of text it is.
Shown show(const std::string& value, const text::Reader& reader) = delete;

/// Mail programs turn everything that looks like a URL into a link, also in plain text, so whoever may name an
/// organization could send "evil.test" to strangers under our name. A WORD JOINER (U+2060) is invisible, but is no part
/// of a host name. One stands before and one after each character that holds a URL together: before it, since there are
/// programs to which "www." or "http:" is enough.
std::string unlink(std::string_view text);

}  // namespace gatehouse::mail
