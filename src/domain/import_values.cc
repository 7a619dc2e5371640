#include "domain/import_values.h"

#include "base/text.h"
#include "domain/names.h"
#include "domain/organization_update.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

constexpr std::size_t kNameLength = 100;

/// The first code points of valid UTF-8.
std::string_view first_code_points(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

/// Nothing when no part of it can be kept.
std::optional<std::string> usable_name(std::string_view name) {
  if (!base::is_valid_utf8(name)) return std::nullopt;
  const auto clean = clean_name(first_code_points(base::trim(name), kNameLength), "/name");
  return clean ? std::optional(*clean) : std::nullopt;
}

}  // namespace

void add_note(std::optional<std::string>& note, const std::string& text) { note = note ? *note + "; " + text : text; }

base::Time past(const std::optional<base::Time>& time, base::Time now) { return std::min(time.value_or(now), now); }

std::optional<std::string> usable_person_name(const SourceUser& row, std::optional<std::string>& note) {
  if (!row.name || base::trim(*row.name).empty()) return std::nullopt;
  auto name = usable_name(*row.name);
  if (!name) {
    add_note(note, "its name was left out: it has invisible characters");
  } else if (*name != row.name) {
    add_note(note, "its name was changed: names are trimmed, in NFC, of 1 to 100 visible characters");
  }
  return name;
}

std::string usable_organization_name(const SourceOrganization& row, std::optional<std::string>& note) {
  auto name = usable_name(row.name);
  if (!name) name = usable_name("Organization " + std::string(first_code_points(row.external_id, 50)));
  if (!name) name = "Organization";
  if (*name != row.name) {
    add_note(note, "its name was changed: names are trimmed, in NFC, of 1 to 100 visible characters");
  }
  return *name;
}

wire::JsonObject usable_settings(const SourceOrganization& row, std::optional<std::string>& note) {
  if (!row.settings) return {};
  const std::string_view text = base::trim(*row.settings);
  if (text.empty() || text == "null") return {};
  const auto settings = wire::read_json_object(text);
  if (!settings) {
    add_note(note, "its settings were left out: they are no JSON object that can be kept");
  } else if (!check_settings(*settings)) {
    add_note(note, "its settings were left out: at most 64 members, 8 levels and 8 KiB are kept");
  } else {
    return *settings;
  }
  return {};
}

}  // namespace gatehouse::domain
