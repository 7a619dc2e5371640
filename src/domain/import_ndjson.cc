#include "domain/import_ndjson.h"

#include "base/text.h"
#include "domain/permissions.h"
#include "wire/read.h"

#include <array>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace gatehouse::domain {

namespace {

constexpr std::array<std::string_view, 3> kKinds{"organization", "user", "member"};
constexpr std::array<std::string_view, 3> kRoles{kOwnerRole, kAdminRole, kMemberRole};
constexpr std::array<std::string_view, 2> kUserStatuses{"active", "disabled"};
constexpr std::array<std::string_view, 2> kMemberStatuses{"active", "suspended"};

struct OrganizationLine {
  std::string kind;
  std::string external_id;
  std::string name;
  std::optional<std::string> slug;
  std::optional<base::Time> created_at;
  std::optional<wire::JsonObject> settings;

  static constexpr auto fields() {
    return wire::fields(wire::field("kind", &OrganizationLine::kind).one_of(kKinds),
                        wire::field("external_id", &OrganizationLine::external_id).length(1, 200),
                        wire::field("name", &OrganizationLine::name), wire::field("slug", &OrganizationLine::slug),
                        wire::field("created_at", &OrganizationLine::created_at),
                        wire::field("settings", &OrganizationLine::settings));
  }
};

struct UserLine {
  std::string kind;
  std::string external_id;
  std::string email;
  std::optional<bool> email_verified;
  std::optional<std::string> name;
  std::optional<base::Secret> password_hash;
  std::optional<std::string> status;
  std::optional<base::Time> created_at;

  static constexpr auto fields() {
    return wire::fields(wire::field("kind", &UserLine::kind).one_of(kKinds),
                        wire::field("external_id", &UserLine::external_id).length(1, 200),
                        wire::field("email", &UserLine::email),
                        wire::field("email_verified", &UserLine::email_verified), wire::field("name", &UserLine::name),
                        wire::field("password_hash", &UserLine::password_hash),
                        wire::field("status", &UserLine::status).one_of(kUserStatuses),
                        wire::field("created_at", &UserLine::created_at));
  }
};

struct MemberLine {
  std::string kind;
  std::string organization_external_id;
  std::string user_external_id;
  std::string role;
  std::optional<std::string> status;
  std::optional<base::Time> joined_at;

  static constexpr auto fields() {
    return wire::fields(wire::field("kind", &MemberLine::kind).one_of(kKinds),
                        wire::field("organization_external_id", &MemberLine::organization_external_id).length(1, 200),
                        wire::field("user_external_id", &MemberLine::user_external_id).length(1, 200),
                        wire::field("role", &MemberLine::role).one_of(kRoles),
                        wire::field("status", &MemberLine::status).one_of(kMemberStatuses),
                        wire::field("joined_at", &MemberLine::joined_at));
  }
};

/// All that a line of any kind may hold: read first, to learn the kind.
struct AnyLine {
  std::string kind;
  std::optional<std::string> external_id, name, slug, email, password_hash, status, organization, user, role;
  std::optional<bool> email_verified;
  std::optional<base::Time> created_at, joined_at;
  std::optional<wire::JsonObject> settings;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("kind", &AnyLine::kind).one_of(kKinds), wire::field("external_id", &AnyLine::external_id),
        wire::field("name", &AnyLine::name), wire::field("slug", &AnyLine::slug), wire::field("email", &AnyLine::email),
        wire::field("email_verified", &AnyLine::email_verified), wire::field("password_hash", &AnyLine::password_hash),
        wire::field("status", &AnyLine::status), wire::field("created_at", &AnyLine::created_at),
        wire::field("organization_external_id", &AnyLine::organization),
        wire::field("user_external_id", &AnyLine::user), wire::field("role", &AnyLine::role),
        wire::field("joined_at", &AnyLine::joined_at), wire::field("settings", &AnyLine::settings));
  }
};

using Line = std::variant<OrganizationLine, UserLine, MemberLine>;

base::Result<Line> read_line(std::string_view text) {
  wire::Source source;
  source.body_kind = wire::Source::Body::json;
  source.body = text;
  const AnyLine any = TRY(wire::read<AnyLine>(source));
  if (any.kind == "organization") return TRY(wire::read<OrganizationLine>(source));
  if (any.kind == "user") return TRY(wire::read<UserLine>(source));
  return TRY(wire::read<MemberLine>(source));
}

std::string explain(const base::Refusal& refusal) {
  std::string text = refusal.problems.empty() ? refusal.detail : "";
  for (const base::FieldProblem& problem : refusal.problems) {
    text += (text.empty() ? "" : "; ") + problem.pointer + " " + problem.detail;
  }
  return text;
}

/// Calls `take(number, line)` for every line that is not empty.
void each_line(const std::string& path, const std::function<void(std::int64_t, base::Result<Line>)>& take) {
  std::ifstream file(path, std::ios::binary);
  std::string buffer(NdjsonFile::kLineBytes + 2, '\0');
  for (std::int64_t number = 1; file; ++number) {
    file.getline(buffer.data(), std::streamsize(buffer.size()));
    const std::string_view text(buffer.data(), std::size_t(file.gcount()));
    if (file.fail() && !file.eof() && text.size() == buffer.size() - 1) {
      file.clear();
      file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
      take(number, base::refuse(base::kMalformedRequest, "The line is longer than 64 KiB."));
      continue;
    }
    // gcount() counts the line's end as well.
    const std::string_view line = file.eof() ? text : text.substr(0, text.empty() ? 0 : text.size() - 1);
    if (!base::trim(line).empty()) take(number, read_line(line));
  }
  if (!file.eof()) throw std::runtime_error(path + " can't be read");
}

template <class Kind>
void each_of(const std::string& path, const std::function<void(const Kind&)>& take) {
  each_line(path, [&](std::int64_t, const base::Result<Line>& line) {
    if (!line) return;
    if (const Kind* one = std::get_if<Kind>(&*line)) take(*one);
  });
}

/// As in a JSON pointer (RFC 6901), so that two parts make one text and no other two make the same.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    if (character == '~') {
      out += "~0";
    } else if (character == '/') {
      out += "~1";
    } else {
      out += character;
    }
  }
  return out;
}

}  // namespace

NdjsonFile::NdjsonFile(std::string path) : path_(std::move(path)) {
  if (!std::ifstream(path_)) throw std::runtime_error(path_ + " can't be read");
}

void NdjsonFile::report_unreadable(const ImportReport& report) {
  each_line(path_, [&](std::int64_t number, const base::Result<Line>& line) {
    if (line) return;
    report(
        {.table = "line", .external_id = std::to_string(number), .result = "failed", .reason = explain(line.error())});
  });
}

void NdjsonFile::each_organization(const std::function<void(SourceOrganization)>& take) {
  each_of<OrganizationLine>(path_, [&](const OrganizationLine& line) {
    const auto settings = line.settings ? std::optional(line.settings->text) : std::nullopt;
    take({line.external_id, line.name, line.slug, true, line.created_at, settings});
  });
}

void NdjsonFile::each_user(const std::function<void(SourceUser)>& take) {
  each_of<UserLine>(path_, [&](const UserLine& line) {
    take({line.external_id, line.email, line.email_verified.value_or(false), line.password_hash,
          line.status != "disabled", line.created_at, line.name});
  });
}

void NdjsonFile::each_member(const std::function<void(SourceMember)>& take) {
  each_of<MemberLine>(path_, [&](const MemberLine& line) {
    take({escaped(line.organization_external_id) + "/" + escaped(line.user_external_id), line.organization_external_id,
          line.user_external_id, line.role, std::nullopt, std::nullopt, line.status != "suspended", line.joined_at});
  });
}

}  // namespace gatehouse::domain
