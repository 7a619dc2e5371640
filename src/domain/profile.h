#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "store/users.h"
#include "text/catalogue.h"
#include "wire/fields.h"

namespace gatehouse::domain {

/// The account of whoever asks.
struct MeView {
  store::UserId id;
  base::EmailAddress email;
  bool email_verified = false;
  std::optional<std::string> name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> locale;
  std::optional<std::string> zoneinfo;
  std::optional<std::string> language;
  bool has_own_directory = false;
  base::Time created_at;

  static constexpr std::string_view kSchemaName = "Me";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &MeView::id), wire::field("email", &MeView::email),
        wire::field("email_verified", &MeView::email_verified), wire::field("name", &MeView::name),
        wire::field("given_name", &MeView::given_name), wire::field("family_name", &MeView::family_name),
        wire::field("locale", &MeView::locale), wire::field("zoneinfo", &MeView::zoneinfo),
        wire::field("language", &MeView::language).example("de"),
        wire::field("has_own_directory", &MeView::has_own_directory)
            .says("The account belongs to one organization that keeps its people's accounts apart from all others."),
        wire::field("created_at", &MeView::created_at));
  }
};

MeView me_view(const store::User& user);

base::Result<MeView> show_me(const Services& services, const SignedIn& caller);

/// A merge patch (RFC 7396) of what people tell of themselves.
struct UpdateMeInput {
  wire::Clearable<std::string> name;
  wire::Clearable<std::string> given_name;
  wire::Clearable<std::string> family_name;
  wire::Clearable<std::string> locale;
  wire::Clearable<std::string> zoneinfo;
  wire::Clearable<std::string> language;

  static constexpr std::string_view kSchemaName = "UpdateMeRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("name", &UpdateMeInput::name).length(1, 100).says("The full name.").example("Ada Lovelace"),
        wire::field("given_name", &UpdateMeInput::given_name).length(1, 100).example("Ada"),
        wire::field("family_name", &UpdateMeInput::family_name).length(1, 100).example("Lovelace"),
        wire::field("locale", &UpdateMeInput::locale)
            .length(2, 35)
            .says("A language tag (BCP 47), for applications.")
            .example("en-GB"),
        wire::field("zoneinfo", &UpdateMeInput::zoneinfo)
            .length(3, 64)
            .says("A time zone by its name in the IANA database.")
            .example("Europe/London"),
        wire::field("language", &UpdateMeInput::language)
            .one_of(text::kLanguageTags)
            .says("Of pages and letters. Without one, pages are as the browser asks.")
            .example("de"));
  }
};

/// Changes what the patch names, and leaves the rest. Refuses: kInvalidRequest, kPreconditionFailed.
base::Result<MeView> update_me(const Services& services, const SignedIn& caller, const UpdateMeInput& input);

}  // namespace gatehouse::domain
