#pragma once

#include "http/route.h"

#include <string>
#include <string_view>

namespace gatehouse::pages {

/// Where a file of assets/ is loaded from. A changed file has another URL, so that no browser keeps an old one beside a
/// new page. Throws std::logic_error when there is no such file.
const std::string& asset_url(std::string_view file);

http::Route asset_row();

}  // namespace gatehouse::pages
