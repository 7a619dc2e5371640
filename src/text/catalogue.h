#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The words that people read on pages and in letters: one file a language in text/, with the same keys. What programs
/// read (the API's problems) is English and stands where it is said.
namespace gatehouse::text {

/// Languages that people can choose. The first is what is spoken when nothing says otherwise.
inline constexpr std::array<std::string_view, 3> kLanguageTags{"en", "de", "es"};

/// For tests, in builds with GATEHOUSE_DEV_TOOLS only: English, accented, lengthened and from right to left. The tag is
/// what CLDR calls its pseudo-language of that kind, and no browser asks for it.
inline constexpr std::string_view kPseudoTag = "ar-XB";

using Words = std::map<std::string, std::string, std::less<>>;

/// One language with all of its words. Immutable, lives as long as the program, compared by address.
class Language {
 public:
  Language(std::string tag, Words words) : tag_(std::move(tag)), words_(std::move(words)) {}
  Language(const Language&) = delete;
  Language& operator=(const Language&) = delete;

  /// BCP 47.
  std::string_view tag() const { return tag_; }
  /// "ltr" or "rtl".
  std::string_view direction() const { return words("language.direction"); }
  /// What stands at the key, with its {{places}}. Throws std::logic_error when there is no such key: a mistake in the
  /// program, which a test of all keys excludes.
  std::string_view words(std::string_view key) const;
  /// Of a key that is put together from what the database holds, which a later version may have written.
  std::string_view words_or(std::string_view key, std::string_view otherwise) const;
  /// `key` + ".one" or ".other", by the cardinal rule that English, German and Spanish share in CLDR.
  std::string_view words_for(std::string_view key, std::int64_t count) const;
  /// What an English sentence of a refusal or an answer is here, by the keys "reason.…"; the sentence itself when none
  /// of them says it.
  std::string retell(std::string_view sentence) const;

  const Words& all() const { return words_; }

 private:
  std::string tag_;
  Words words_;
};

const Language& english();
/// Null for what is no tag of ours. Case does not matter.
const Language* find_language(std::string_view tag);

/// From the text of a file in text/. Throws std::runtime_error for what is no flat JSON object of strings.
Words parse_words(std::string_view json);

}  // namespace gatehouse::text
