#include "dev/demo.h"

#include "dev/generate.h"
#include "domain/admit.h"
#include "domain/api_key_requests.h"
#include "domain/branding.h"
#include "domain/invitations.h"
#include "domain/operators.h"
#include "domain/organization_policies.h"
#include "domain/sign_in.h"

#include <array>
#include <stdexcept>

namespace gatehouse::dev {

namespace {

constexpr std::string_view kPassword = "seven lanterns over harbour";
constexpr std::string_view kOperator = "operator@demo.example";
constexpr std::array kInvited{"mara.lind", "jonas.weber", "amina.diallo"};
constexpr std::array kRoles{"admin", "member", "analyst"};

const std::array<OrganizationName, 3>& organizations() {
  static const std::array<OrganizationName, 3> all{
      {{"Harbour Works", "harbour-works"}, {"Northwind Bakery", "northwind-bakery"}, {"Polar Maps", "polar-maps"}}};
  return all;
}

struct DemoBrand {
  std::string_view slug;
  std::string_view light, dark;
};
/// Of those that show themselves; the third looks as the service does.
constexpr std::array<DemoBrand, 2> kBrands{
    {{"harbour-works", "#0f5f7a", "#7cc7e0"}, {"northwind-bakery", "#8a3b12", "#f0b48a"}}};

/// What the operation made; std::runtime_error when it was refused, which no demo expects.
template <class T>
T made(base::Result<T> result) {
  if (!result) throw std::runtime_error("the demo was refused: " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

base::EmailAddress address(const std::string& text) { return base::parse_email(text).value(); }

GenerateOptions options_of(const domain::Services& services) {
  GenerateOptions options;
  options.organizations = std::int64_t(organizations().size());
  options.members = 60;
  options.largest = 36;
  options.days = 90;
  options.end = std::chrono::floor<std::chrono::days>(services.clock.now());
  options.events = true;
  options.names.assign(organizations().begin(), organizations().end());
  options.password = base::Secret(std::string(kPassword));
  return options;
}

/// The founder, signed in, in their organization.
domain::InOrganization enter(const domain::Services& services, const store::Organization& organization) {
  domain::Origin origin;
  origin.address = *base::IpAddress::parse("127.0.0.1");
  origin.user_agent = "gatehouse dev demo";
  const auto email = address(made_up_address(0, organization.slug));
  const auto session =
      made(domain::sign_in(services, {origin}, {email, base::Secret(std::string(kPassword)), organization.id}));
  const std::string bearer = "Bearer " + std::string(session.access_token.reveal());
  auto who = made(domain::Admission::authenticated(services, origin, {.authorization = bearer}));
  return made(domain::Admission::in_organization(services, std::move(who), organization.id, {}));
}

/// Before anybody is invited, so that the letters show it too.
void show_brand(const domain::Services& services, const domain::InOrganization& founder, std::string_view slug) {
  for (const DemoBrand& brand : kBrands) {
    if (brand.slug != slug) continue;
    const std::string site = "https://" + std::string(slug) + ".example/";
    domain::UpdateBrandingInput branding{.organization = founder.organization()};
    branding.button_color = std::optional(std::string(brand.light));
    branding.dark_button_color = std::optional(std::string(brand.dark));
    branding.privacy_url = std::optional(site + "privacy");
    branding.support_url = std::optional(site + "help");
    made(domain::update_branding(services, founder, branding));
  }
}

void furnish(const domain::Services& services, const store::Organization& organization) {
  const domain::InOrganization founder = enter(services, organization);
  show_brand(services, founder, organization.slug);
  for (std::size_t i = 0; i < kInvited.size(); ++i) {
    const auto email = address(std::string(kInvited[i]) + "@" + organization.slug + ".example");
    const auto invitation = made(domain::create_invitation(
        services, founder,
        {organization.id, email, std::nullopt, kRoles[i], "We would like you to work with us.", 14}));
    if (i == 0) made(domain::revoke_invitation(services, founder, {organization.id, invitation.id}));
  }
  domain::CreateApiKeyInput key;
  key.organization = organization.id;
  key.name = "Billing";
  key.permissions = {"members:read", "stats:read"};
  key.expires_at = services.clock.now() + std::chrono::days(90);
  made(domain::create_api_key(services, founder, key));
  domain::UpdatePoliciesInput policies{.organization = organization.id};
  policies.password_minimum = std::optional<std::int64_t>(12);
  made(domain::update_policies(services, founder, policies));
}

std::optional<store::Organization> find(const domain::Services& services, const std::string& slug) {
  return services.database.read([&](db::Transaction& tx) { return store::find_organization_by_slug(tx, slug); });
}

}  // namespace

Demo make_demo(const domain::Services& services, const std::string& url) {
  if (!find(services, organizations().back().slug)) {
    generate(services, url, options_of(services), [](std::int64_t) {});
    for (const OrganizationName& name : organizations()) furnish(services, *find(services, name.slug));
    made(domain::create_operator(services, address(std::string(kOperator)), base::Secret(std::string(kPassword))));
  }
  Demo demo{{{std::string(kOperator), "operator"}}, std::string(kPassword)};
  for (const OrganizationName& name : organizations()) {
    demo.accounts.push_back({made_up_address(0, name.slug), "owner of " + name.name});
  }
  return demo;
}

}  // namespace gatehouse::dev
