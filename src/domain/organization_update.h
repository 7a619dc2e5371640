#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "store/organizations.h"
#include "text/catalogue.h"
#include "wire/fields.h"

namespace gatehouse::domain {

inline constexpr std::size_t kSettingsBytes = 8 * 1024;
inline constexpr std::size_t kSettingsMembers = 64;
inline constexpr std::size_t kSettingsDepth = 8;

/// One organization with all that it has; lists show it without its settings.
struct OrganizationDetails {
  store::OrganizationId id;
  std::string name;
  std::string slug;
  std::string status;
  bool has_own_directory = false;
  base::Time created_at;
  std::optional<base::Time> purge_at;
  wire::JsonObject settings;
  std::optional<std::string> language;

  static constexpr std::string_view kSchemaName = "OrganizationDetails";
  static constexpr auto fields() {
    using V = OrganizationDetails;
    return wire::fields(
        wire::field("id", &V::id), wire::field("name", &V::name).example("Acme"),
        wire::field("slug", &V::slug).example("acme"),
        wire::field("status", &V::status).says("active, suspended or deleted").example("active"),
        wire::field("has_own_directory", &V::has_own_directory)
            .says("Its people's accounts are apart from all others."),
        wire::field("created_at", &V::created_at),
        wire::field("purge_at", &V::purge_at).says("Of a deleted one: until then its owners can restore it."),
        wire::field("settings", &V::settings)
            .says("What the application keeps with it.")
            .example(R"({"plan":"team","theme":{"color":"teal"}})"),
        wire::field("language", &V::language)
            .says("Of its letters and pages for those who have chosen none; English when it is null.")
            .example("de"));
  }
};

OrganizationDetails details_of(const store::Organization& organization);

struct UpdateOrganizationInput {
  store::OrganizationId organization;
  std::optional<std::string> name;
  std::optional<std::string> slug;
  wire::Clearable<wire::JsonObject> settings;
  wire::Clearable<std::string> language;

  static constexpr std::string_view kSchemaName = "UpdateOrganizationRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &UpdateOrganizationInput::organization),
        wire::field("name", &UpdateOrganizationInput::name).length(1, 100).example("Acme"),
        wire::field("slug", &UpdateOrganizationInput::slug)
            .length(1, 63)
            .example("acme")
            .says("Lower-case letters, digits and hyphens."),
        wire::field("settings", &UpdateOrganizationInput::settings)
            .says("What the application keeps with the organization; Gatehouse gives it no meaning. Merged into what "
                  "is there, member by member: null removes one, and null for all of it removes all. At most 64 "
                  "members, 8 levels and 8 KiB as compact JSON.")
            .example(R"({"plan":"team"})"),
        wire::field("language", &UpdateOrganizationInput::language)
            .one_of(text::kLanguageTags)
            .says("Of its letters and pages for those who have chosen none.")
            .example("de"));
  }
};

/// Needs organization:update. Refuses: kInvalidRequest, kPreconditionFailed, kSlugTaken.
base::Result<OrganizationDetails> update_organization(const Services& services, const InOrganization& caller,
                                                      const UpdateOrganizationInput& input);

/// Whether they can be kept. Refuses, at /settings.
base::Result<void> check_settings(const wire::JsonObject& settings);

}  // namespace gatehouse::domain
