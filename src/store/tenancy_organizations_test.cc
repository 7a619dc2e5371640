#include "store/audit_log.h"
#include "store/branding.h"
#include "store/directories.h"
#include "store/platform_organizations.h"
#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

const db::Bytes kSecret{"secret"};
const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

}  // namespace

std::vector<TenancyCase> organization_cases() {
  return {
      {"insert_organization",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_organization(tx, {OrganizationId{ids.letter.uuid}, key.directory, "New", "new", "active", kNoon});
       }},
      {"find_organization", [](Transaction& tx, const Estate& key, const Estate&,
                               Facts& facts) { facts.add(find_organization(tx, key.organization)); }},
      {"find_organization_language",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         if (const auto language = find_organization_language(tx, key.organization)) facts.add(*language);
       }},
      {"set_organization_language", [](Transaction& tx, const Estate& key, const Estate&,
                                       Facts&) { set_organization_language(tx, key.organization, "de"); }},
      {"fence_organization", [](Transaction& tx, const Estate& key, const Estate&,
                                Facts& facts) { facts.add(fence_organization(tx, key.organization)); }},
      {"rename_organization", [](Transaction& tx, const Estate& key, const Estate&,
                                 Facts&) { rename_organization(tx, key.organization, "Renamed", "renamed"); }},
      {"set_settings",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) { set_settings(tx, key.organization, "[]"); }},
      {"set_policies", [](Transaction& tx, const Estate& key, const Estate&,
                          Facts&) { set_policies(tx, key.organization, Policies{12}); }},
      {"find_branding",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         const auto found = find_branding(tx, key.organization);
         if (!found) return;
         facts.add(found->id).add(found->name).add(found->branding.name);
         if (found->branding.logo) facts.add(found->branding.logo->media_type);
       }},
      {"set_branding", [](Transaction& tx, const Estate& key, const Estate&,
                          Facts&) { set_branding(tx, key.organization, {.name = "Brand"}); }},
      {"set_logo",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) {
         set_logo(tx, key.organization, {"other", "image/gif", 1, 1}, kSecret);
       }},
      {"delete_logo",
       [](Transaction& tx, const Estate& key, const Estate&, Facts&) { delete_logo(tx, key.organization); }},
      {"find_logo",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         const auto logo = find_logo(tx, key.organization, logo_of(ids));
         if (logo) facts.add(logo->media_type).add(logo->content.data);
       }},
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
         move_members_to_role(tx, key.organization, ids.member_role, ids.owner_role, kLater);
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
      {"insert_api_key",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         insert_api_key(tx, {key.organization, ApiKeyId{ids.letter.uuid}, "new", "", kSecret, ids.founder, kNoon,
                             std::nullopt, std::nullopt, std::nullopt});
       }},
      {"find_api_key", [](Transaction& tx, const Estate& key, const Estate& ids,
                          Facts& facts) { facts.add(find_api_key(tx, key.organization, ids.api_key)); }},
      {"list_api_keys", [](Transaction& tx, const Estate& key, const Estate&,
                           Facts& facts) { facts.add(list_api_keys(tx, key.organization, {}, kAll)); }},
      {"count_live_api_keys", [](Transaction& tx, const Estate& key, const Estate&,
                                 Facts& facts) { facts.add_number(count_live_api_keys(tx, key.organization, kNoon)); }},
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
      {"tally_members_by_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const RoleTally& tally : tally_members_by_role(tx, key.organization)) {
           facts.add(tally.role).add_number(tally.active).add_number(tally.suspended);
         }
       }},
      {"set_organization_suspended", [](Transaction& tx, const Estate& key, const Estate&,
                                        Facts&) { set_organization_suspended(tx, key.organization, true); }},
      {"mark_organization_deleted", [](Transaction& tx, const Estate& key, const Estate&,
                                       Facts&) { mark_organization_deleted(tx, key.organization, kLater); }},
      {"list_active_addressees",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const Addressee& one : list_active_addressees(tx, key.organization, 100)) {
           facts.add(one.account.directory).add(one.account.user).add(one.email.text);
         }
       }},
  };
}

}  // namespace gatehouse::store
