#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

const db::Bytes kSecret{"secret"}, kOther{"other"};
const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

}  // namespace

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
      {"find_invitation",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(find_invitation(tx, key.organization, ids.invitation));
         facts.add(find_invitation(tx, key.organization, InvitationId{ids.deputy.uuid}));
       }},
      {"find_pending_invitation",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(find_pending_invitation(tx, key.organization, email("guest@x.example")));
         facts.add(find_pending_invitation(tx, key.organization, email("friend@x.example")));
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
      {"withdraw_invitation_letters",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add(withdraw_invitation_letters(tx, key.organization, kLater));
       }},
      {"list_pending_inviting_keys", [](Transaction& tx, const Estate& key, const Estate&,
                                        Facts& facts) { facts.add(list_pending_inviting_keys(tx, key.organization)); }},
      {"list_pending_invitations_by_key",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_pending_invitations_by_key(tx, key.organization, ids.api_key));
       }},
      {"list_pending_invitations_of",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_pending_invitations_of(tx, key.organization, ids.founder));
         facts.add(list_pending_invitations_of(tx, key.organization, ids.deputy));
       }},
      {"list_inviters_with_role",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(list_inviters_with_role(tx, key.organization, ids.owner_role));
         facts.add(list_inviters_with_role(tx, key.organization, ids.member_role));
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

}  // namespace gatehouse::store
