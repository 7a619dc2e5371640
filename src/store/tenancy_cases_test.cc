#include "store/audit_log.h"
#include "store/directories.h"
#include "store/one_time_tokens.h"
#include "store/people.h"
#include "store/platform_organizations.h"
#include "store/platform_users.h"
#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

const db::Bytes kSecret{"secret"}, kOther{"other"};
const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

Account account(const Estate& key, const Estate& ids) { return {key.directory, ids.founder}; }

std::vector<TenancyCase> house_cases() {
  return {
      {"insert_organization",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_organization(tx, {OrganizationId{ids.letter.uuid}, key.directory, "New", "new", "active", kNoon});
       }},
      {"find_organization", [](Transaction& tx, const Estate& key, const Estate&,
                               Facts& facts) { facts.add(find_organization(tx, key.organization)); }},
      {"fence_organization", [](Transaction& tx, const Estate& key, const Estate&,
                                Facts& facts) { facts.add(fence_organization(tx, key.organization)); }},
      {"rename_organization", [](Transaction& tx, const Estate& key, const Estate&,
                                 Facts&) { rename_organization(tx, key.organization, "Renamed", "renamed"); }},
      {"set_settings",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) { set_settings(tx, key.organization, "[]"); }},
      {"set_policies", [](Transaction& tx, const Estate& key, const Estate&,
                          Facts&) { set_policies(tx, key.organization, Policies{12}); }},
      {"mark_organization_deleted", [](Transaction& tx, const Estate& key, const Estate&,
                                       Facts&) { mark_organization_deleted(tx, key.organization, kLater); }},
      {"restore_organization",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         mark_organization_deleted(tx, key.organization, kLater);
         restore_organization(tx, key.organization);
         facts.add(find_organization(tx, key.organization));
       }},
      {"find_owner_of_directory", [](Transaction& tx, const Estate& key, const Estate&,
                                     Facts& facts) { facts.add(find_owner_of_directory(tx, key.directory)); }},
      {"delete_organization", [](Transaction& tx, const Estate& key, const Estate&,
                                 Facts&) { delete_organization(tx, key.organization, kLater); }},
      {"insert_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_role(tx, {key.organization, RoleId{ids.letter.uuid}, "new", "New", kNoon});
       }},
      {"find_role", [](Transaction& tx, const Estate& key, const Estate& ids,
                       Facts& facts) { facts.add(find_role(tx, key.organization, ids.owner_role)); }},
      {"find_role_by_key", [](Transaction& tx, const Estate& key, const Estate&,
                              Facts& facts) { facts.add(find_role_by_key(tx, key.organization, "owner")); }},
      {"list_roles", [](Transaction& tx, const Estate& key, const Estate&,
                        Facts& facts) { facts.add(list_roles(tx, key.organization)); }},
      {"update_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         update_role(tx, {key.organization, ids.owner_role, "", "Renamed", kNoon});
       }},
      {"delete_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         move_invitations_to_role(tx, key.organization, ids.member_role, ids.owner_role);
         delete_role(tx, key.organization, ids.member_role, kLater);
       }},
      {"insert_audit_entry",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_audit_entry(tx, {key.organization, AuditId{ids.letter.uuid}, kNoon, "user.signed_up", "user",
                                 ids.founder.uuid, std::nullopt, std::nullopt, std::nullopt, "{}"});
       }},
      {"list_audit_entries",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const AuditEntry& entry : list_audit_entries(tx, key.organization, {}, kAll)) {
           facts.add(entry.organization).add(entry.id);
         }
       }},
      {"list_audit_entries (actor)",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         AuditQuery query;
         query.actor = {ids.founder.uuid, false};
         for (const AuditEntry& entry : list_audit_entries(tx, key.organization, query, kAll)) facts.add(entry.id);
       }},
      {"list_audit_entries (subject)",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         AuditQuery query;
         query.subject = "usr_founder";
         query.is_ascending = true;
         for (const AuditEntry& entry : list_audit_entries(tx, key.organization, query, kAll)) facts.add(entry.id);
       }},
  };
}

std::vector<TenancyCase> member_cases() {
  return {
      {"insert_member",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_member(
             tx, {key.organization, MemberId{ids.letter.uuid}, {ids.directory, ids.newcomer}, ids.member_role, kNoon});
       }},
      {"find_member", [](Transaction& tx, const Estate& key, const Estate& ids,
                         Facts& facts) { facts.add(find_member(tx, key.organization, ids.member)); }},
      {"find_member_by_user", [](Transaction& tx, const Estate& key, const Estate& ids,
                                 Facts& facts) { facts.add(find_member_by_user(tx, key.organization, ids.founder)); }},
      {"find_member_by_email",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(find_member_by_email(tx, key.organization, email("founder@x.example")));
       }},
      {"count_active_members_with_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add_if(count_active_members_with_role(tx, key.organization, "owner") > 0);
       }},
      {"set_member_role", [](Transaction& tx, const Estate& key, const Estate& ids,
                             Facts&) { set_member_role(tx, key.organization, ids.member, ids.member_role, kLater); }},
      {"has_other_active_member_with_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add_if(has_other_active_member_with_role(tx, key.organization, "owner", MemberId{}));
       }},
      {"set_member_status", [](Transaction& tx, const Estate& key, const Estate& ids,
                               Facts&) { set_member_status(tx, key.organization, ids.member, "suspended", kLater); }},
      {"bump_rights_of_role", [](Transaction& tx, const Estate& key, const Estate& ids,
                                 Facts&) { bump_rights_of_role(tx, key.organization, ids.owner_role); }},
      {"move_members_to_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         move_members_to_role(tx, key.organization, ids.owner_role, ids.member_role, kLater);
       }},
      {"has_members_with_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(has_members_with_role(tx, key.organization, ids.owner_role));
       }},
      {"bump_rights_of_all_but", [](Transaction& tx, const Estate& key, const Estate&,
                                    Facts&) { bump_rights_of_all_but(tx, key.organization, "member"); }},
      {"delete_member", [](Transaction& tx, const Estate& key, const Estate& ids,
                           Facts&) { delete_member(tx, key.organization, ids.member, kLater); }},
      {"list_members",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(list_members(tx, key.organization, {}, MemberOrder::joined, {}, kAll));
       }},
      {"list_members (backwards)",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         const auto order = MemberOrder::joined_backwards;
         facts.add(list_members(tx, key.organization, {}, order, beginning_of(order), kAll));
       }},
      {"list_members (by email)",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(list_members(tx, key.organization, {}, MemberOrder::email, {}, kAll));
       }},
      {"list_members (by email backwards)",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         const auto order = MemberOrder::email_backwards;
         facts.add(list_members(tx, key.organization, {}, order, beginning_of(order), kAll));
       }},
      {"list_members (with prefix)",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const MemberOrder order :
              {MemberOrder::joined, MemberOrder::joined_backwards, MemberOrder::email, MemberOrder::email_backwards}) {
           facts.add(list_members(tx, key.organization, {.prefix = "founder"}, order, beginning_of(order), kAll));
         }
       }},
      {"list_memberships", [](Transaction& tx, const Estate& key, const Estate& ids,
                              Facts& facts) { facts.add(list_memberships(tx, account(key, ids))); }},
      {"list_own_organizations",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_own_organizations(tx, account(key, ids), {}, {}, kAll));
       }},
      {"find_membership", [](Transaction& tx, const Estate& key, const Estate& ids,
                             Facts& facts) { facts.add(find_membership(tx, key.organization, ids.account())); }},
      {"find_membership (account)",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(find_membership(tx, ids.organization, account(key, ids)));
       }},
  };
}

std::vector<TenancyCase> invitation_cases() {
  return {
      {"insert_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_invitation(tx, {key.organization, InvitationId{ids.letter.uuid}, email("new@x.example"),
                                ids.member_role, kSecret, ids.founder, std::nullopt, kNoon, at(600)});
       }},
      {"renew_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         renew_invitation(tx, {key.organization, ids.invitation, email("guest@x.example"), ids.owner_role, kOther,
                               ids.newcomer, std::nullopt, kNoon, at(900)});
       }},
      {"find_invitation", [](Transaction& tx, const Estate& key, const Estate& ids,
                             Facts& facts) { facts.add(find_invitation(tx, key.organization, ids.invitation)); }},
      {"find_pending_invitation",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(find_pending_invitation(tx, key.organization, email("guest@x.example")));
       }},
      {"accept_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(accept_invitation(tx, key.organization, ids.invitation, kSecret, kLater));
       }},
      {"revoke_invitation", [](Transaction& tx, const Estate& key, const Estate& ids,
                               Facts&) { revoke_invitation(tx, key.organization, ids.invitation, kLater); }},
      {"mark_invitation_opened",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         mark_invitation_opened(tx, key.organization, ids.invitation, kSecret, kLater);
       }},
      {"list_invitations_in",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(list_invitations_in(tx, key.organization, {"pending", kNoon, at(9000)}, {}, {}, kAll));
       }},
      {"list_invitation_letters",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const auto& letter : list_invitation_letters(tx, key.organization, ids.invitation)) facts.add(letter.id);
       }},
      {"list_pending_invitations_by_key",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_pending_invitations_by_key(tx, key.organization, ids.api_key));
       }},
      {"list_pending_invitations_of",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_pending_invitations_of(tx, key.organization, ids.founder));
       }},
      {"list_inviters_with_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_inviters_with_role(tx, key.organization, ids.owner_role));
       }},
      {"has_open_invitations_with_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(has_open_invitations_with_role(tx, key.organization, ids.member_role, kLater));
       }},
      {"move_invitations_to_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         move_invitations_to_role(tx, key.organization, ids.member_role, ids.owner_role);
       }},
      {"list_pending_inviters", [](Transaction& tx, const Estate& key, const Estate&,
                                   Facts& facts) { facts.add(list_pending_inviters(tx, key.organization)); }},
      {"list_invitations", [](Transaction& tx, const Estate& key, const Estate&,
                              Facts& facts) { facts.add(list_invitations(tx, key.organization, {}, {}, kAll)); }},
  };
}

std::vector<TenancyCase> api_key_cases() {
  return {
      {"insert_api_key",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_api_key(tx, {key.organization, ApiKeyId{ids.letter.uuid}, "new", "", kSecret, ids.founder, kNoon,
                             std::nullopt, std::nullopt, std::nullopt});
       }},
      {"find_api_key", [](Transaction& tx, const Estate& key, const Estate& ids,
                          Facts& facts) { facts.add(find_api_key(tx, key.organization, ids.api_key)); }},
      {"list_api_keys", [](Transaction& tx, const Estate& key, const Estate&,
                           Facts& facts) { facts.add(list_api_keys(tx, key.organization, {}, kAll)); }},
      {"count_live_api_keys",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add_if(count_live_api_keys(tx, key.organization, kNoon) == 1);
       }},
      {"rename_api_key", [](Transaction& tx, const Estate& key, const Estate& ids,
                            Facts&) { rename_api_key(tx, key.organization, ids.api_key, "renamed"); }},
      {"set_api_key_permissions",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         set_api_key_permissions(tx, key.organization, ids.api_key, "roles:read");
       }},
      {"revoke_api_key", [](Transaction& tx, const Estate& key, const Estate& ids,
                            Facts&) { revoke_api_key(tx, key.organization, ids.api_key, kLater); }},
      {"note_api_key_use", [](Transaction& tx, const Estate& key, const Estate& ids,
                              Facts&) { note_api_key_use(tx, key.organization, ids.api_key, kLater); }},
  };
}

std::vector<TenancyCase> user_cases() {
  return {
      {"insert_user",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_user(tx, {key.directory, UserId{ids.letter.uuid}, email("new@x.example"), std::nullopt, kSecret,
                          "active", ids.organization, kNoon});
       }},
      {"find_user", [](Transaction& tx, const Estate& key, const Estate& ids,
                       Facts& facts) { facts.add(find_user(tx, account(key, ids))); }},
      {"lock_user", [](Transaction& tx, const Estate& key, const Estate& ids,
                       Facts& facts) { facts.add(lock_user(tx, account(key, ids))); }},
      {"find_user_by_email",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(find_user_by_email(tx, key.directory, email("founder@x.example")));
       }},
      {"has_users", [](Transaction& tx, const Estate& key, const Estate&,
                       Facts& facts) { facts.add_if(has_users(tx, key.directory)); }},
      {"list_accounts",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const Account& one : list_accounts(tx, key.directory, kAll)) facts.add(one.directory).add(one.user);
       }},
      {"set_password_hash", [](Transaction& tx, const Estate& key, const Estate& ids,
                               Facts&) { set_password_hash(tx, account(key, ids), kOther); }},
      {"replace_password_hash",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         replace_password_hash(tx, account(key, ids), db::Bytes{"hash"}, kOther);
       }},
      {"mark_email_verified", [](Transaction& tx, const Estate& key, const Estate& ids,
                                 Facts&) { mark_email_verified(tx, account(key, ids), kLater); }},
      {"set_profile", [](Transaction& tx, const Estate& key, const Estate& ids,
                         Facts&) { set_profile(tx, account(key, ids), {.name = "Ann", .locale = "en"}); }},
      {"set_email", [](Transaction& tx, const Estate& key, const Estate& ids,
                       Facts&) { set_email(tx, account(key, ids), email("other@x.example"), kLater); }},
      {"set_last_organization", [](Transaction& tx, const Estate& key, const Estate& ids,
                                   Facts&) { set_last_organization(tx, account(key, ids), ids.organization); }},
      {"delete_user",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         delete_member(tx, key.organization, ids.member, kLater);
         delete_user(tx, account(key, ids));
       }},
      {"note_sign_in_origin",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(!note_sign_in_origin(tx, account(key, ids), "192.0.2.0/24", db::Bytes{"device"}, kLater, kNoon));
       }},
      {"is_known_network",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(is_known_network(tx, account(key, ids), "192.0.2.0/24", at(-1)));
       }},
  };
}

std::vector<TenancyCase> session_cases() {
  return {
      {"insert_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_session(tx, {key.directory, SessionId{ids.letter.uuid}, ids.founder, ids.organization, 1, "", "", kNoon,
                             at(600), at(900), std::nullopt});
       }},
      {"find_session", [](Transaction& tx, const Estate& key, const Estate& ids,
                          Facts& facts) { facts.add(find_session(tx, key.directory, ids.session)); }},
      {"list_live_sessions",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_live_sessions(tx, account(key, ids), kLater, at(900), {}, kAll));
       }},
      {"list_sessions", [](Transaction& tx, const Estate& key, const Estate& ids,
                           Facts& facts) { facts.add(list_sessions(tx, account(key, ids), kAll)); }},
      {"rotate_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it = rotate_session(tx, key.directory, ids.session, 1, kLater, at(50), at(700))) {
           facts.add(it->user).add(it->organization);
         }
       }},
      {"find_session_terms",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it = find_session_terms(tx, key.directory, ids.session, kLater)) facts.add(it->organization);
       }},
      {"switch_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(switch_session(tx, key.directory, ids.session, ids.organization, kLater, at(700)).has_value());
       }},
      {"revoke_sessions_in_organization",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) {
         revoke_sessions_in_organization(tx, key.organization, kLater);
       }},
      {"tighten_sessions_in_organization",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) {
         tighten_sessions_in_organization(tx, key.organization, at(-900), at(-900), at(90), kLater);
       }},
      {"forget_organization", [](Transaction& tx, const Estate& key, const Estate& ids,
                                 Facts&) { forget_organization(tx, key.organization, ids.account(), kLater); }},
      {"forget_organization (account)",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         forget_organization(tx, ids.organization, account(key, ids), kLater);
       }},
      {"revoke_session", [](Transaction& tx, const Estate& key, const Estate& ids,
                            Facts&) { revoke_session(tx, key.directory, ids.session, kLater); }},
      {"revoke_sessions_of", [](Transaction& tx, const Estate& key, const Estate& ids,
                                Facts&) { revoke_sessions_of(tx, account(key, ids), std::nullopt, kLater); }},
      {"revoke_sessions_of (but one)",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         revoke_sessions_of(tx, account(key, ids), SessionId{ids.letter.uuid}, kLater);
       }},
      {"revoke_sessions_in", [](Transaction& tx, const Estate& key, const Estate& ids,
                                Facts&) { revoke_sessions_in(tx, key.organization, ids.account(), kLater); }},
      {"revoke_sessions_in (account)",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         revoke_sessions_in(tx, ids.organization, account(key, ids), kLater);
       }},
      {"find_live_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it = find_live_session(tx, key.directory, ids.session, kLater)) {
           facts.add(it->user).add(it->organization).add(it->member);
         }
       }},
  };
}

std::vector<TenancyCase> token_cases() {
  return {
      {"insert_one_time_token",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_one_time_token(tx, {key.directory, TokenId{ids.letter.uuid}, "verify_email", ids.founder, std::nullopt,
                                    std::nullopt, kSecret, kNoon, at(600), std::nullopt});
       }},
      {"find_one_time_token",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it = find_one_time_token(tx, key.directory, ids.token)) {
           facts.add(it->directory).add(it->id).add(it->user).add(it->organization);
         }
       }},
      {"use_one_time_token",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(use_one_time_token(tx, key.directory, ids.token, "reset_password", kSecret, kLater));
       }},
      {"void_one_time_tokens", [](Transaction& tx, const Estate& key, const Estate& ids,
                                  Facts&) { void_one_time_tokens(tx, account(key, ids), "reset_password", kLater); }},
      {"void_unowned_tokens", [](Transaction& tx, const Estate& key, const Estate&,
                                 Facts&) { void_unowned_tokens(tx, key.directory, "operator_setup", kLater); }},
  };
}

std::vector<TenancyCase> people_cases() {
  return {
      {"list_places",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const Place& it : list_places(tx, account(key, ids))) {
           facts.add(it.organization).add(it.organization_name).add(it.member).add(it.role);
         }
       }},
      {"list_received_invitations",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const auto& it :
              list_received_invitations(tx, key.directory, email("guest@x.example"), kLater, {}, {}, kAll)) {
           facts.add(it.organization).add(it.organization_name).add(it.id).add(it.role).add(it.role_name);
         }
       }},
      {"find_received_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it =
                 find_received_invitation(tx, key.directory, email("guest@x.example"), kLater, ids.invitation)) {
           facts.add(it->organization).add(it->organization_name).add(it->id).add(it->role);
         }
       }},
      {"list_sign_in_origins",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const SignInOrigin& it : list_sign_in_origins(tx, account(key, ids))) facts.add(it.network);
       }},
      {"find_directory_owner", [](Transaction& tx, const Estate& key, const Estate&,
                                  Facts& facts) { facts.add(find_directory_owner(tx, key.directory)); }},
  };
}

std::vector<TenancyCase> platform_organization_cases() {
  return {
      {"tally_members_by_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const RoleTally& tally : tally_members_by_role(tx, key.organization)) facts.add(tally.role);
       }},
      {"set_organization_suspended", [](Transaction& tx, const Estate& key, const Estate&,
                                        Facts&) { set_organization_suspended(tx, key.organization, true); }},
      {"mark_organization_deleted", [](Transaction& tx, const Estate& key, const Estate&,
                                       Facts&) { mark_organization_deleted(tx, key.organization, kLater); }},
      {"list_active_addresses",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const base::EmailAddress& address : list_active_addresses(tx, key.organization)) facts.add(address.text);
       }},
  };
}

std::vector<TenancyCase> platform_user_cases() {
  return {
      {"set_user_status", [](Transaction& tx, const Estate& key, const Estate& ids,
                             Facts&) { set_user_status(tx, account(key, ids), "disabled"); }},
      {"void_all_one_time_tokens", [](Transaction& tx, const Estate& key, const Estate& ids,
                                      Facts&) { void_all_one_time_tokens(tx, account(key, ids), kLater); }},
      {"list_all_memberships",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const AnyMembership& one : list_all_memberships(tx, account(key, ids))) {
           facts.add(one.organization).add(one.member).add(one.role);
         }
       }},
      {"list_open_sessions",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const OpenSession& one : list_open_sessions(tx, account(key, ids), kLater)) facts.add(one.id);
       }},
  };
}

std::vector<TenancyCase> join(std::initializer_list<std::vector<TenancyCase>> parts) {
  std::vector<TenancyCase> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

std::vector<TenancyCase> organization_cases() {
  return join({house_cases(), member_cases(), invitation_cases(), api_key_cases(), platform_organization_cases(),
               statistics_cases()});
}
std::vector<TenancyCase> account_cases() {
  return join({user_cases(), session_cases(), token_cases(), people_cases(), platform_user_cases()});
}

}  // namespace gatehouse::store
