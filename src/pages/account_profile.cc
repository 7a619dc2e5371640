#include "domain/profile.h"

#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/profile";

/// An empty field clears what is stored.
struct ProfileForm {
  std::optional<std::string> name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> locale;
  std::optional<std::string> zoneinfo;
  std::optional<std::string> language;

  static constexpr auto fields() {
    return wire::fields(wire::field("name", &ProfileForm::name).length(1, 100),
                        wire::field("given_name", &ProfileForm::given_name).length(1, 100),
                        wire::field("family_name", &ProfileForm::family_name).length(1, 100),
                        wire::field("locale", &ProfileForm::locale).length(2, 35),
                        wire::field("zoneinfo", &ProfileForm::zoneinfo).length(3, 64),
                        wire::field("language", &ProfileForm::language).one_of(text::kLanguageTags));
  }
};

std::vector<std::pair<std::string, std::string_view>> languages(const Words& words) {
  std::vector<std::pair<std::string, std::string_view>> all{{"", words["profile.language_open"]}};
  for (const std::string_view tag : text::kLanguageTags) {
    all.emplace_back(tag, text::find_language(tag)->words("language.name"));
  }
  return all;
}

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  const auto me = domain::show_me(visit.services, visit.person);
  if (!me) return problem_page(me.error(), visit.request, words, account_link(words));
  const auto field = [&](FormField::Kind kind, std::string_view key, std::string_view label,
                         std::string_view autocomplete, std::string_view hint,
                         const std::optional<std::string>& stored) {
    const bool is_typed = visit.request.method == http::Method::post;
    return FormField{.kind = kind,
                     .name = key,
                     .label = label,
                     .autocomplete = autocomplete,
                     .hint = hint,
                     .value = is_typed ? typed(visit.request, key) : stored.value_or(""),
                     .is_optional = true};
  };
  using Kind = FormField::Kind;
  FormField language = field(Kind::choice, "language", words["profile.language"], "off", {}, me->language);
  language.choices = languages(words);
  return to_response(
      FormPage{.title = words["profile.title"],
               .form = {.action = kPath,
                        .fields = {form_token_field(visit),
                                   field(Kind::name, "name", words["profile.name"], "name", {}, me->name),
                                   field(Kind::name, "given_name", words["profile.given_name"], "given-name", {},
                                         me->given_name),
                                   field(Kind::name, "family_name", words["profile.family_name"], "family-name", {},
                                         me->family_name),
                                   std::move(language),
                                   field(Kind::text, "locale", words["profile.locale"], "off",
                                         words["profile.locale_hint"], me->locale),
                                   field(Kind::text, "zoneinfo", words["profile.zoneinfo"], "off",
                                         words["profile.zoneinfo_hint"], me->zoneinfo)},
                        .button = words["profile.save"]},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  ProfileForm form = TRY(read_visitor_form<ProfileForm>(visit));
  domain::UpdateMeInput input;
  input.name.emplace(std::move(form.name));
  input.given_name.emplace(std::move(form.given_name));
  input.family_name.emplace(std::move(form.family_name));
  input.locale.emplace(std::move(form.locale));
  input.zoneinfo.emplace(std::move(form.zoneinfo));
  input.language.emplace(std::move(form.language));
  TRY(domain::update_me(visit.services, visit.person, input));
  const Visit after = visit_of(visit.services, visit.person, visit.request, visit.asked);
  return done_page(after.words["profile.saved_title"], after.words["profile.saved"], after.words);
}

}  // namespace

std::vector<http::Route> account_profile_rows(const domain::Services& services) {
  return visitor_form(services, {.path = std::string(kPath),
                                 .name = "account_profile",
                                 .kept = {"name", "given_name", "family_name", "locale", "zoneinfo", "language"},
                                 .show = show,
                                 .submit = submit});
}

}  // namespace gatehouse::pages
