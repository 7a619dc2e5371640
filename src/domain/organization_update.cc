#include "domain/organization_update.h"

#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/names.h"
#include "domain/preconditions.h"
#include "domain/views.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

base::Result<std::string> patch_settings(const wire::Clearable<wire::JsonObject>& patch, const std::string& before) {
  if (!patch) return before;
  if (!*patch) return wire::JsonObject().text;
  const wire::JsonObject after = wire::merge_patch({before}, **patch);
  TRY(check_settings(after));
  return after.text;
}

}  // namespace

OrganizationDetails details_of(const store::Organization& organization) {
  OrganizationView brief = view(organization);
  return {brief.id,
          std::move(brief.name),
          std::move(brief.slug),
          std::move(brief.status),
          brief.has_own_directory,
          brief.created_at,
          brief.purge_at,
          {organization.settings},
          organization.language};
}

base::Result<void> check_settings(const wire::JsonObject& settings) {
  const wire::JsonExtent extent = wire::extent_of(settings);
  const auto refuse_more_than = [](std::size_t most, const char* of_what) {
    return base::refuse_field("/settings", "would be more than " + std::to_string(most) + of_what);
  };
  if (settings.text.size() > kSettingsBytes) return refuse_more_than(kSettingsBytes, " bytes as compact JSON");
  if (extent.members > kSettingsMembers) return refuse_more_than(kSettingsMembers, " members");
  if (extent.depth > kSettingsDepth) return refuse_more_than(kSettingsDepth, " levels deep");
  return {};
}

base::Result<OrganizationDetails> update_organization(const Services& services, const InOrganization& caller,
                                                      const UpdateOrganizationInput& input) {
  std::optional<std::string> name, slug;
  if (input.name) name = TRY(clean_name(*input.name, "/name"));
  if (input.slug) slug = TRY(clean_slug(*input.slug, "/slug"));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  try {
    return services.database.write([&](db::Transaction& tx) -> base::Result<OrganizationDetails> {
      store::Organization organization = TRY(enter_fence(tx, caller, now)).organization;
      TRY(require_match(caller.origin(), details_of(organization)));
      std::string settings = TRY(patch_settings(input.settings, organization.settings));
      std::map<std::string, std::string> changes;
      if (name && *name != organization.name) changes["name"] = "changed";
      if (slug && *slug != organization.slug) changes["slug"] = "changed";
      if (settings != organization.settings) changes["settings"] = "changed";
      const auto language = input.language ? *input.language : organization.language;
      if (language != organization.language) changes["language"] = "changed";
      if (changes.empty()) return details_of(organization);
      organization.name = name.value_or(organization.name);
      organization.slug = slug.value_or(organization.slug);
      organization.settings = std::move(settings);
      store::rename_organization(tx, organization.id, organization.name, organization.slug);
      if (changes.contains("settings")) store::set_settings(tx, organization.id, organization.settings);
      if (changes.contains("language")) store::set_organization_language(tx, organization.id, language);
      organization.language = language;
      record(tx, now, caller.origin(),
             {audit, organization.id, action::kOrganizationChanged, caller.actor(), organization.id.to_string(),
              std::move(changes)});
      return details_of(organization);
    });
  } catch (const db::UniqueViolation& violation) {
    if (violation.constraint() == "organizations_slug_key") return refuse(base::kSlugTaken);
    throw;
  }
}

}  // namespace gatehouse::domain
