#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

constexpr db::Statement kListKeys{"test list role keys",
                                  "SELECT role_key FROM stats_deltas WHERE organization_id = $1 AND subject_id = $2"};

const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

Account account(const Estate& key, const Estate& ids) { return {key.directory, ids.founder}; }

}  // namespace

std::vector<TenancyCase> member_cases() {
  return {
      {"insert_member",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         const MemberId id{ids.letter.uuid};
         insert_member(tx, {key.organization, id, {ids.directory, ids.newcomer}, ids.label_role, kNoon});
         for (const db::Row& row : tx.query(kListKeys, {key.organization, id})) facts.add(row.get<std::string>(0));
       }},
      {"find_member", [](Transaction& tx, const Estate& key, const Estate& ids,
                         Facts& facts) { facts.add(find_member(tx, key.organization, ids.member)); }},
      {"find_member_by_user", [](Transaction& tx, const Estate& key, const Estate& ids,
                                 Facts& facts) { facts.add(find_member_by_user(tx, key.organization, ids.founder)); }},
      {"find_member_by_email",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add(find_member_by_email(tx, key.organization, address_of(ids, "founder")));
       }},
      {"count_active_members_with_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         facts.add_number(count_active_members_with_role(tx, key.organization, "owner"));
       }},
      {"set_member_role", [](Transaction& tx, const Estate& key, const Estate& ids,
                             Facts&) { set_member_role(tx, key.organization, ids.member, ids.member_role, kLater); }},
      {"has_other_active_member_with_role",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         for (const std::string role : {"owner", "member", "acme", "umbra"}) {
           facts.add_if(has_other_active_member_with_role(tx, key.organization, role, MemberId{}));
         }
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
      {"bump_rights_of_all_but",
       [](Transaction& tx, const Estate& key, const Estate&, Facts& facts) {
         bump_rights_of_all_but(tx, key.organization, "umbra");
         facts.add(list_members(tx, key.organization, {}, MemberOrder::joined, {}, kAll));
       }},
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
           for (const std::string prefix : {"acme", "umbra"}) {
             facts.add(list_members(tx, key.organization, {.prefix = prefix}, order, beginning_of(order), kAll));
           }
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

}  // namespace gatehouse::store
