#include "pages/html.h"

#include "base/text.h"

namespace gatehouse::pages::detail {

Html fill(std::string_view pattern, std::initializer_list<Slot> slots) {
  Html out;
  for (const Slot& slot : slots) {
    const std::size_t place = pattern.find("{}");
    out.text_ += pattern.substr(0, place);
    if (slot.is_markup) {
      out.text_ += slot.text;
    } else {
      out.text_ += base::escape_html(slot.text);
    }
    pattern.remove_prefix(place + 2);
  }
  out.text_ += pattern;
  return out;
}

}  // namespace gatehouse::pages::detail
