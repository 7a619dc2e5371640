#include "domain/branding.h"

#include "base/text.h"
#include "crypto/keys.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/contrast.h"
#include "domain/image.h"
#include "domain/names.h"
#include "domain/preconditions.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

using Changes = std::map<std::string, std::string>;

LogoView view(store::OrganizationId organization, const store::LogoInfo& logo) {
  return {"/brand/logos/" + organization.to_string() + "/" + logo.name, logo.media_type, logo.width, logo.height};
}

BrandingView view(const store::BrandedOrganization& organization) {
  const store::Branding& own = organization.branding;
  BrandingView shown{own.name,
                     own.button_color,
                     own.button_text_color,
                     own.dark_button_color,
                     own.dark_button_text_color,
                     own.privacy_url,
                     own.terms_url,
                     own.support_url,
                     {}};
  if (own.logo) shown.logo = view(organization.id, *own.logo);
  return shown;
}

base::Result<std::string> checked_color(std::string_view color, std::string_view pointer) {
  if (auto clean = clean_color(color)) return std::move(*clean);
  return base::refuse_field(std::string(pointer), "A color has the form #1a2b3c.");
}

/// https and a host, of characters that can stand in a link of a letter as they are (RFC 3986). No user, which would
/// make a link seem to lead elsewhere.
base::Result<std::string> checked_link(std::string_view url, std::string_view pointer) {
  constexpr std::string_view kScheme = "https://";
  const auto is_allowed = [](char letter) {
    return letter > ' ' && letter <= '~' && std::string_view("\"'<>\\^`{|}").find(letter) == std::string_view::npos;
  };
  const std::string_view clean = base::trim(url);
  const std::string_view rest = clean.starts_with(kScheme) ? clean.substr(kScheme.size()) : std::string_view();
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool is_host = !host.empty() &&
                       host.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-.:") == std::string_view::npos &&
                       host.front() != '.' && host.front() != ':';
  if (is_host && std::ranges::all_of(clean, is_allowed)) return std::string(clean);
  return base::refuse_field(std::string(pointer),
                            "A link begins with https:// and has no spaces or other signs that "
                            "must be escaped.");
}

using Check = base::Result<std::string> (*)(std::string_view value, std::string_view pointer);

struct ChangedText {
  std::string_view field;
  wire::Clearable<std::string> UpdateBrandingInput::*wanted;
  std::optional<std::string> store::Branding::*value;
  Check check;
};
constexpr std::array<ChangedText, 8> kTexts{{
    {"name", &UpdateBrandingInput::name, &store::Branding::name, clean_name},
    {"button_color", &UpdateBrandingInput::button_color, &store::Branding::button_color, checked_color},
    {"button_text_color", &UpdateBrandingInput::button_text_color, &store::Branding::button_text_color, checked_color},
    {"dark_button_color", &UpdateBrandingInput::dark_button_color, &store::Branding::dark_button_color, checked_color},
    {"dark_button_text_color", &UpdateBrandingInput::dark_button_text_color, &store::Branding::dark_button_text_color,
     checked_color},
    {"privacy_url", &UpdateBrandingInput::privacy_url, &store::Branding::privacy_url, checked_link},
    {"terms_url", &UpdateBrandingInput::terms_url, &store::Branding::terms_url, checked_link},
    {"support_url", &UpdateBrandingInput::support_url, &store::Branding::support_url, checked_link},
}};

/// The branding as it is to be, and what is another for it. All that is wrong is told at once.
base::Result<Changes> apply(const UpdateBrandingInput& input, store::Branding& branding) {
  Changes changes;
  base::Refusal refused{&base::kInvalidRequest, std::string(base::kInvalidRequest.title), {}, std::nullopt};
  for (const ChangedText& text : kTexts) {
    const auto& wanted = input.*text.wanted;
    if (!wanted) continue;
    std::optional<std::string> clean;
    if (*wanted) {
      auto checked = text.check(**wanted, "/" + std::string(text.field));
      if (!checked) {
        std::ranges::move(checked.error().problems, std::back_inserter(refused.problems));
        continue;
      }
      clean = std::move(*checked);
    }
    if (clean == branding.*text.value) continue;
    changes[std::string(text.field)] = clean ? "changed" : "removed";
    branding.*text.value = std::move(clean);
  }
  if (!refused.problems.empty()) return tl::unexpected(std::move(refused));
  return changes;
}

mail::ButtonColors colors_of(const std::optional<std::string>& button, const std::optional<std::string>& text,
                             const std::array<std::string_view, 2>& ours) {
  return {button.value_or(std::string(ours[0])), text.value_or(std::string(ours[1]))};
}

mail::BrandColors colors_of(const store::Branding& own) {
  return {colors_of(own.button_color, own.button_text_color, kLightButton),
          colors_of(own.dark_button_color, own.dark_button_text_color, kDarkButton)};
}

/// Adds what is too hard to see, at the fields of `prefix`.
void check_contrast(const mail::ButtonColors& colors, std::span<const std::string_view> cards,
                    const std::string& prefix, std::vector<base::FieldProblem>& problems) {
  const double text = contrast_of(colors.text, colors.button);
  if (text < kTextContrast) {
    problems.push_back({prefix + "button_text_color",
                        "This has a contrast of " + to_text(text) + " to the button; 4.5 is needed (WCAG 1.4.3)."});
  }
  double least = contrast_of(colors.button, cards.front());
  for (const std::string_view card : cards) least = std::min(least, contrast_of(colors.button, card));
  if (least < kButtonContrast) {
    problems.push_back({prefix + "button_color",
                        "This has a contrast of " + to_text(least) + " to the page; 3 is needed (WCAG 1.4.11)."});
  }
}

base::Result<void> check_contrasts(const store::Branding& branding) {
  const mail::BrandColors colors = colors_of(branding);
  base::Refusal refused{&base::kInvalidRequest, std::string(base::kInvalidRequest.title), {}, std::nullopt};
  check_contrast(colors.light, kLightCards, "/", refused.problems);
  check_contrast(colors.dark, kDarkCards, "/dark_", refused.problems);
  if (!refused.problems.empty()) return tl::unexpected(std::move(refused));
  return {};
}

base::Result<store::LogoInfo> checked_logo(store::OrganizationId organization, const Upload& logo) {
  const auto header = read_image_header(logo.content);
  if (!header) return base::refuse(base::kInvalidRequest, "This is no picture in PNG, JPEG, WebP or GIF.");
  if (header->media_type != logo.media_type) {
    return base::refuse(base::kInvalidRequest, "This is " + std::string(header->media_type) +
                                                   ", and the request says that it is something else.");
  }
  if (std::min(header->width, header->height) < 1 || std::max(header->width, header->height) > kLogoPixels) {
    return base::refuse(base::kInvalidRequest, "A logo has 1 to " + std::to_string(kLogoPixels) +
                                                   " pixels a side; this one has " + std::to_string(header->width) +
                                                   " by " + std::to_string(header->height) + ".");
  }
  // With the organization in it, so that nobody can find out by a picture that they have who else has it.
  const std::string hash = crypto::sha256(std::string(organization.uuid.view()) + std::string(logo.content));
  return store::LogoInfo{base::to_base64url(hash.substr(0, 16)) + "." + std::string(header->extension),
                         std::string(header->media_type), header->width, header->height};
}

/// Changes the branding under the fence: `change(tx, organization)` gives what is another for it.
template <class Change>
base::Result<BrandingView> change_branding(const Services& services, const InOrganization& caller, Change change) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<BrandingView> {
    TRY(enter_fence(tx, caller, now));
    auto organization = store::find_branding(tx, caller.organization()).value();
    TRY(require_match(caller.origin(), view(organization)));
    Changes changes = TRY(change(tx, organization));
    if (changes.empty()) return view(organization);
    record(tx, now, caller.origin(),
           {audit, caller.organization(), action::kBrandingChanged, caller.actor(), caller.organization().to_string(),
            std::move(changes)});
    return view(organization);
  });
}

std::optional<PublicBrand> to_public(const std::optional<store::BrandedOrganization>& organization) {
  if (!organization) return std::nullopt;
  const store::Branding& own = organization->branding;
  const bool has_colors =
      own.button_color || own.button_text_color || own.dark_button_color || own.dark_button_text_color;
  const bool has_links = own.privacy_url || own.terms_url || own.support_url;
  if (!own.name && !has_colors && !has_links && !own.logo) return std::nullopt;
  PublicBrand shown;
  shown.brand.name = own.name.value_or(organization->name);
  if (has_colors) shown.brand.colors = colors_of(own);
  shown.brand.privacy_url = own.privacy_url.value_or("");
  shown.brand.terms_url = own.terms_url.value_or("");
  shown.brand.support_url = own.support_url.value_or("");
  if (own.logo) shown.logo = view(organization->id, *own.logo);
  return shown;
}

}  // namespace

base::Result<BrandingView> show_branding(const Services& services, const InOrganization& caller,
                                         const OrganizationInput&) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<BrandingView> {
    const auto organization = store::find_branding(tx, caller.organization());
    if (!organization) return base::refuse(base::kNotFound);
    return view(*organization);
  });
}

base::Result<BrandingView> update_branding(const Services& services, const InOrganization& caller,
                                           const UpdateBrandingInput& input) {
  return change_branding(services, caller,
                         [&](db::Transaction& tx, store::BrandedOrganization& organization) -> base::Result<Changes> {
                           Changes changes = TRY(apply(input, organization.branding));
                           if (changes.empty()) return changes;
                           TRY(check_contrasts(organization.branding));
                           store::set_branding(tx, organization.id, organization.branding);
                           return changes;
                         });
}

base::Result<BrandingView> set_logo(const Services& services, const InOrganization& caller, const Upload& logo) {
  const store::LogoInfo info = TRY(checked_logo(caller.organization(), logo));
  const db::Bytes content{std::string(logo.content)};
  return change_branding(services, caller,
                         [&](db::Transaction& tx, store::BrandedOrganization& organization) -> base::Result<Changes> {
                           auto& own = organization.branding.logo;
                           if (own && own->name == info.name) return Changes();
                           store::set_logo(tx, organization.id, info, content);
                           own = info;
                           return Changes{{"logo", "changed"}};
                         });
}

base::Result<void> delete_logo(const Services& services, const InOrganization& caller, const OrganizationInput&) {
  TRY(change_branding(services, caller,
                      [&](db::Transaction& tx, store::BrandedOrganization& organization) -> base::Result<Changes> {
                        if (!organization.branding.logo) return base::refuse(base::kNotFound);
                        store::delete_logo(tx, organization.id);
                        organization.branding.logo.reset();
                        return Changes{{"logo", "removed"}};
                      }));
  return {};
}

std::optional<PublicBrand> find_brand(db::Transaction& tx, store::OrganizationId organization) {
  return to_public(store::find_branding(tx, organization));
}

std::optional<PublicBrand> find_brand(const Services& services, store::OrganizationId organization) {
  return services.database.read([&](db::Transaction& tx) { return find_brand(tx, organization); });
}

std::optional<PublicBrand> find_brand_by_slug(const Services& services, const std::string& slug) {
  return services.database.read([&](db::Transaction& tx) { return to_public(store::find_branding_by_slug(tx, slug)); });
}

std::optional<store::Logo> find_logo(const Services& services, store::OrganizationId organization,
                                     const std::string& name) {
  return services.database.read([&](db::Transaction& tx) { return store::find_logo(tx, organization, name); });
}

}  // namespace gatehouse::domain
