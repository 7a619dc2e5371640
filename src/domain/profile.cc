#include "domain/profile.h"

#include "base/text.h"
#include "base/time_zone.h"
#include "domain/audit.h"
#include "domain/names.h"
#include "domain/preconditions.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// The shape of RFC 5646: a language of two to eight letters, then subtags of one to eight letters and digits.
bool is_language_tag(std::string_view text) {
  const auto subtags = base::split(text, '-');
  const auto is_subtag = [](std::string_view subtag) {
    return !subtag.empty() && subtag.size() <= 8 &&
           std::ranges::all_of(subtag, [](char letter) { return is_letter(letter) || is_digit(letter); });
  };
  return subtags.front().size() >= 2 && std::ranges::all_of(subtags.front(), is_letter) &&
         std::ranges::all_of(subtags, is_subtag);
}

bool is_time_zone(std::string_view text) { return base::TimeZone::find(text).has_value(); }

/// What the field is after the patch.
base::Result<std::optional<std::string>> patch_name(const wire::Clearable<std::string>& patch,
                                                    const std::optional<std::string>& before,
                                                    std::string_view pointer) {
  if (!patch) return before;
  if (!*patch) return std::optional<std::string>();
  return std::optional<std::string>(TRY(clean_name(**patch, pointer)));
}

base::Result<std::optional<std::string>> patch_shape(const wire::Clearable<std::string>& patch,
                                                     const std::optional<std::string>& before,
                                                     bool (*is_well_formed)(std::string_view), std::string_view pointer,
                                                     std::string_view expected) {
  if (!patch) return before;
  if (*patch && !is_well_formed(**patch)) return base::refuse_field(std::string(pointer), std::string(expected));
  return *patch;
}

base::Result<store::Profile> apply(const UpdateMeInput& input, const store::Profile& before) {
  store::Profile after;
  after.name = TRY(patch_name(input.name, before.name, "/name"));
  after.given_name = TRY(patch_name(input.given_name, before.given_name, "/given_name"));
  after.family_name = TRY(patch_name(input.family_name, before.family_name, "/family_name"));
  after.locale = TRY(
      patch_shape(input.locale, before.locale, is_language_tag, "/locale", "A language tag is needed, such as en-GB."));
  after.zoneinfo = TRY(patch_shape(input.zoneinfo, before.zoneinfo, is_time_zone, "/zoneinfo",
                                   "The name of a time zone is needed, such as Europe/London."));
  after.language = input.language ? *input.language : before.language;
  return after;
}

/// The names of the fields that differ.
std::string differences(const store::Profile& before, const store::Profile& after) {
  std::string names;
  const auto compare = [&](std::string_view name, std::optional<std::string> store::Profile::*field) {
    if (before.*field == after.*field) return;
    names += (names.empty() ? "" : " ") + std::string(name);
  };
  compare("name", &store::Profile::name);
  compare("given_name", &store::Profile::given_name);
  compare("family_name", &store::Profile::family_name);
  compare("locale", &store::Profile::locale);
  compare("zoneinfo", &store::Profile::zoneinfo);
  compare("language", &store::Profile::language);
  return names;
}

}  // namespace

MeView me_view(const store::User& user) {
  const bool is_apart = user.directory != store::kSharedDirectory && user.directory != store::kPlatformDirectory;
  return {user.id,
          user.email,
          user.email_verified_at.has_value(),
          user.profile.name,
          user.profile.given_name,
          user.profile.family_name,
          user.profile.locale,
          user.profile.zoneinfo,
          user.profile.language,
          is_apart,
          user.created_at};
}

base::Result<MeView> show_me(const Services& services, const SignedIn& caller) {
  const auto user = services.database.read([&](db::Transaction& tx) { return store::find_user(tx, caller.account()); });
  if (!user) return refuse(base::kUnauthenticated);
  return me_view(*user);
}

base::Result<MeView> update_me(const Services& services, const SignedIn& caller, const UpdateMeInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<MeView> {
    auto user = store::lock_user(tx, caller.account());
    if (!user || !user->is_active()) return refuse(base::kUnauthenticated);
    TRY(require_match(caller.origin(), me_view(*user)));
    const store::Profile after = TRY(apply(input, user->profile));
    const std::string changed = differences(user->profile, after);
    if (changed.empty()) return me_view(*user);
    store::set_profile(tx, caller.account(), after);
    record(tx, now, caller.origin(),
           {audit,
            audit_home(tx, caller.account()),
            action::kProfileChanged,
            caller.actor(),
            caller.account().user.to_string(),
            {{"fields", changed}}});
    user->profile = after;
    return me_view(*user);
  });
}

}  // namespace gatehouse::domain
