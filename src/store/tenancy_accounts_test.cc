#include "store/directories.h"
#include "store/one_time_tokens.h"
#include "store/people.h"
#include "store/platform_users.h"
#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

const db::Bytes kSecret{"secret"}, kOther{"other"};
const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

Account account(const Estate& key, const Estate& ids) { return {key.directory, ids.founder}; }

}  // namespace

std::vector<TenancyCase> account_cases() {
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
      {"find_reading",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto reading = find_reading(tx, account(key, ids))) facts.add(*reading->last_organization);
       }},
      {"find_user_by_email",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(find_user_by_email(tx, key.directory, address_of(ids, "founder")));
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
      {"set_profile",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         set_profile(tx, account(key, ids), {.name = "Ann", .locale = "en", .language = "de"});
       }},
      {"set_email", [](Transaction& tx, const Estate& key, const Estate& ids,
                       Facts&) { set_email(tx, account(key, ids), email("other@x.example"), kLater); }},
      {"set_last_organization",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         set_last_organization(tx, account(key, ids), OrganizationId{ids.letter.uuid});
       }},
      {"delete_user",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         delete_member(tx, key.organization, ids.member, kLater);
         delete_user(tx, account(key, ids));
       }},
      {"note_sign_in_origin",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const std::string device : {"acme", "umbra"}) {
           facts.add_if(!note_sign_in_origin(tx, account(key, ids), "192.0.2.0/24", db::Bytes{device}, kLater, kNoon));
         }
       }},
      {"is_known_network",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(is_known_network(tx, account(key, ids), "192.0.2.0/24", at(-1)));
       }},
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
           facts.add(it.inviter);
         }
       }},
      {"find_received_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         if (const auto it =
                 find_received_invitation(tx, key.directory, email("guest@x.example"), kLater, ids.invitation)) {
           facts.add(it->organization).add(it->organization_name).add(it->id).add(it->role).add(it->role_name);
           facts.add(it->inviter);
         }
       }},
      {"list_sign_in_origins",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const SignInOrigin& it : list_sign_in_origins(tx, account(key, ids))) facts.add(it.network);
       }},
      {"find_directory_owner", [](Transaction& tx, const Estate& key, const Estate&,
                                  Facts& facts) { facts.add(find_directory_owner(tx, key.directory)); }},
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

}  // namespace gatehouse::store
