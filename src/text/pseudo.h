#pragma once

#include "text/catalogue.h"

namespace gatehouse::text {

/// The pseudo-language (kPseudoTag) from the words of English: letters with accents and about half as long again, so
/// that what is not in the catalogue and what does not fit is seen, from right to left as its direction says. Places,
/// paragraphs and marks stay.
Words pseudo_words(const Words& english);

}  // namespace gatehouse::text
