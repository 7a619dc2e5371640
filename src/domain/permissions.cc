#include "domain/permissions.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

constexpr std::array kRanks{kMemberRole, kAdminRole, kOwnerRole};

/// How high a fixed role stands; nothing for a custom one.
std::optional<std::ptrdiff_t> rank_of(std::string_view role_key) {
  const auto found = std::ranges::find(kRanks, role_key);
  if (found == kRanks.end()) return std::nullopt;
  return found - kRanks.begin();
}

}  // namespace

const PermissionInfo* find_permission(std::string_view key) {
  const auto found = std::ranges::find(kPermissions, key, &PermissionInfo::key);
  return found == kPermissions.end() ? nullptr : &*found;
}

bool is_owner_only(std::string_view permission) {
  const PermissionInfo* const info = find_permission(permission);
  return info != nullptr && info->least_role == kOwnerRole;
}

bool is_fixed_role(std::string_view role_key) { return rank_of(role_key).has_value(); }

Permissions granted_by(std::string_view stored, const Catalogue& catalogue) {
  Permissions words = from_words(stored);
  std::erase_if(words, [&](const std::string& word) {
    return find_permission(word) == nullptr &&
           !std::ranges::binary_search(catalogue, word, {}, &store::ApplicationPermission::key);
  });
  return words;
}

Permissions permissions_of(std::string_view role_key, std::string_view stored, const Catalogue& catalogue) {
  const auto rank = rank_of(role_key);
  if (!rank) return granted_by(stored, catalogue);
  Permissions permissions;
  for (const PermissionInfo& info : kPermissions) {
    if (*rank >= *rank_of(info.least_role)) permissions.emplace(info.key);
  }
  for (const store::ApplicationPermission& own : catalogue) {
    if (from_words(own.roles).contains(role_key)) permissions.insert(own.key);
  }
  return permissions;
}

bool outranks(const Permissions& theirs, const Permissions& mine) {
  return !std::includes(mine.begin(), mine.end(), theirs.begin(), theirs.end());
}

std::string to_words(const Permissions& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

Permissions from_words(std::string_view text) {
  Permissions words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) words.emplace(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

}  // namespace gatehouse::domain
