#pragma once

#include <string>
#include <string_view>

namespace gatehouse::base {

/// A form of valid UTF-8 in which spellings meet that differ in case only, and whose beginnings meet as the beginnings
/// of the spellings do: Unicode case folding, in NFC. For search; not for show.
std::string fold_case(std::string_view text);

}  // namespace gatehouse::base
