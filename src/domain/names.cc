#include "domain/names.h"

#include "base/ids.h"
#include "base/text.h"

namespace gatehouse::domain {

base::Result<std::string> clean_name(std::string_view name, std::string_view pointer) {
  std::string clean(base::trim(base::to_nfc(name)));
  if (clean.empty()) return base::refuse_field(std::string(pointer), "A name needs at least one visible character.");
  if (base::has_hidden_characters(clean)) {
    return base::refuse_field(std::string(pointer), "A name has no control or invisible characters.");
  }
  return clean;
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
