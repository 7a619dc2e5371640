#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::base {

bool is_valid_utf8(std::string_view text);
/// Unicode code points in valid UTF-8.
std::size_t count_code_points(std::string_view text);
/// Unicode NFC of valid UTF-8, so that one password typed on two keyboards is one password.
std::string to_nfc(std::string_view text);
/// True when the text holds a character that has no business in a name: of the Unicode categories Cc, Cf, Zl and Zp, or
/// one that shows nothing (Default_Ignorable_Code_Point, the blank of Braille). Such characters hide, reorder or break
/// text. Variation selectors are none of them: emoji and rare Han characters are written with them.
bool has_hidden_characters(std::string_view text);
/// True when something of the text can be seen: neither white space, nor hidden, nor a variation selector.
bool has_visible_characters(std::string_view text);
/// Valid UTF-8 in NFC and case folded: spellings that differ only in upper and lower case are one. For search.
std::string to_folded(std::string_view text);
/// A form in which look-alike spellings of a word meet: compatibility-decomposed, case folded, marks, punctuation
/// and white space dropped, the commonest twins of Latin letters (Cyrillic, Greek, digits, signs) and "rn" replaced.
std::string to_skeleton(std::string_view text);

std::string to_lower_ascii(std::string_view text);
/// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);
/// Without Unicode White_Space at both ends of valid UTF-8: the ideographic and the no-break space too.
std::string_view trim_white_space(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
/// Padded standard alphabet; nothing when the text is not exactly that.
std::optional<std::string> from_base64(std::string_view text);
/// RFC 4648 section 5 without padding.
std::string to_base64url(std::string_view bytes);
/// Strict: exactly one text decodes to given bytes (no padding, no stray bits), so that a token has one spelling.
std::optional<std::string> from_base64url(std::string_view text);

/// Text for an HTML element or a quoted attribute.
std::string escape_html(std::string_view text);
/// Application/x-www-form-urlencoded component of a URL.
std::string escape_url(std::string_view text);
/// Percent-decoding of one component; nothing on a broken escape. `plus_is_space` for forms and queries.
std::optional<std::string> unescape_url(std::string_view text, bool plus_is_space);

/// The candidate that a typing error most likely meant; nothing when none is near.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

}  // namespace gatehouse::base
