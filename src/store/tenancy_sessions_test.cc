#include "store/platform_users.h"
#include "store/tenancy_test.h"

namespace gatehouse::store {

namespace {

using db::Transaction;

const base::Time kLater = at(60);
constexpr std::int64_t kAll = 100;

Account account(const Estate& key, const Estate& ids) { return {key.directory, ids.founder}; }

}  // namespace

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
      {"find_whole_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         for (const SessionId session : {ids.session, ids.leaver_session, ids.absent_session}) {
           if (const auto it = find_whole_session(tx, key.directory, session, kLater)) {
             facts.add(it->user).add(it->terms.organization).add(it->membership);
           }
         }
       }},
      {"rotate_session",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts&) {
         const WholeSession found{ids.founder, 1, {}, {}, {}};
         for (const SessionId session : {ids.session, ids.leaver_session, ids.absent_session}) {
           rotate_session(tx, key.directory, session, found, 1, kLater, at(50), at(700));
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
      {"note_session_use",
       [](Transaction& tx, const Estate& key, const Estate& ids, Facts& facts) {
         facts.add_if(note_session_use(tx, key.directory, ids.session, kLater, at(700)));
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
         for (const SessionId session : {ids.session, ids.leaver_session, ids.absent_session}) {
           if (const auto it = find_live_session(tx, key.directory, session, kLater)) {
             facts.add(it->user).add(it->email).add(it->organization).add(it->member);
           }
         }
       }},
  };
}

}  // namespace gatehouse::store
