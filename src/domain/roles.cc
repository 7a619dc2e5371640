#include "domain/roles.h"

#include "base/text.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/names.h"
#include "domain/preconditions.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::size_t kMostKeyLength = 40;

/// Runs `act(tx, fenced)` behind the fence of the caller's organization.
template <class Act>
auto change_roles(const Services& services, const InOrganization& caller, base::Time now, Act act) {
  return services.database.write(
      [&](db::Transaction& tx) -> std::invoke_result_t<Act, db::Transaction&, const Fenced&> {
        const Fenced fenced = TRY(enter_fence(tx, caller, now));
        return act(tx, fenced);
      });
}

/// A role that the caller may change as it is now.
base::Result<store::Role> find_touchable(db::Transaction& tx, const Fenced& fenced, store::RoleId id) {
  const auto role = store::find_role(tx, fenced.organization.id, id);
  if (!role) return refuse(base::kNotFound);
  if (outranks(fenced.of(*role), fenced.permissions)) return refuse(base::kOutranked);
  return *role;
}

/// People tell roles apart by their names, so none may look like another, nor like a fixed role under another name.
base::Result<void> check_name(const std::vector<store::Role>& roles, const store::Role& role) {
  const std::string skeleton = base::to_skeleton(role.name);
  for (const store::Role& other : roles) {
    if (other.id == role.id) continue;
    const bool is_alike = base::to_skeleton(other.name) == skeleton ||
                          (is_fixed_role(other.key) && base::to_skeleton(other.key) == skeleton);
    if (is_alike) return refuse(base::kRoleNameTaken);
  }
  return {};
}

base::Result<std::string> clean_description(const std::optional<std::string>& text) {
  const std::string clean(base::trim_white_space(base::to_nfc(text.value_or(""))));
  if (clean.empty()) return clean;
  return clean_name(clean, "/description");
}

bool is_key_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

bool is_key(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::ranges::all_of(text, is_key_letter);
}

/// "accounts_receivable" from "Accounts receivable!"; "role" when nothing of the name can stand in a key.
std::string to_role_key(std::string_view name) {
  std::string key;
  for (const char letter : base::to_lower_ascii(name)) {
    const bool is_plain = is_key_letter(letter) && letter != '_';
    if (is_plain && !(key.empty() && letter <= '9')) {
      key += letter;
    } else if (!key.empty() && key.back() != '_') {
      key += '_';
    }
    if (key.size() == kMostKeyLength) break;
  }
  while (!key.empty() && key.back() == '_') key.pop_back();
  return key.empty() ? "role" : key;
}

bool is_taken(const std::vector<store::Role>& roles, const std::string& key) {
  return is_fixed_role(key) || std::ranges::find(roles, key, &store::Role::key) != roles.end();
}

base::Result<std::string> choose_key(const std::vector<store::Role>& roles, const NewRoleInput& input) {
  if (input.key) {
    if (!is_key(*input.key)) {
      return base::refuse_field("/key", "A key is a lower-case letter, then lower-case letters, digits and _.");
    }
    if (is_taken(roles, *input.key)) return refuse(base::kRoleNameTaken, "The organization has a role of this key.");
    return *input.key;
  }
  const std::string wanted = to_role_key(input.name);
  std::string key = wanted;
  for (int number = 2; is_taken(roles, key); ++number) {
    const std::string end = "_" + std::to_string(number);
    key = wanted.substr(0, kMostKeyLength - end.size()) + end;
  }
  return key;
}

/// Nobody shuts themselves out by what they do to their own role.
base::Result<void> check_own_role(db::Transaction& tx, const InOrganization& caller, store::RoleId role,
                                  const Permissions& after) {
  if (caller.person() == nullptr || after.contains(kRolesManage)) return {};
  const auto membership = store::find_membership(tx, caller.organization(), caller.person()->account());
  if (!membership || membership->role != role) return {};
  return refuse(base::kWrongState, "This is your own role, and you would not be able to manage roles any more.");
}

/// What members with a role have sent and could not send any more.
void revoke_invitations_of(db::Transaction& tx, const Fenced& fenced, const std::vector<store::UserId>& inviters,
                           const Permissions& left, base::Time now) {
  for (const store::UserId inviter : inviters) {
    revoke_unsendable_invitations(tx, fenced.organization.id, inviter, left, fenced.catalogue, now,
                                  fenced.rules.who_may_invite);
  }
}

base::Result<void> apply_patch(const PatchRoleInput& input, store::Role& role) {
  if (input.name) role.name = TRY(clean_name(*input.name, "/name"));
  if (input.description) role.description = TRY(clean_description(input.description));
  return {};
}

/// Gives a custom role other permissions.
base::Result<void> regrant(db::Transaction& tx, const InOrganization& caller, const Fenced& fenced,
                           const std::vector<std::string>& wanted, store::Role& role, base::Time now) {
  const Permissions before = fenced.of(role);
  const Permissions after = TRY(take_grants(tx, wanted, fenced.permissions, "/permissions"));
  if (after == before) return {};
  TRY(check_own_role(tx, caller, role.id, after));
  role.permissions = to_words(after);
  store::update_role(tx, role);
  store::bump_rights_of_role(tx, role.organization, role.id);
  if (outranks(before, after)) {
    revoke_invitations_of(tx, fenced, store::list_inviters_with_role(tx, role.organization, role.id), after, now);
  }
  return {};
}

/// The role that members and invitations of `role` get when it is deleted.
base::Result<store::Role> find_replacement(db::Transaction& tx, const InOrganization& caller, const Fenced& fenced,
                                           const DeleteRoleInput& input, const store::Role& role, base::Time now) {
  if (!input.replacement) {
    if (store::has_members_with_role(tx, role.organization, role.id) ||
        store::has_open_invitations_with_role(tx, role.organization, role.id, now)) {
      return refuse(base::kRoleInUse);
    }
    return *store::find_role_by_key(tx, role.organization, std::string(kMemberRole));
  }
  if (*input.replacement == role.id) return base::refuse_field("?replacement", "This is the role itself.");
  const auto replacement = store::find_role(tx, role.organization, *input.replacement);
  if (!replacement) return refuse(base::kNotFound, "There is no such role in this organization.");
  const Permissions after = fenced.of(*replacement);
  if (outranks(after, fenced.permissions)) return refuse(base::kOutranked);
  TRY(check_own_role(tx, caller, role.id, after));
  return *replacement;
}

}  // namespace

base::Result<Permissions> take_grants(db::Transaction& tx, const std::vector<std::string>& wanted,
                                      const Permissions& mine, std::string_view pointer) {
  if (wanted.size() > kMostGrants) {
    return base::refuse_field(std::string(pointer), "At most " + std::to_string(kMostGrants) + " permissions.");
  }
  const Permissions grants(wanted.begin(), wanted.end());
  Permissions unknown;
  for (const std::string& grant : grants) {  // in the order of their keys, as everybody locks them
    if (find_permission(grant) == nullptr && !store::lock_application_permission(tx, grant)) unknown.insert(grant);
  }
  base::Refusal refusal{&base::kInvalidRequest, std::string(base::kInvalidRequest.title), {}, std::nullopt};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string at = std::string(pointer) + "/" + std::to_string(i);
    if (unknown.contains(wanted[i])) refusal.problems.push_back({at, "There is no such permission."});
    if (is_owner_only(wanted[i])) refusal.problems.push_back({at, "Owners keep this permission to themselves."});
  }
  if (!refusal.problems.empty()) return tl::unexpected(std::move(refusal));
  if (outranks(grants, mine)) return refuse(base::kOutranked);
  return grants;
}

base::Result<Page<RoleView>> list_roles(const Services& services, const InOrganization& caller,
                                        const OrganizationPageInput& input) {
  std::vector<RoleView> roles = services.database.read([&](db::Transaction& tx) {
    std::vector<RoleView> views;
    const Catalogue catalogue = store::list_application_permissions(tx);
    for (const store::Role& role : store::list_roles(tx, caller.organization())) {
      views.push_back(view(role, catalogue));
    }
    return views;
  });
  return cut_page(services, "roles", caller.organization(), std::move(roles), {input.limit, input.after},
                  [](const RoleView& role) { return role.id.to_string(); });
}

base::Result<RoleView> get_role(const Services& services, const InOrganization& caller, const RoleInput& input) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<RoleView> {
    const auto role = store::find_role(tx, caller.organization(), input.role);
    if (!role) return refuse(base::kNotFound);
    return view(*role, store::list_application_permissions(tx));
  });
}

base::Result<RoleView> create_role(const Services& services, const InOrganization& caller, const NewRoleInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  store::Role role{caller.organization(), store::RoleId::make(now), {}, {}, now};
  role.name = TRY(clean_name(input.name, "/name"));
  role.description = TRY(clean_description(input.description));
  return change_roles(services, caller, now, [&](db::Transaction& tx, const Fenced& fenced) -> base::Result<RoleView> {
    const auto roles = store::list_roles(tx, role.organization);
    if (roles.size() >= kMostRoles) return refuse(base::kTooMany);
    TRY(check_name(roles, role));
    role.key = TRY(choose_key(roles, input));
    role.permissions = to_words(TRY(take_grants(tx, input.permissions, fenced.permissions, "/permissions")));
    store::insert_role(tx, role);
    record(tx, now, caller.origin(),
           {audit,
            role.organization,
            action::kRoleCreated,
            caller.actor(),
            role.id.to_string(),
            {{"permissions", role.permissions}}});
    return view(role, fenced.catalogue);
  });
}

base::Result<RoleView> patch_role(const Services& services, const InOrganization& caller, const PatchRoleInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return change_roles(services, caller, now, [&](db::Transaction& tx, const Fenced& fenced) -> base::Result<RoleView> {
    const store::Role before = TRY(find_touchable(tx, fenced, input.role));
    TRY(require_match(caller.origin(), view(before, fenced.catalogue)));
    if (input.permissions && is_fixed_role(before.key)) return refuse(base::kFixedRole);
    store::Role role = before;
    TRY(apply_patch(input, role));
    if (role.name != before.name) TRY(check_name(store::list_roles(tx, role.organization), role));
    if (input.permissions) TRY(regrant(tx, caller, fenced, *input.permissions, role, now));
    const bool is_changed =
        role.name != before.name || role.description != before.description || role.permissions != before.permissions;
    if (!is_changed) return view(before, fenced.catalogue);
    store::update_role(tx, role);
    std::map<std::string, std::string> details;
    if (role.permissions != before.permissions) {
      details = {{"from_permissions", before.permissions}, {"to_permissions", role.permissions}};
    }
    record(tx, now, caller.origin(),
           {audit, role.organization, action::kRoleUpdated, caller.actor(), role.id.to_string(), std::move(details)});
    return view(role, fenced.catalogue);
  });
}

base::Result<void> delete_role(const Services& services, const InOrganization& caller, const DeleteRoleInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return change_roles(services, caller, now, [&](db::Transaction& tx, const Fenced& fenced) -> base::Result<void> {
    const store::Role role = TRY(find_touchable(tx, fenced, input.role));
    TRY(require_match(caller.origin(), view(role, fenced.catalogue)));
    if (is_fixed_role(role.key)) return refuse(base::kFixedRole);
    const store::Role replacement = TRY(find_replacement(tx, caller, fenced, input, role, now));
    const auto inviters = store::list_inviters_with_role(tx, role.organization, role.id);
    store::move_members_to_role(tx, role.organization, role.id, replacement.id, now);
    store::move_invitations_to_role(tx, role.organization, role.id, replacement.id);
    revoke_invitations_of(tx, fenced, inviters, fenced.of(replacement), now);
    store::delete_role(tx, role.organization, role.id, now);
    record(tx, now, caller.origin(),
           {audit,
            role.organization,
            action::kRoleDeleted,
            caller.actor(),
            role.id.to_string(),
            {{"replacement_role_id", replacement.id.to_string()}}});
    return {};
  });
}

}  // namespace gatehouse::domain
