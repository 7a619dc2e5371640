#include "domain/steward.h"

#include "base/text.h"

namespace gatehouse::domain {

base::Result<std::string> clean_reason(std::string_view reason) {
  std::string clean(base::trim_white_space(base::to_nfc(reason)));
  if (!base::has_visible_characters(clean))
    return base::refuse_field("/reason", "A reason needs at least one visible character.");
  if (base::has_hidden_characters(clean)) {
    return base::refuse_field("/reason", "A reason has no control or invisible characters.");
  }
  return clean;
}

}  // namespace gatehouse::domain
