#include "domain/members.h"

#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/outbox.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// The fence is held. Whether the organization would be left without an active owner if this one went.
bool is_last_owner(db::Transaction& tx, const store::Member& member) {
  return member.role_key == kOwnerRole &&
         store::count_active_members_with_role(tx, member.organization, std::string(kOwnerRole)) <= 1;
}

}  // namespace

base::Result<MemberOutput> remove_member(const Services& services, const InOrganization& caller,
                                         const RemoveMemberInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<MemberOutput> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const auto member = store::find_member_by_user(tx, caller.organization(), input.user_id);
    if (!member) return refuse(base::kNotFound);
    if (outranks(fenced.of(*member), fenced.permissions)) return refuse(base::kOutranked);
    if (is_last_owner(tx, *member)) return refuse(base::kLastOwner);

    revoke_unsendable_invitations(tx, caller.organization(), member->user, {}, fenced.catalogue, now);
    store::revoke_sessions_in(tx, caller.organization(), member->account(), now);
    store::delete_member(tx, caller.organization(), member->id);
    if (take_notice_budget(tx, services, member->email, now)) {
      enqueue(tx, services, {member->email, caller.organization(), now, now + kNoticeLife},
              mail::Removed{{fenced.organization.name}, now});
    }
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kMemberRemoved,
            caller.actor(),
            member->id.to_string(),
            {{"user_id", member->user.to_string()}, {"role_id", member->role.to_string()}}});
    return MemberOutput{"The member is removed.", view(*member)};
  }));
  services.wake_jobs();
  return output;
}

base::Result<store::OrganizationId> organization_of_member(const Services& services,
                                                           const UpdateMemberRoleInput& input) {
  const auto organization =
      services.database.read([&](db::Transaction& tx) { return store::locate_member(tx, input.member_id); });
  if (!organization) return refuse(base::kNotFound);
  return *organization;
}

base::Result<MemberOutput> update_member_role(const Services& services, const InOrganization& caller,
                                              const UpdateMemberRoleInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<MemberOutput> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const auto member = store::find_member(tx, caller.organization(), input.member_id);
    const auto role = store::find_role(tx, caller.organization(), input.role_id);
    if (!member || !role) return refuse(base::kNotFound);
    const Permissions before = fenced.of(*member);
    const Permissions after = fenced.of(*role);
    if (outranks(before, fenced.permissions) || outranks(after, fenced.permissions)) return refuse(base::kOutranked);
    if (member->role == role->id) return MemberOutput{"The member has this role already.", view(*member)};
    if (is_last_owner(tx, *member)) return refuse(base::kLastOwner);

    store::set_member_role(tx, caller.organization(), member->id, role->id);
    revoke_unsendable_invitations(tx, caller.organization(), member->user, after, fenced.catalogue, now,
                                  fenced.rules.who_may_invite);
    if (take_notice_budget(tx, services, member->email, now)) {
      enqueue(tx, services, {member->email, caller.organization(), now, now + kNoticeLife},
              mail::RoleChanged{{fenced.organization.name}, {role->name}, now});
    }
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kRoleChanged,
            caller.actor(),
            member->id.to_string(),
            {{"from_role_id", member->role.to_string()}, {"to_role_id", role->id.to_string()}}});
    return MemberOutput{"The role is changed.", view(*store::find_member(tx, caller.organization(), member->id))};
  }));
  services.wake_jobs();
  return output;
}

base::Result<Page<MemberView>> list_members(const Services& services, const InOrganization& caller,
                                            const OrganizationPageInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const Position position = TRY(from_cursor(services, "members", caller.organization(), input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    return store::list_members(tx, caller.organization(), position.time, {position.id}, limit + 1);
  });
  return make_page<MemberView>(
      services, "members", caller.organization(), std::move(rows), limit,
      [](const store::Member& row) { return view(row); },
      [](const store::Member& row) {
        return Position{row.joined_at, row.id.uuid};
      });
}

base::Result<Page<RoleView>> list_roles(const Services& services, const InOrganization& caller,
                                        const OrganizationInput&) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<Page<RoleView>> {
    Page<RoleView> page;
    const Catalogue catalogue = store::list_application_permissions(tx);
    for (const store::Role& role : store::list_roles(tx, caller.organization())) {
      page.data.push_back(view(role, catalogue));
    }
    return page;
  });
}

}  // namespace gatehouse::domain
