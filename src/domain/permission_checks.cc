#include "domain/permission_checks.h"

#include "domain/permissions.h"
#include "domain/policies.h"
#include "store/members.h"
#include "store/users.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// Whose permissions are looked at.
struct Subject {
  Permissions own;          // what the role or the key holds
  Permissions effective;    // what of it the policies leave, and add
  Explanation explanation;  // of what is allowed
};

Subject subject_of(const store::Member& member, bool may_act, const Catalogue& catalogue, WhoMayInvite who_may_invite) {
  Subject subject;
  if (may_act) {
    subject.own = permissions_of(member.role_key, member.role_permissions, catalogue);
    subject.effective = effective_permissions(subject.own, who_may_invite);
  }
  subject.explanation = {member.role, member.role_key, member.role_name,
                         is_fixed_role(member.role_key) ? "fixed_role" : "custom_role"};
  return subject;
}

base::Result<Subject> find_subject(db::Transaction& tx, const InOrganization& caller,
                                   const std::optional<store::UserId>& user, const Catalogue& catalogue) {
  const SignedIn* const person = caller.person();
  const auto organization = store::find_organization(tx, caller.organization());
  if (!organization) return refuse(base::kNotFound);
  const WhoMayInvite who_may_invite = rules_of(caller.settings(), organization->policies).who_may_invite;
  if (person == nullptr && !user) {
    const Permissions& own = caller.permissions();
    return Subject{own, effective_permissions_of_key(own, who_may_invite), {{}, {}, {}, "api_key"}};
  }
  const bool is_oneself = person != nullptr && (!user || *user == person->account().user);
  if (!is_oneself && !caller.permissions().contains(kMembersRead)) return refuse(base::kForbidden);
  const auto member = store::find_member_by_user(tx, caller.organization(), user ? *user : person->account().user);
  if (!member) return refuse(base::kNotFound);
  const auto account = store::find_user(tx, member->account());
  return subject_of(*member, member->is_active() && account && account->is_active(), catalogue, who_may_invite);
}

PermissionResult check(const Subject& subject, const std::string& permission, const Permissions& known) {
  PermissionResult result{permission, subject.effective.contains(permission), subject.explanation};
  if (result.allowed != subject.own.contains(permission)) {
    result.explanation.grant = "policy";
  } else if (!result.allowed) {
    result.explanation.grant = known.contains(permission) ? "none" : "unknown_permission";
  }
  return result;
}

}  // namespace

base::Result<Page<PermissionView>> list_permissions(const Services& services, const SignedIn& caller,
                                                    const PageInput& input) {
  const auto catalogue =
      services.database.read([](db::Transaction& tx) { return store::list_application_permissions(tx); });
  std::vector<PermissionView> all;
  const auto add = [&](std::string_view key, std::string_view description, std::string_view source) {
    PermissionView one{std::string(key), std::string(description), std::string(source), {}};
    for (const std::string_view role : kFixedRoles) {
      if (permissions_of(role, "", catalogue).contains(key)) one.roles.emplace_back(role);
    }
    all.push_back(std::move(one));
  };
  for (const PermissionInfo& own : kPermissions) add(own.key, own.description, "gatehouse");
  for (const store::ApplicationPermission& one : catalogue) add(one.key, one.description, "application");
  // Bound to the caller as every cursor is, though the list is the same for all.
  return cut_page(services, "permissions " + caller.account().user.to_string(), store::kPlatformOrganization,
                  std::move(all), input, [](const PermissionView& one) { return one.key; });
}

base::Result<store::OrganizationId> organization_of_checks(const Services&, const Authenticated& who,
                                                           const CheckPermissionsInput& input) {
  if (input.organization_id) return *input.organization_id;
  std::optional<store::OrganizationId> own;
  if (const auto* person = std::get_if<SignedIn>(&who)) {
    own = person->active_organization();
  } else if (const store::ApiKey& key = std::get<KeyHolder>(who).key();
             key.organization != store::kPlatformOrganization) {
    own = key.organization;
  }
  if (!own) return base::refuse_field("/organization_id", "Needed, since you are in no organization.");
  return *own;
}

base::Result<PermissionResults> check_permissions(const Services& services, const InOrganization& caller,
                                                  const CheckPermissionsInput& input) {
  if (input.checks.size() > kMostChecks) {
    return base::refuse_field("/checks", "At most " + std::to_string(kMostChecks) + " at once.");
  }
  return services.database.read([&](db::Transaction& tx) -> base::Result<PermissionResults> {
    const Catalogue catalogue = store::list_application_permissions(tx);
    const Subject subject = TRY(find_subject(tx, caller, input.user_id, catalogue));
    Permissions known;
    for (const PermissionInfo& own : kPermissions) known.emplace(own.key);
    for (const store::ApplicationPermission& one : catalogue) known.insert(one.key);
    PermissionResults output;
    for (const PermissionCheck& one : input.checks) output.results.push_back(check(subject, one.permission, known));
    return output;
  });
}

}  // namespace gatehouse::domain
