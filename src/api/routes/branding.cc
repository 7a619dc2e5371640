#include "api/routes.h"

#include "base/text.h"
#include "domain/branding.h"

#include <algorithm>

namespace gatehouse::api {

using http::Method;

namespace {

constexpr const char* kBranding = "/v1/organizations/{organization}/branding";
constexpr const char* kLogo = "/v1/organizations/{organization}/branding/logo";

/// The body as it is, since that is what programs and forms of upload have at hand: base64 in JSON would be a third
/// longer. Media types are compared without their parameters.
base::Result<domain::Upload> upload_of(const http::Request& request) {
  const std::string_view field = request.header("content-type").value_or("");
  domain::Upload upload{base::to_lower_ascii(base::trim(field.substr(0, field.find(';')))), request.body};
  if (std::ranges::find(domain::kLogoTypes, upload.media_type) != domain::kLogoTypes.end()) return upload;
  return base::refuse(base::kUnsupportedMediaType, "Send image/png, image/jpeg, image/webp or image/gif.");
}

Row set_logo_row(const domain::Services& services) {
  Row row = detail::make_row({Method::put, kLogo, "set_logo", "Set the logo, a picture of up to 2,048 pixels a side"},
                             &wire::shape_of<domain::OrganizationInput>(), &wire::shape_of<domain::BrandingView>());
  row.access = Access::member;
  row.takes_key = true;
  row.permission = domain::kOrganizationUpdate;
  row.body_types.assign(domain::kLogoTypes.begin(), domain::kLogoTypes.end());
  row.route.body_limit = domain::kLogoBytes;
  return detail::with_handler(
      std::move(row),
      [&services](const domain::Origin& origin, const http::Request& request,
                  const Row& self) -> base::Result<detail::Answer> {
        auto who = TRY(credential_of(services, origin, request));
        wire::Source source;
        source.path = request.path_parameters;
        source.query = request.query;
        const auto input = TRY(wire::read<domain::OrganizationInput>(source));
        const std::string_view needed = base::mutated_permission(self.route.name, domain::kOrganizationUpdate);
        const auto caller =
            TRY(domain::Admission::in_organization(services, std::move(who), input.organization, needed));
        const domain::Upload upload = TRY(upload_of(request));
        return detail::to_answer(TRY(domain::set_logo(services, caller, upload)));
      });
}

}  // namespace

std::vector<Row> branding_routes(const domain::Services& services) {
  return {
      in_organization<domain::show_branding, &domain::OrganizationInput::organization>(
          services, {Method::get, kBranding, "show_branding", "Show the branding"}, domain::kOrganizationRead),
      in_organization<domain::update_branding, &domain::UpdateBrandingInput::organization>(
          services, {Method::patch, kBranding, "update_branding", "Change the branding"}, domain::kOrganizationUpdate),
      set_logo_row(services),
      in_organization<domain::delete_logo, &domain::OrganizationInput::organization>(
          services, {Method::del, kLogo, "delete_logo", "Remove the logo"}, domain::kOrganizationUpdate),
  };
}

}  // namespace gatehouse::api
