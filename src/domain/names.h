#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace gatehouse::domain {

/// A name that people chose, without white space of any script around it and in NFC. Refuses, at `pointer`, those of
/// which nothing can be seen, and characters that show nothing, hide or reorder text.
base::Result<std::string> clean_name(std::string_view name, std::string_view pointer);

/// A slug that people chose: lower-case letters, digits and hyphens, 1 to 63 of them, none of the hyphens at an end
/// (a DNS label, RFC 1123 section 2.1). Refuses, at `pointer`, everything else.
base::Result<std::string> clean_slug(std::string_view slug, std::string_view pointer);

/// "acme-ltd" from "Acme Ltd."; "org" when nothing of the name can stand in a URL.
std::string to_slug(std::string_view name);
/// The same with a random end, for a slug that is taken.
std::string to_slug_with_suffix(std::string_view name);

}  // namespace gatehouse::domain
