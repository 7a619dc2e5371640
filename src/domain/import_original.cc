#include "domain/import_original.h"

#include "base/text.h"
#include "domain/permissions.h"

#include <charconv>
#include <limits>

namespace gatehouse::domain {

namespace original = store::original;

namespace {

constexpr std::int64_t kPage = 500;
constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();

/// Nothing in that service ever set a status but for 1, the default, and the 0 that accepting an invitation wrote:
/// both are active, and so is none at all.
bool is_active(const std::optional<std::int64_t>& status) { return !status || *status == 0 || *status == 1; }

std::string to_text(const std::optional<std::int64_t>& id) { return id ? std::to_string(*id) : std::string("(none)"); }

std::string comparable(const std::optional<std::string>& name) {
  return base::to_lower_ascii(base::trim(name.value_or("")));
}

std::string fixed_role(const std::string& name) {
  return name == kOwnerRole || name == kAdminRole ? name : std::string(kMemberRole);
}

template <class Row>
void each_row(db::Database& database, std::vector<Row> (*list)(db::Transaction&, std::int64_t, std::int64_t),
              const std::function<void(const Row&)>& take) {
  for (std::int64_t after = kFirst;;) {
    const auto rows = database.read([&](db::Transaction& tx) { return list(tx, after, kPage); });
    for (const Row& row : rows) take(row);
    if (std::int64_t(rows.size()) < kPage) return;
    after = rows.back().id;
  }
}

}  // namespace

std::optional<base::Time> parse_naive_time(const std::optional<std::string>& text) {
  if (!text || text->empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const char* end = text->data() + text->size();
  if (const auto [rest, error] = std::from_chars(text->data(), end, seconds); error == std::errc() && rest == end) {
    constexpr std::int64_t kLast = 253402300799;  // of the year 9999
    if (seconds < 0 || seconds > kLast) return std::nullopt;
    return base::Time(std::chrono::seconds(seconds));
  }
  std::string spelled = *text;
  if (spelled.ends_with("+00")) spelled += ":00";
  const bool has_offset = spelled.ends_with('Z') || spelled.find('+') != std::string::npos;
  const auto parsed = base::parse_rfc3339(has_offset ? spelled : spelled + "Z");
  return parsed ? std::optional(parsed->time) : std::nullopt;
}

OriginalService::OriginalService(db::Database& database) : database_(database) {
  each_row<original::Role>(database_, store::list_original_roles, [&](const original::Role& role) {
    roles_[role.id] = role;
    if (role.organization) role_names_.emplace(*role.organization, comparable(role.name));
  });
  // So that a database of something else is refused before anything is written.
  database_.read([](db::Transaction& tx) {
    return store::list_original_organizations(tx, kFirst, 1).size() + store::list_original_users(tx, kFirst, 1).size() +
           store::list_original_members(tx, kFirst, 1).size() + std::size_t(store::count_original_invites(tx));
  });
}

void OriginalService::each_organization(const std::function<void(SourceOrganization)>& take) {
  each_row<original::Organization>(database_, store::list_original_organizations,
                                   [&](const original::Organization& row) {
                                     take({std::to_string(row.id), row.name.value_or(""), std::nullopt,
                                           is_active(row.status), parse_naive_time(row.created_at), row.settings});
                                   });
}

void OriginalService::each_user(const std::function<void(SourceUser)>& take) {
  each_row<original::User>(database_, store::list_original_users, [&](const original::User& row) {
    SourceUser user{std::to_string(row.id), row.email.value_or(""), false,
                    std::nullopt,           is_active(row.status),  parse_naive_time(row.created_at)};
    if (row.password) user.password_hash.emplace(*row.password);
    take(std::move(user));
  });
}

void OriginalService::each_member(const std::function<void(SourceMember)>& take) {
  each_row<original::Member>(database_, store::list_original_members, [&](const original::Member& row) {
    SourceMember member;
    member.external_id = std::to_string(row.id);
    member.organization = to_text(row.organization);
    member.user = to_text(row.user);
    choose_role(row, member);
    member.is_active = is_active(row.status);
    member.joined_at = parse_naive_time(row.created_at);
    take(std::move(member));
  });
}

/// Several roles of one name are one. A role of another organization counts by its name, if the member's own
/// organization has a role of that name.
void OriginalService::choose_role(const original::Member& row, SourceMember& member) const {
  member.role = kMemberRole;
  const auto found = row.role ? roles_.find(*row.role) : roles_.end();
  if (found == roles_.end()) {
    member.role_mapped = "";
    member.note = "there is no role " + to_text(row.role);
    return;
  }
  const original::Role& role = found->second;
  const std::string name = comparable(role.name);
  const bool is_own = role.organization && role.organization == row.organization;
  if (is_own || (row.organization && role_names_.contains({*row.organization, name}))) member.role = fixed_role(name);
  if (is_own && member.role == name) return;
  member.role_mapped = role.name.value_or("");
  if (!is_own) member.note = "its role " + to_text(row.role) + " belongs to another organization";
}

std::int64_t OriginalService::count_invitations() { return database_.read(store::count_original_invites); }

}  // namespace gatehouse::domain
