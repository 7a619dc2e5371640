#pragma once

#include "domain/views.h"
#include "pages/words.h"

namespace gatehouse::pages {

/// How people read a role: the three that every organization has as the language calls them, unless the organization
/// has named them itself; all others as they are.
inline Html role_name(const domain::RoleReference& role, const Words& words) {
  return name(role.name == role.key ? words.language().words_or("role." + role.key, role.name)
                                    : std::string_view(role.name));
}

}  // namespace gatehouse::pages
