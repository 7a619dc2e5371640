#include "store/branding.h"

namespace gatehouse::store {

namespace {

#define BRANDING                                                                                         \
  "SELECT o.id, o.name, o.brand_name, o.button_color, o.button_text_color, o.dark_button_color, "        \
  "o.dark_button_text_color, o.privacy_url, o.terms_url, o.support_url, l.name, l.media_type, l.width, " \
  "l.height FROM organizations o LEFT JOIN organization_logos l ON l.organization_id = o.id "

constexpr db::Statement kFind{"find_branding", BRANDING "WHERE o.id = $1"};
constexpr db::Statement kFindBySlug{"find_branding_by_slug", BRANDING "WHERE o.slug = $1 AND o.status = 'active'"};
constexpr db::Statement kSet{
    "set_branding",
    "UPDATE organizations SET brand_name = $2, button_color = $3, button_text_color = $4, dark_button_color = $5, "
    "dark_button_text_color = $6, privacy_url = $7, terms_url = $8, support_url = $9 WHERE id = $1"};
constexpr db::Statement kInsertLogo{
    "insert_logo",
    "INSERT INTO organization_logos (organization_id, name, media_type, width, height, content) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr db::Statement kDeleteLogo{"delete_logo", "DELETE FROM organization_logos WHERE organization_id = $1"};
constexpr db::Statement kFindLogo{
    "find_logo", "SELECT media_type, content FROM organization_logos WHERE organization_id = $1 AND name = $2"};

std::optional<BrandedOrganization> to_branding(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  const auto text = [&](std::size_t column) { return row->get<std::optional<std::string>>(column); };
  BrandedOrganization found{row->get<OrganizationId>(0),
                            row->get<std::string>(1),
                            {text(2), text(3), text(4), text(5), text(6), text(7), text(8), text(9)}};
  if (auto name = text(10)) {
    found.branding.logo =
        LogoInfo{std::move(*name), row->get<std::string>(11), row->get<std::int64_t>(12), row->get<std::int64_t>(13)};
  }
  return found;
}

}  // namespace

std::optional<BrandedOrganization> find_branding(db::Transaction& tx, OrganizationId organization) {
  return to_branding(tx.query_one(kFind, {organization}));
}

std::optional<BrandedOrganization> find_branding_by_slug(db::Transaction& tx, const std::string& slug) {
  return to_branding(tx.query_one(kFindBySlug, {slug}));
}

void set_branding(db::Transaction& tx, OrganizationId organization, const Branding& branding) {
  tx.execute(
      kSet, {organization, branding.name, branding.button_color, branding.button_text_color, branding.dark_button_color,
             branding.dark_button_text_color, branding.privacy_url, branding.terms_url, branding.support_url});
}

void set_logo(db::Transaction& tx, OrganizationId organization, const LogoInfo& logo, const db::Bytes& content) {
  delete_logo(tx, organization);
  tx.execute(kInsertLogo, {organization, logo.name, logo.media_type, logo.width, logo.height, content});
}

void delete_logo(db::Transaction& tx, OrganizationId organization) { tx.execute(kDeleteLogo, {organization}); }

std::optional<Logo> find_logo(db::Transaction& tx, OrganizationId organization, const std::string& name) {
  const auto row = tx.query_one(kFindLogo, {organization, name});
  if (!row) return std::nullopt;
  return row->as<Logo, std::string, db::Bytes>();
}

}  // namespace gatehouse::store
