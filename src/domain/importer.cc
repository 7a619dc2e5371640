#include "domain/importer.h"

#include "base/text.h"
#include "crypto/foreign_password.h"
#include "domain/audit.h"
#include "domain/import_values.h"
#include "domain/names.h"
#include "domain/operators.h"
#include "domain/passwords.h"
#include "store/imported_rows.h"
#include "store/members.h"
#include "store/organizations.h"
#include "store/roles.h"

#include <array>

namespace gatehouse::domain {

namespace {

const std::string kOrganization = "organization", kUser = "user", kMember = "member";
constexpr int kTries = 5;
constexpr Actor kCommandLine{"command_line", std::nullopt};

ImportLine line_of(const std::string& table, const std::string& external_id, std::string result,
                   std::optional<std::string> id = std::nullopt, std::optional<std::string> reason = std::nullopt) {
  return {.table = table,
          .external_id = external_id,
          .result = std::move(result),
          .id = std::move(id),
          .reason = std::move(reason)};
}

}  // namespace

struct Importer::NewOrganization {
  const SourceOrganization& row;
  store::Organization organization;
  std::array<store::Role, 3> roles;
  store::AuditId audit;
  std::optional<std::string> note;
};

struct Importer::NewUser {
  const SourceUser& row;
  std::optional<store::User> user;  // nothing when its address is none
  store::AuditId audit;
  std::optional<std::string> password_unusable;
  std::optional<std::string> note;
};

struct Importer::NewMember {
  const SourceMember& row;
  store::MemberId id;
  store::AuditId audit;
};

Importer::Importer(const Services& services, ImportOptions options, ImportReport report)
    : services_(services), options_(std::move(options)), report_(std::move(report)) {}

Importer::Lines Importer::commit(const std::function<void(int)>& prepare,
                                 const std::function<Lines(db::Transaction&)>& decide) {
  for (int attempt = 1;; ++attempt) {
    prepare(attempt);
    try {
      if (options_.dry_run) return services_.database.read(decide);
      return *services_.database.write([&](db::Transaction& tx) -> base::Result<Lines> { return decide(tx); });
    } catch (const db::UniqueViolation&) {
      if (attempt == kTries) throw;
    }
  }
}

void Importer::report(const Lines& lines) {
  for (const ImportLine& line : lines) report_(line);
}

std::optional<base::Uuid> Importer::find(db::Transaction& tx, const std::string& kind, const std::string& external_id) {
  if (const auto imagined = imagined_rows_.find({kind, external_id}); imagined != imagined_rows_.end()) {
    return imagined->second;
  }
  return store::find_imported_row(tx, options_.source, kind, external_id);
}

void Importer::remember(db::Transaction& tx, const std::string& kind, const std::string& external_id,
                        const base::Uuid& id) {
  if (options_.dry_run) {
    imagined_rows_[{kind, external_id}] = id;
  } else {
    store::insert_imported_row(tx, {options_.source, kind, external_id, id});
  }
}

// Organizations.

void Importer::add_organization(const SourceOrganization& row) {
  const base::Time now = services_.clock.now(), created_at = past(row.created_at, now);
  const auto id = store::OrganizationId::make(now);
  std::optional<std::string> note;
  const std::string name = usable_organization_name(row, note);
  NewOrganization fresh{row,
                        {id, store::kSharedDirectory, name, {}, row.is_active ? "active" : "suspended", created_at},
                        {},
                        store::AuditId::make(now),
                        std::move(note)};
  fresh.organization.settings = usable_settings(row, fresh.note).text;
  const std::array keys{kOwnerRole, kAdminRole, kMemberRole};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    fresh.roles[i] = {id, store::RoleId::make(now), std::string(keys[i]), std::string(keys[i]), created_at};
  }
  const bool keeps_slug = row.slug && clean_slug(*row.slug, "/slug");
  if (row.slug && !keeps_slug)
    add_note(fresh.note, "its slug was replaced: 1 to 63 of a-z, 0-9 and hyphens, none at an end");
  const std::string wanted = keeps_slug ? *row.slug : name;
  const Lines lines = commit(
      [&](int attempt) {
        fresh.organization.slug = attempt > 1 ? to_slug_with_suffix(wanted) : keeps_slug ? wanted : to_slug(wanted);
        if (keeps_slug && attempt == 2) add_note(fresh.note, "its slug was taken");
      },
      [&](db::Transaction& tx) { return Lines{decide_organization(tx, fresh)}; });
  // Kept for the end: whether an owner comes is not known before.
  const auto kept = lines[0].id ? store::OrganizationId::parse(*lines[0].id) : std::nullopt;
  organizations_.emplace_back(lines[0], kept.value_or(id));
}

ImportLine Importer::decide_organization(db::Transaction& tx, const NewOrganization& fresh) {
  const std::string& external_id = fresh.row.external_id;
  if (const auto found = find(tx, kOrganization, external_id)) {
    const store::OrganizationId id{*found};
    const bool is_imagined = imagined_.contains(*found);
    return line_of(kOrganization, external_id, "exists", is_imagined ? std::nullopt : std::optional(id.to_string()));
  }
  const store::OrganizationId id = fresh.organization.id;
  remember(tx, kOrganization, external_id, id.uuid);
  if (options_.dry_run) {
    imagined_.insert(id.uuid);
    return line_of(kOrganization, external_id, "created", std::nullopt, fresh.note);
  }
  store::insert_organization(tx, fresh.organization);
  store::set_settings(tx, id, fresh.organization.settings);
  for (const store::Role& role : fresh.roles) store::insert_role(tx, role);
  record(tx, services_.clock.now(), command_line_origin(),
         {fresh.audit,
          id,
          action::kOrganizationImported,
          kCommandLine,
          id.to_string(),
          {{"source", options_.source}, {"external_id", external_id}}});
  return line_of(kOrganization, external_id, "created", id.to_string(), fresh.note);
}

bool Importer::is_organization_there(db::Transaction& tx, store::OrganizationId id) {
  if (imagined_.contains(id.uuid)) return true;
  return options_.dry_run ? store::find_organization(tx, id).has_value()
                          : store::fence_organization(tx, id).has_value();
}

bool Importer::is_orphaned(db::Transaction& tx, store::OrganizationId id) {
  if (imagined_owned_.contains(id.uuid)) return false;
  if (imagined_.contains(id.uuid)) return true;
  return store::find_organization(tx, id) &&
         store::count_active_members_with_role(tx, id, std::string(kOwnerRole)) == 0;
}

void Importer::report_organizations() {
  for (auto& [line, id] : organizations_) {
    line.orphaned = services_.database.read([&](db::Transaction& tx) { return is_orphaned(tx, id); });
    report_(line);
  }
  organizations_.clear();
}

// Users.

void Importer::note_user(const SourceUser& row) {
  const auto email = base::parse_email(base::trim(row.email));
  if (!email) return;
  const Oldest candidate{row.external_id, row.created_at.value_or(base::Time::max())};
  const auto [place, is_first] = oldest_.emplace(email->text, candidate);
  if (is_first || place->second.external_id == row.external_id) return;
  has_duplicates_ = true;
  if (candidate.created_at < place->second.created_at) place->second = candidate;
}

bool Importer::is_duplicate(const SourceUser& row) const {
  const auto email = base::parse_email(base::trim(row.email));
  if (!email) return false;
  const auto oldest = oldest_.find(email->text);
  return oldest != oldest_.end() && oldest->second.external_id != row.external_id;
}

Importer::NewUser Importer::prepare_user(const SourceUser& row, base::Time now) const {
  NewUser fresh{row, std::nullopt, store::AuditId::make(now), std::nullopt, std::nullopt};
  const auto email = base::parse_email(base::trim(row.email));
  if (!email) return fresh;
  fresh.user = {store::kSharedDirectory,
                store::UserId::make(now),
                *email,
                row.email_verified ? std::optional(now) : std::nullopt,
                {},
                row.is_active ? "active" : "disabled",
                std::nullopt,
                past(row.created_at, now)};
  fresh.user->profile.name = usable_person_name(row, fresh.note);
  std::string_view stored = kNoPassword;
  if (!row.password_hash || row.password_hash->empty()) {
    fresh.password_unusable = "there is none";
  } else if (const auto hash = crypto::ForeignHash::parse(row.password_hash->reveal()); !hash) {
    fresh.password_unusable = hash.error();
  } else {
    stored = row.password_hash->reveal();
  }
  fresh.user->password_hash = {services_.sealer.seal(stored, password_binding(fresh.user->account()))};
  return fresh;
}

ImportLine Importer::decide_user(db::Transaction& tx, const NewUser& fresh, base::Time now) {
  const std::string& external_id = fresh.row.external_id;
  if (const auto found = find(tx, kUser, external_id)) {
    const bool is_imagined = imagined_.contains(*found);
    return line_of(kUser, external_id, "exists",
                   is_imagined ? std::nullopt : std::optional(store::UserId{*found}.to_string()));
  }
  if (!fresh.user) return line_of(kUser, external_id, "failed", std::nullopt, "its address is no email address");
  if (const auto there = store::find_user_by_email(tx, store::kSharedDirectory, fresh.user->email)) {
    // Whoever signed up with an address that they never confirmed gets nobody's memberships.
    if (!there->email_verified_at) {
      return line_of(kUser, external_id, "failed", std::nullopt,
                     "its address has an account here, made by somebody who never confirmed the address");
    }
    remember(tx, kUser, external_id, there->id.uuid);
    return line_of(kUser, external_id, "skipped", there->id.to_string(),
                   "its address has an account here already, which stands for it");
  }
  const store::UserId id = fresh.user->id;
  remember(tx, kUser, external_id, id.uuid);
  ImportLine line = line_of(kUser, external_id, "created", std::nullopt, fresh.note);
  line.password_unusable = fresh.password_unusable;
  if (options_.dry_run) {
    imagined_.insert(id.uuid);
    if (!fresh.row.is_active) imagined_disabled_.insert(id.uuid);
    return line;
  }
  store::insert_user(tx, *fresh.user);
  record(tx, now, command_line_origin(),
         {fresh.audit,
          store::kPlatformOrganization,
          action::kUserImported,
          kCommandLine,
          id.to_string(),
          {{"source", options_.source}, {"external_id", external_id}}});
  line.id = id.to_string();
  return line;
}

void Importer::add_users(std::span<const SourceUser> rows) {
  const base::Time now = services_.clock.now();
  std::vector<NewUser> fresh;
  for (const SourceUser& row : rows) {
    if (!is_duplicate(row)) fresh.push_back(prepare_user(row, now));
  }
  if (fresh.empty()) return;
  report(commit([](int) {},
                [&](db::Transaction& tx) {
                  Lines lines;
                  for (const NewUser& one : fresh) lines.push_back(decide_user(tx, one, now));
                  return lines;
                }));
}

void Importer::add_duplicate_users(std::span<const SourceUser> rows) {
  std::vector<const SourceUser*> beaten;
  for (const SourceUser& row : rows) {
    if (is_duplicate(row)) beaten.push_back(&row);
  }
  if (beaten.empty()) return;
  report(commit(
      [](int) {},
      [&](db::Transaction& tx) {
        Lines lines;
        for (const SourceUser* row : beaten) {
          const Oldest& oldest = oldest_.at(base::parse_email(base::trim(row->email))->text);
          const std::string reason = "duplicate of " + oldest.external_id;
          const auto account = find(tx, kUser, oldest.external_id);
          if (!account) {
            lines.push_back(line_of(kUser, row->external_id, "failed", std::nullopt, reason + ", which failed"));
            continue;
          }
          if (!find(tx, kUser, row->external_id)) remember(tx, kUser, row->external_id, *account);
          const bool is_imagined = imagined_.contains(*account);
          lines.push_back(line_of(kUser, row->external_id, "skipped",
                                  is_imagined ? std::nullopt : std::optional(store::UserId{*account}.to_string()),
                                  reason));
        }
        return lines;
      }));
}

// Members.

void Importer::add_members(std::span<const SourceMember> rows) {
  const base::Time now = services_.clock.now();
  std::vector<NewMember> fresh;
  for (const SourceMember& row : rows) fresh.push_back({row, store::MemberId::make(now), store::AuditId::make(now)});
  report(commit([](int) {},
                [&](db::Transaction& tx) {
                  Lines lines;
                  const auto organization = find(tx, kOrganization, rows[0].organization);
                  const bool is_there = organization && is_organization_there(tx, {*organization});
                  for (const NewMember& one : fresh) {
                    lines.push_back(is_there ? decide_member(tx, one, {*organization}, now)
                                             : line_of(kMember, one.row.external_id, "skipped", std::nullopt,
                                                       "there is no organization " + one.row.organization));
                  }
                  return lines;
                }));
}

ImportLine Importer::decide_member(db::Transaction& tx, const NewMember& fresh, store::OrganizationId organization,
                                   base::Time now) {
  const SourceMember& row = fresh.row;
  if (const auto found = find(tx, kMember, row.external_id)) {
    const bool is_imagined = imagined_.contains(*found);
    return line_of(kMember, row.external_id, "exists",
                   is_imagined ? std::nullopt : std::optional(store::MemberId{*found}.to_string()));
  }
  const auto user = find(tx, kUser, row.user);
  const store::Account account{store::kSharedDirectory, store::UserId{user.value_or(base::Uuid())}};
  if (!user || !(imagined_.contains(*user) || store::find_user(tx, account))) {
    return line_of(kMember, row.external_id, "skipped", std::nullopt, "there is no user " + row.user);
  }
  if (const auto there = imagined_members_.find({organization.uuid, *user}); there != imagined_members_.end()) {
    return line_of(kMember, row.external_id, "skipped", std::nullopt, "already a member, as " + there->second);
  }
  if (const auto there = store::find_member_by_user(tx, organization, account.user)) {
    remember(tx, kMember, row.external_id, there->id.uuid);
    return line_of(kMember, row.external_id, "skipped", there->id.to_string(),
                   "already a member, as " + there->role_key);
  }
  remember(tx, kMember, row.external_id, fresh.id.uuid);
  ImportLine line = line_of(kMember, row.external_id, "created", std::nullopt, row.note);
  line.role_mapped = row.role_mapped;
  if (options_.dry_run) {
    imagined_.insert(fresh.id.uuid);
    imagined_members_[{organization.uuid, *user}] = row.role;
    if (row.role == kOwnerRole && row.is_active && !imagined_disabled_.contains(*user))
      imagined_owned_.insert(organization.uuid);
    return line;
  }
  write_member(tx, fresh, organization, account, now);
  line.id = fresh.id.to_string();
  return line;
}

void Importer::write_member(db::Transaction& tx, const NewMember& fresh, store::OrganizationId organization,
                            const store::Account& account, base::Time now) {
  const auto role = store::find_role_by_key(tx, organization, fresh.row.role);
  const base::Time joined_at = past(fresh.row.joined_at, now);
  const std::string status = fresh.row.is_active ? "active" : "suspended";
  store::insert_member(tx, {organization, fresh.id, account, role.value().id, joined_at, status});
  record(tx, now, command_line_origin(),
         {fresh.audit,
          organization,
          action::kMemberImported,
          kCommandLine,
          fresh.id.to_string(),
          {{"source", options_.source},
           {"external_id", fresh.row.external_id},
           {"role", fresh.row.role},
           {"status", status},
           {"joined_at", base::to_rfc3339(joined_at)}}});
}

}  // namespace gatehouse::domain
