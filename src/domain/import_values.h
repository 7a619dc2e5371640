#pragma once

#include "base/clock.h"
#include "domain/import.h"

#include <optional>
#include <string>

/// What another service has, made into what can be kept here: an import replaces where a request would be refused, and
/// notes it.
namespace gatehouse::domain {

/// Adds a sentence to the note on a row.
void add_note(std::optional<std::string>& note, const std::string& text);

/// A time that is kept: what lies ahead of us would sort and count wrongly.
base::Time past(const std::optional<base::Time>& time, base::Time now);

/// Nothing where the source has none or what can't be kept.
std::optional<std::string> usable_person_name(const SourceUser& row, std::optional<std::string>& note);

/// As at sign-up, but what can't be kept is replaced and not refused.
std::string usable_organization_name(const SourceOrganization& row, std::optional<std::string>& note);
/// None where the source has none or what can't be kept.
wire::JsonObject usable_settings(const SourceOrganization& row, std::optional<std::string>& note);

}  // namespace gatehouse::domain
