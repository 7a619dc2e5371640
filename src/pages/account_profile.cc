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

  static constexpr auto fields() {
    return wire::fields(wire::field("name", &ProfileForm::name).length(1, 100),
                        wire::field("given_name", &ProfileForm::given_name).length(1, 100),
                        wire::field("family_name", &ProfileForm::family_name).length(1, 100),
                        wire::field("locale", &ProfileForm::locale).length(2, 35),
                        wire::field("zoneinfo", &ProfileForm::zoneinfo).length(3, 64));
  }
};

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const auto me = domain::show_me(visit.services, visit.person);
  if (!me) return problem_page(me.error(), visit.request, account_link());
  const auto field = [&](FormField::Kind kind, std::string_view name, std::string_view label,
                         std::string_view autocomplete, std::string_view hint,
                         const std::optional<std::string>& stored) {
    const bool is_typed = visit.request.method == http::Method::post;
    return FormField{.kind = kind,
                     .name = name,
                     .label = label,
                     .autocomplete = autocomplete,
                     .hint = hint,
                     .value = is_typed ? typed(visit.request, name) : stored.value_or(""),
                     .is_optional = true};
  };
  using Kind = FormField::Kind;
  return to_response(
      FormPage{
          .title = "Your profile",
          .form = {.action = kPath,
                   .fields = {form_token_field(visit), field(Kind::name, "name", "Full name", "name", {}, me->name),
                              field(Kind::name, "given_name", "Given name", "given-name", {}, me->given_name),
                              field(Kind::name, "family_name", "Family name", "family-name", {}, me->family_name),
                              field(Kind::text, "locale", "Language", "off", "Such as en-GB.", me->locale),
                              field(Kind::text, "zoneinfo", "Time zone", "off", "Such as Europe/London.",
                                    me->zoneinfo)},
                   .button = "Save"},
          .footer = account_link()},
      refusal, visit.request);
}

base::Result<http::Response> submit(const Visit& visit) {
  ProfileForm form = TRY(read_visitor_form<ProfileForm>(visit));
  domain::UpdateMeInput input;
  input.name.emplace(std::move(form.name));
  input.given_name.emplace(std::move(form.given_name));
  input.family_name.emplace(std::move(form.family_name));
  input.locale.emplace(std::move(form.locale));
  input.zoneinfo.emplace(std::move(form.zoneinfo));
  TRY(domain::update_me(visit.services, visit.person, input));
  return done_page("Your profile is saved", "That is how others see you from now on.");
}

}  // namespace

std::vector<http::Route> account_profile_rows(const domain::Services& services) {
  return visitor_form(services, {.path = std::string(kPath),
                                 .name = "account_profile",
                                 .kept = {"name", "given_name", "family_name", "locale", "zoneinfo"},
                                 .show = show,
                                 .submit = submit});
}

}  // namespace gatehouse::pages
