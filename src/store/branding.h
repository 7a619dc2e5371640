#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

/// A logo without its content. `name` is unique in the organization, and another one for another content.
struct LogoInfo {
  std::string name;
  std::string media_type;
  std::int64_t width = 0, height = 0;  // pixels
};

/// How an organization shows itself. Absent: as the service looks by itself.
struct Branding {
  std::optional<std::string> name;
  // "#rrggbb" in lower case.
  std::optional<std::string> button_color, button_text_color;
  std::optional<std::string> dark_button_color, dark_button_text_color;
  std::optional<std::string> privacy_url, terms_url, support_url;
  std::optional<LogoInfo> logo = {};
};

/// The branding of an organization, and whose it is.
struct BrandedOrganization {
  OrganizationId id;
  std::string name;
  Branding branding;
};

std::optional<BrandedOrganization> find_branding(db::Transaction& tx, OrganizationId organization);
/// Of an active one.
std::optional<BrandedOrganization> find_branding_by_slug(db::Transaction& tx, const std::string& slug);

// Each of these under the organization's fence.
/// All but the logo.
void set_branding(db::Transaction& tx, OrganizationId organization, const Branding& branding);
/// In the place of the one that it has.
void set_logo(db::Transaction& tx, OrganizationId organization, const LogoInfo& logo, const db::Bytes& content);
void delete_logo(db::Transaction& tx, OrganizationId organization);

struct Logo {
  std::string media_type;
  db::Bytes content;
};
std::optional<Logo> find_logo(db::Transaction& tx, OrganizationId organization, const std::string& name);

}  // namespace gatehouse::store
