#include "domain/members.h"

#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/outbox.h"
#include "domain/preconditions.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// A change of one member: what every one of them works with.
struct Change {
  const Services& services;
  const InOrganization& caller;
  base::Time now;
  store::AuditId audit;
};

Change begin_change(const Services& services, const InOrganization& caller) {
  const base::Time now = services.clock.now();
  return {services, caller, now, store::AuditId::make(now)};
}

void note(db::Transaction& tx, const Change& change, std::string_view what, const store::Member& member,
          std::map<std::string, std::string> details) {
  record(tx, change.now, change.caller.origin(),
         {change.audit, member.organization, what, change.caller.actor(), member.id.to_string(), std::move(details)});
}

template <class Letter>
void tell(db::Transaction& tx, const Change& change, const store::Member& member, const Letter& letter) {
  if (!take_notice_budget(tx, change.services, member.email, change.now)) return;
  enqueue(tx, change.services,
          {member.email, member.account(), member.organization, change.now, change.now + kNoticeLife}, letter);
}

base::Result<store::Member> check_touchable(const Fenced& fenced, const std::optional<store::Member>& member) {
  if (!member) return refuse(base::kNotFound);
  if (outranks(fenced.of(*member), fenced.permissions)) return refuse(base::kOutranked);
  return *member;
}

/// What the member may do there ends: their invitations, their sessions.
void end_rights(db::Transaction& tx, const Change& change, const Fenced& fenced, const store::Member& member) {
  revoke_unsendable_invitations(tx, member.organization, member.user, {}, fenced.catalogue, change.now);
  store::revoke_sessions_in(tx, member.organization, member.account(), change.now);
}

base::Result<void> remove(db::Transaction& tx, const Change& change, const Fenced& fenced,
                          const store::Member& member) {
  if (is_last_owner(tx, member)) return refuse(base::kLastOwner);
  end_rights(tx, change, fenced, member);
  store::delete_member(tx, member.organization, member.id, change.now);
  tell(tx, change, member, mail::Removed{{fenced.organization.name}, change.now});
  note(tx, change, action::kMemberRemoved, member,
       {{"user_id", member.user.to_string()}, {"role_id", member.role.to_string()}});
  return {};
}

/// False when the member has the role already.
base::Result<bool> change_role(db::Transaction& tx, const Change& change, const Fenced& fenced,
                               const store::Member& member, const store::Role& role) {
  const Permissions after = fenced.of(role);
  if (outranks(after, fenced.permissions)) return refuse(base::kOutranked);
  if (member.role == role.id) return false;
  if (is_last_owner(tx, member)) return refuse(base::kLastOwner);
  store::set_member_role(tx, member.organization, member.id, role.id, change.now);
  revoke_unsendable_invitations(tx, member.organization, member.user, after, fenced.catalogue, change.now,
                                fenced.rules.who_may_invite);
  tell(tx, change, member, mail::RoleChanged{{fenced.organization.name}, {role.name}, change.now});
  note(tx, change, action::kRoleChanged, member,
       {{"from_role_id", member.role.to_string()}, {"to_role_id", role.id.to_string()}});
  return true;
}

MemberView view_again(db::Transaction& tx, const store::Member& member) {
  return view(*store::find_member(tx, member.organization, member.id));
}

bool is_oneself(const InOrganization& caller, const store::Member& member) {
  return caller.person() != nullptr && caller.person()->account() == member.account();
}

/// Runs `act(tx, fenced, member)`, a Result<MemberView>, for a member whom the caller may touch.
template <class Act>
base::Result<MemberView> change_member(const Change& change, store::MemberId id, Act act) {
  auto output = TRY(change.services.database.write([&](db::Transaction& tx) -> base::Result<MemberView> {
    const Fenced fenced = TRY(enter_fence(tx, change.caller, change.now));
    const store::Member member = TRY(check_touchable(fenced, store::find_member(tx, change.caller.organization(), id)));
    return act(tx, fenced, member);
  }));
  change.services.wake_jobs();
  return output;
}

}  // namespace

bool is_last_owner(db::Transaction& tx, const store::Member& member) {
  return member.role_key == kOwnerRole &&
         !store::has_other_active_member_with_role(tx, member.organization, std::string(kOwnerRole), member.id);
}

base::Result<MemberOutput> remove_member(const Services& services, const InOrganization& caller,
                                         const RemoveMemberInput& input) {
  const Change change = begin_change(services, caller);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<MemberOutput> {
    const Fenced fenced = TRY(enter_fence(tx, caller, change.now));
    const store::Member member =
        TRY(check_touchable(fenced, store::find_member_by_user(tx, caller.organization(), input.user_id)));
    TRY(remove(tx, change, fenced, member));
    return MemberOutput{"The member is removed.", view(member)};
  }));
  services.wake_jobs();
  return output;
}

base::Result<void> delete_member(const Services& services, const InOrganization& caller, const MemberInput& input) {
  const Change change = begin_change(services, caller);
  TRY(change_member(
      change, input.member,
      [&](db::Transaction& tx, const Fenced& fenced, const store::Member& member) -> base::Result<MemberView> {
        TRY(require_match(caller.origin(), view(member)));
        TRY(remove(tx, change, fenced, member));
        return view(member);
      }));
  return {};
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
  const Change change = begin_change(services, caller);
  bool is_changed = false;
  MemberView member = TRY(change_member(
      change, input.member_id,
      [&](db::Transaction& tx, const Fenced& fenced, const store::Member& found) -> base::Result<MemberView> {
        const auto role = store::find_role(tx, caller.organization(), input.role_id);
        if (!role) return refuse(base::kNotFound, "There is no such role in this organization.");
        is_changed = TRY(change_role(tx, change, fenced, found, *role));
        return view_again(tx, found);
      }));
  return MemberOutput{is_changed ? "The role is changed." : "The member has this role already.", std::move(member)};
}

base::Result<MemberView> get_member(const Services& services, const InOrganization& caller, const MemberInput& input) {
  const auto member = services.database.read(
      [&](db::Transaction& tx) { return store::find_member(tx, caller.organization(), input.member); });
  if (!member) return refuse(base::kNotFound);
  return view(*member);
}

base::Result<MemberView> patch_member(const Services& services, const InOrganization& caller,
                                      const PatchMemberInput& input) {
  if (input.role_id && input.role) return base::refuse_field("/role_id", "Give either role_id or role.");
  const Change change = begin_change(services, caller);
  return change_member(
      change, input.member,
      [&](db::Transaction& tx, const Fenced& fenced, const store::Member& member) -> base::Result<MemberView> {
        TRY(require_match(caller.origin(), view(member)));
        if (!input.role_id && !input.role) return view(member);
        const auto role = input.role_id ? store::find_role(tx, member.organization, *input.role_id)
                                        : store::find_role_by_key(tx, member.organization, *input.role);
        if (!role) return refuse(base::kNotFound, "There is no such role in this organization.");
        TRY(change_role(tx, change, fenced, member, *role));
        return view_again(tx, member);
      });
}

base::Result<MemberView> suspend_member(const Services& services, const InOrganization& caller,
                                        const MemberInput& input) {
  const Change change = begin_change(services, caller);
  return change_member(
      change, input.member,
      [&](db::Transaction& tx, const Fenced& fenced, const store::Member& member) -> base::Result<MemberView> {
        if (is_oneself(caller, member)) return refuse(base::kWrongState, "Nobody suspends themselves.");
        if (!member.is_active()) return view(member);
        if (is_last_owner(tx, member)) return refuse(base::kLastOwner);
        store::set_member_status(tx, member.organization, member.id, "suspended", change.now);
        end_rights(tx, change, fenced, member);
        tell(tx, change, member, mail::Suspended{{fenced.organization.name}, change.now});
        note(tx, change, action::kMemberSuspended, member, {{"user_id", member.user.to_string()}});
        return view_again(tx, member);
      });
}

base::Result<MemberView> reinstate_member(const Services& services, const InOrganization& caller,
                                          const MemberInput& input) {
  const Change change = begin_change(services, caller);
  return change_member(
      change, input.member,
      [&](db::Transaction& tx, const Fenced& fenced, const store::Member& member) -> base::Result<MemberView> {
        if (member.is_active()) return view(member);
        store::set_member_status(tx, member.organization, member.id, "active", change.now);
        tell(tx, change, member, mail::Reinstated{{fenced.organization.name}, {member.role_name}, change.now});
        note(tx, change, action::kMemberReinstated, member, {{"user_id", member.user.to_string()}});
        return view_again(tx, member);
      });
}

}  // namespace gatehouse::domain
