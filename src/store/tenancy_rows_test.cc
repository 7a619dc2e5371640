#include "base/text.h"
#include "store/audit.h"
#include "store/branding.h"
#include "store/invitation_events.h"
#include "store/ledger.h"
#include "store/member_activity.h"
#include "store/one_time_tokens.h"
#include "store/tenancy_test.h"

#include <algorithm>
#include <deque>

namespace gatehouse::store {

namespace {

constexpr db::Statement kAddDirectory{"test add estate directory",
                                      "INSERT INTO directories (id, kind, created_at) VALUES ($1, 'isolated', $2)"};

struct Dump {
  std::string name;
  std::string text;
  bool by_directory;
};

/// One statement for each table with rows that belong to somebody; their texts outlive every cache of statements.
const std::deque<Dump>& dumps() {
  static const std::deque<Dump> all = [] {
    std::deque<Dump> made;
    const auto add = [&](std::string_view table, std::string_view key, bool by_directory) {
      const std::string name(table);
      made.push_back(
          {"test dump " + name, "SELECT * FROM " + name + " WHERE " + std::string(key) + " = $1", by_directory});
    };
    for (const auto table : kOrganizationTables) add(table, "organization_id", false);
    for (const auto table : kAccountTables) add(table, "directory_id", true);
    add("organizations", "directory_id", true);
    add("directories", "id", true);
    add("letters", "organization_id", false);
    return made;
  }();
  return all;
}

std::string cell_text(const db::Row& row, std::size_t column) {
  try {
    const auto bytes = row.get<std::optional<std::string>>(column);
    return bytes ? base::to_hex(*bytes) : "null";
  } catch (const db::ColumnError&) {
    return std::to_string(row.get<std::int64_t>(column));
  }
}

void add_user(db::Transaction& tx, const Estate& estate, UserId id, const std::string& who,
              const std::string& status = "active") {
  insert_user(tx, {estate.directory,
                   id,
                   address_of(estate, who),
                   std::nullopt,
                   db::Bytes{"hash"},
                   status,
                   estate.organization,
                   kNoon,
                   {.name = estate.label + " " + who}});
}

void add_session(db::Transaction& tx, const Estate& estate, SessionId id, UserId user) {
  insert_session(tx, {estate.directory, id, user, estate.organization, 1, "192.0.2.1", "a browser", kNoon, at(600),
                      at(900), std::nullopt});
}

/// The organization and its directory, its roles, and a role that it had.
void add_house(db::Transaction& tx, const Estate& estate) {
  const OrganizationId organization = estate.organization;
  tx.execute(kAddDirectory, {estate.directory, kNoon});
  insert_organization(
      tx, {organization, estate.directory, estate.label, base::to_base32(organization.uuid), "active", kNoon});
  set_organization_language(tx, organization, estate.label);
  set_branding(tx, organization, {.name = estate.label});
  set_logo(tx, organization, {logo_of(estate), "image/" + estate.label, 1, 1}, db::Bytes{estate.label});
  insert_role(tx, {organization, estate.owner_role, "owner", estate.label, kNoon});
  insert_role(tx, {organization, estate.member_role, "member", estate.label, kNoon});
  insert_role(tx, {organization, estate.label_role, folded_label(estate), estate.label, kNoon});
  const RoleId past{estate.session.uuid};
  insert_role(tx, {organization, past, "past", estate.label, kNoon});
  delete_role(tx, organization, past, kNoon);
}

void add_founder(db::Transaction& tx, const Estate& estate) {
  add_user(tx, estate, estate.founder, "founder");
  add_user(tx, estate, estate.newcomer, "newcomer");
  insert_member(tx, {estate.organization, estate.member, estate.account(), estate.owner_role, kNoon});
  insert_api_key(tx, {estate.organization, estate.api_key, estate.label, "members:read", db::Bytes{"secret"},
                      estate.founder, kNoon, std::nullopt, std::nullopt, std::nullopt});
}

/// Who is a member beside the founder.
void add_others(db::Transaction& tx, const Estate& estate) {
  const OrganizationId organization = estate.organization;
  add_user(tx, estate, estate.deputy, "deputy");
  add_user(tx, estate, estate.leaver, "leaver", estate.is_twin ? "active" : "disabled");
  add_user(tx, estate, estate.absent, "absent");
  insert_member(tx, {organization,
                     MemberId{estate.deputy.uuid},
                     {estate.directory, estate.deputy},
                     estate.is_twin ? estate.member_role : estate.label_role,
                     kNoon});
  insert_member(
      tx, {organization, MemberId{estate.leaver.uuid}, {estate.directory, estate.leaver}, estate.member_role, kNoon});
  insert_member(tx, {organization,
                     MemberId{estate.absent.uuid},
                     {estate.directory, estate.absent},
                     estate.member_role,
                     kNoon,
                     estate.is_twin ? "active" : "suspended"});
  add_session(tx, estate, SessionId{estate.deputy.uuid}, estate.deputy);
  add_session(tx, estate, estate.leaver_session, estate.leaver);
  add_session(tx, estate, estate.absent_session, estate.absent);
}

void add_invitations(db::Transaction& tx, const Estate& estate) {
  const OrganizationId organization = estate.organization;
  const LetterId foreign{estate.deputy.uuid};  // the twin's
  insert_letter(tx, {estate.letter, organization, "invitation", email("guest@x.example"), db::Bytes{"sealed"}, 1, kNoon,
                     at(600), estate.invitation});
  insert_invitation(tx, {organization, estate.invitation, email("guest@x.example"), estate.member_role,
                         db::Bytes{"secret"}, estate.founder, estate.letter, kNoon, at(600)});
  insert_invitation(
      tx, {organization, InvitationId{estate.api_key.uuid}, email("keyed@x.example"), estate.member_role,
           db::Bytes{"secret"}, estate.founder, foreign, kNoon, at(600), std::nullopt, "api_key", estate.api_key});
  insert_invitation(tx, {organization, InvitationId{estate.deputy.uuid}, email("friend@x.example"), estate.member_role,
                         db::Bytes{"secret"}, estate.deputy, foreign, kNoon, at(600)});
  insert_invitation_event(tx, {organization, estate.invitation, estate.invitation.uuid, kNoon, "queued"});
  if (!estate.is_twin) return;
  insert_letter(
      tx, {foreign, organization, "invitation", email("friend@x.example"), db::Bytes{"sealed"}, 1, kNoon, at(600)});
  for (const UserId& id : estate.people()) {
    insert_invitation_event(tx, {organization, estate.invitation, id.uuid, kNoon, "refused"});
  }
}

/// What signing in leaves behind, and the tokens of letters.
void add_sign_ins(db::Transaction& tx, const Estate& estate) {
  const std::optional<base::Time> never;
  add_session(tx, estate, estate.session, estate.founder);
  insert_one_time_token(tx, {estate.directory, estate.token, "reset_password", estate.founder, estate.organization,
                             "founder@x.example", db::Bytes{"secret"}, kNoon, at(600), never});
  insert_one_time_token(tx, {estate.directory, estate.unowned_token, "operator_setup", std::nullopt, std::nullopt,
                             std::nullopt, db::Bytes{"secret"}, kNoon, at(600), never});
  note_sign_in_origin(tx, estate.account(), "192.0.2.0/24", db::Bytes{folded_label(estate)}, kNoon, kNoon);
  note_activity(tx, estate.organization, estate.account(), estate.directory.uuid, kNoon);
  insert_audit_entry(tx, {estate.organization, AuditId{estate.member.uuid}, kNoon, "user.signed_up", "user",
                          estate.founder.uuid, "usr_founder", std::nullopt, std::nullopt, "{}"});
}

/// Events and memberships, some of which are folded.
void add_counted(db::Transaction& tx, const Estate& estate) {
  const OrganizationId organization = estate.organization;
  insert_event(tx, {organization, estate.member.uuid, 10, "sign_in", base::to_base32(estate.member.uuid), kNoon});
  fold_deltas(tx, {organization, {}}, 100);
  insert_event(tx, {organization, estate.member.uuid, 11, "sign_in", base::to_base32(estate.session.uuid), kNoon});
  add_others(tx, estate);
}

}  // namespace

Estate make_estate(const std::string& label) {
  return {label,
          DirectoryId::make(kNoon),
          OrganizationId::make(kNoon),
          RoleId::make(kNoon),
          RoleId::make(kNoon),
          RoleId::make(kNoon),
          UserId::make(kNoon),
          UserId::make(kNoon),
          UserId::make(kNoon),
          UserId::make(kNoon),
          UserId::make(kNoon),
          MemberId::make(kNoon),
          InvitationId::make(kNoon),
          SessionId::make(kNoon),
          SessionId::make(kNoon),
          SessionId::make(kNoon),
          TokenId::make(kNoon),
          TokenId::make(kNoon),
          LetterId::make(kNoon),
          ApiKeyId::make(kNoon)};
}

Estate make_twin(const Estate& estate, const std::string& label, base::Time when) {
  Estate twin = estate;
  twin.label = label;
  twin.directory = DirectoryId::make(when);
  twin.organization = OrganizationId::make(when);
  twin.letter = LetterId::make(when);
  twin.is_twin = true;
  return twin;
}

std::string folded_label(const Estate& estate) { return base::to_folded(estate.label); }

base::EmailAddress address_of(const Estate& estate, const std::string& who) {
  return email(folded_label(estate) + "." + who + "@x.example");
}

std::string logo_of(const Estate& estate) { return base::to_base32(estate.api_key.uuid); }

void build(db::Transaction& tx, const Estate& estate) {
  add_house(tx, estate);
  add_founder(tx, estate);
  add_invitations(tx, estate);
  add_sign_ins(tx, estate);
  add_counted(tx, estate);
}

std::vector<std::string> dump(db::Transaction& tx, const Estate& estate) {
  std::vector<std::string> lines;
  for (const Dump& one : dumps()) {
    const base::Uuid& key = one.by_directory ? estate.directory.uuid : estate.organization.uuid;
    for (const db::Row& row : tx.query({one.name, one.text}, {key})) {
      std::string line = one.name;
      for (std::size_t i = 0; i < row.size(); ++i) line += '|' + cell_text(row, i);
      lines.push_back(std::move(line));
    }
  }
  std::ranges::sort(lines);
  return lines;
}

Facts& Facts::add(const Organization& it) { return add(it.id).add(it.directory).add(it.name); }
Facts& Facts::add(const Role& it) { return add(it.organization).add(it.id).add(it.name); }
Facts& Facts::add(const Member& it) {
  add(it.organization).add(it.directory).add(it.id).add(it.user).add(it.role).add(it.role_name);
  return add(it.email.text).add(it.name).add(it.status).add_number(it.rights_version);
}
Facts& Facts::add(const Membership& it) {
  return add(it.organization).add(it.organization_name).add(it.member).add(it.role).add(it.role_name);
}
Facts& Facts::add(const User& it) {
  return add(it.directory).add(it.id).add(it.last_organization).add(it.email.text).add(it.profile.name);
}
Facts& Facts::add(const Invitation& it) {
  add(it.organization).add(it.id).add(it.role).add(it.role_name).add(it.inviter).add(it.letter);
  return add(it.letter_status);
}
Facts& Facts::add(const ApiKey& it) { return add(it.organization).add(it.id).add(it.name).add(it.created_by); }
Facts& Facts::add(const Session& it) { return add(it.directory).add(it.id).add(it.user).add(it.organization); }

}  // namespace gatehouse::store
