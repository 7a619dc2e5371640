#include "domain/names.h"

#include "base/ids.h"
#include "base/text.h"

namespace gatehouse::domain {

base::Result<std::string> clean_name(std::string_view name, std::string_view pointer) {
  std::string clean(base::trim_white_space(base::to_nfc(name)));
  if (!base::has_visible_characters(clean))
    return base::refuse_field(std::string(pointer), "A name needs at least one visible character.");
  if (base::has_hidden_characters(clean)) {
    return base::refuse_field(std::string(pointer), "A name has no control or invisible characters.");
  }
  return clean;
}

base::Result<std::string> clean_slug(std::string_view slug, std::string_view pointer) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const bool is_clean = !slug.empty() && slug.size() <= 63 && slug.find_first_not_of(kLetters) == slug.npos &&
                        slug.front() != '-' && slug.back() != '-';
  if (is_clean) return std::string(slug);
  return base::refuse_field(std::string(pointer),
                            "A slug has 1 to 63 lower-case letters, digits and hyphens, and no hyphen at an end.");
}

std::string to_slug(std::string_view name) {
  std::string slug;
  for (const char character : base::to_lower_ascii(name)) {
    const bool plain = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    if (plain) {
      slug += character;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
    if (slug.size() == 40) break;
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "org" : slug;
}

std::string to_slug_with_suffix(std::string_view name) {
  return to_slug(name) + "-" + base::to_base32(base::make_uuid_v7({})).substr(18);
}

}  // namespace gatehouse::domain
