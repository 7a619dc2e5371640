#pragma once

#include "mail/values.h"

#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::mail {

/// What stands in the place of that name.
using Value = std::function<const Shown&(std::string_view name)>;

/// A letter's body as text and as HTML. Paragraphs are parted by empty lines, **words** are strong and `words` are
/// typed as they are; nothing in a value is read as a mark. A paragraph that is one place alone is given whole by its
/// value, which may be nothing. Lines of text are broken at 76 characters, but never within a value.
Shown lay_out(std::string_view body, const Value& value);

}  // namespace gatehouse::mail
