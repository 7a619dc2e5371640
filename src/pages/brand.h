#pragma once

#include "domain/branding.h"
#include "http/route.h"
#include "pages/words.h"

#include <vector>

namespace gatehouse::pages {

/// For the head of a page: the style sheet of the organization's colors, when it has any.
Html brand_head(const domain::PublicBrand& brand);
/// Above the heading: the logo, whose alternative text is the name, or else the name.
Html brand_mark(const domain::PublicBrand& brand);
/// Below the card: the organization's links; nothing when it has none.
Html brand_foot(const domain::PublicBrand& brand, const Words& words);

/// What brand_head() and brand_mark() refer to, for whoever asks: style sheets are made of their address alone, and
/// logos are known by it. Neither ever changes at its address.
std::vector<http::Route> brand_rows(const domain::Services& services);

}  // namespace gatehouse::pages
