#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "mail/brand.h"
#include "store/branding.h"
#include "wire/fields.h"

#include <array>

/// How an organization shows itself on pages and in letters.
namespace gatehouse::domain {

inline constexpr std::size_t kLogoBytes = 100 * 1024;
inline constexpr std::int64_t kLogoPixels = 2048;  // a side
inline constexpr std::array<std::string_view, 4> kLogoTypes{"image/png", "image/jpeg", "image/webp", "image/gif"};

// What a button of ours looks like in light and in dark, and what it stands on: the card of a page and of a letter. A
// test holds them against the style sheets.
inline constexpr std::array<std::string_view, 2> kLightButton{"#2451c8", "#ffffff"};
inline constexpr std::array<std::string_view, 2> kDarkButton{"#8fb0ff", "#10141d"};
inline constexpr std::array<std::string_view, 1> kLightCards{"#ffffff"};
inline constexpr std::array<std::string_view, 2> kDarkCards{"#1a202c", "#1f232b"};

struct LogoView {
  std::string url;
  std::string media_type;
  std::int64_t width = 0;
  std::int64_t height = 0;

  static constexpr std::string_view kSchemaName = "Logo";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("url", &LogoView::url)
            .says(
                "A path of this service, another one for another picture. Our own pages alone may show what is there.")
            .example("/brand/logos/org_01kams5vygfpj9x3m7c0w2r8td/Zq3v0b1m8Jk2x7Lw5Rt9Yg.png"),
        wire::field("media_type", &LogoView::media_type).example("image/png"),
        wire::field("width", &LogoView::width).says("Pixels.").example("320"),
        wire::field("height", &LogoView::height).says("Pixels.").example("80"));
  }
};

struct BrandingView {
  std::optional<std::string> name;
  std::optional<std::string> button_color;
  std::optional<std::string> button_text_color;
  std::optional<std::string> dark_button_color;
  std::optional<std::string> dark_button_text_color;
  std::optional<std::string> privacy_url;
  std::optional<std::string> terms_url;
  std::optional<std::string> support_url;
  std::optional<LogoView> logo;

  static constexpr std::string_view kSchemaName = "Branding";
  static constexpr auto fields() {
    using V = BrandingView;
    return wire::fields(wire::field("name", &V::name).example("Acme"),
                        wire::field("button_color", &V::button_color).example("#0b6e4f"),
                        wire::field("button_text_color", &V::button_text_color).example("#ffffff"),
                        wire::field("dark_button_color", &V::dark_button_color).example("#7fd1ae"),
                        wire::field("dark_button_text_color", &V::dark_button_text_color).example("#10141d"),
                        wire::field("privacy_url", &V::privacy_url).example("https://acme.example/privacy"),
                        wire::field("terms_url", &V::terms_url).example("https://acme.example/terms"),
                        wire::field("support_url", &V::support_url).example("https://acme.example/help"),
                        wire::field("logo", &V::logo));
  }
};

struct UpdateBrandingInput {
  store::OrganizationId organization;
  wire::Clearable<std::string> name;
  wire::Clearable<std::string> button_color;
  wire::Clearable<std::string> button_text_color;
  wire::Clearable<std::string> dark_button_color;
  wire::Clearable<std::string> dark_button_text_color;
  wire::Clearable<std::string> privacy_url;
  wire::Clearable<std::string> terms_url;
  wire::Clearable<std::string> support_url;

  static constexpr std::string_view kSchemaName = "UpdateBrandingRequest";
  static constexpr auto fields() {
    using I = UpdateBrandingInput;
    return wire::fields(
        wire::field("organization", &I::organization),
        wire::field("name", &I::name)
            .length(1, 100)
            .example("Acme")
            .says("What people read on pages and in letters in the place of the service's name. Null: the "
                  "organization's name; the same for the others: as the service has it."),
        wire::field("button_color", &I::button_color)
            .length(7, 7)
            .example("#0b6e4f")
            .says("#rrggbb, with a contrast of at least 3 to the page."),
        wire::field("button_text_color", &I::button_text_color)
            .length(7, 7)
            .example("#ffffff")
            .says("#rrggbb, with a contrast of at least 4.5 to the button."),
        wire::field("dark_button_color", &I::dark_button_color)
            .length(7, 7)
            .example("#7fd1ae")
            .says("The same for people whose device is dark."),
        wire::field("dark_button_text_color", &I::dark_button_text_color).length(7, 7).example("#10141d"),
        wire::field("privacy_url", &I::privacy_url)
            .length(1, 500)
            .example("https://acme.example/privacy")
            .says("https, in the foot of pages and letters."),
        wire::field("terms_url", &I::terms_url).length(1, 500).example("https://acme.example/terms"),
        wire::field("support_url", &I::support_url).length(1, 500).example("https://acme.example/help"));
  }
};

/// Needs organization:read.
base::Result<BrandingView> show_branding(const Services& services, const InOrganization& caller,
                                         const OrganizationInput& input);

/// Needs organization:update. Refuses: kInvalidRequest (also for colors that can't be told apart, with the ratio that
/// was found and the one that is needed), kPreconditionFailed.
base::Result<BrandingView> update_branding(const Services& services, const InOrganization& caller,
                                           const UpdateBrandingInput& input);

/// A picture as it was sent.
struct Upload {
  std::string media_type;
  std::string_view content;
};
/// Needs organization:update. Refuses: kInvalidRequest (what is no picture of kLogoTypes, another one than its media
/// type says, empty or larger than kLogoPixels), kPreconditionFailed; delete_logo(): kNotFound.
base::Result<BrandingView> set_logo(const Services& services, const InOrganization& caller, const Upload& logo);
base::Result<void> delete_logo(const Services& services, const InOrganization& caller, const OrganizationInput& input);

/// What people see of an organization that shows itself.
struct PublicBrand {
  mail::Brand brand;
  std::optional<LogoView> logo;
};

/// Nothing for an organization that has chosen nothing, or is not there. The name is not empty.
std::optional<PublicBrand> find_brand(db::Transaction& tx, store::OrganizationId organization);
std::optional<PublicBrand> find_brand(const Services& services, store::OrganizationId organization);
/// By what a stranger calls it. Whether it has chosen nothing, is not active or is not there, can't be told.
std::optional<PublicBrand> find_brand_by_slug(const Services& services, const std::string& slug);

/// What stands at the url of a logo.
std::optional<store::Logo> find_logo(const Services& services, store::OrganizationId organization,
                                     const std::string& name);

}  // namespace gatehouse::domain
