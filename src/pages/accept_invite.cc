#include "domain/invitation_acceptance.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/role_name.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/accept-invite";

http::Response refused(const base::Refusal& refusal, const http::Request& request, const Words& words) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, words);
  const Html sign_in = html("<a href=\"{}\">{}</a>", with_language("/sign-in", words), words["accept.sign_in"]);
  return problem_page(refusal, request, words, html("<p>{}</p>\n", words("accept.dead", {{"sign_in", sign_in}})));
}

/// What came of it.
http::Response joined_page(const domain::Services& services, const domain::AcceptInvitationOutput& joined,
                           const Html& way_on, const Words& words) {
  Page page;
  page.title = words["accept.joined_title"];
  page.brand = domain::find_brand(services, joined.organization.id);
  page.body = html("<p>{}</p>\n{}{}",
                   words("accept.joined", {{"organization", strong_name(joined.organization.name)},
                                           {"role", role_name(joined.member.role, words)}}),
                   continue_link(services.settings, words), way_on);
  return to_response(page, words);
}

Html introduction(const domain::ShownInvitation& invitation, const Words& words) {
  Html inviter;
  if (invitation.inviter)
    inviter = html("<dt>{}</dt><dd>{}</dd>\n", words["accept.inviter"], name(invitation.inviter->text));
  Html message;
  if (invitation.inviter_message) {
    message = html("<dt>{}</dt><dd><blockquote>{}</blockquote></dd>\n", words["accept.message"],
                   name(*invitation.inviter_message));
  }
  return html("<dl>\n<dt>{}</dt><dd>{}</dd>\n{}<dt>{}</dt><dd>{}</dd>\n<dt>{}</dt><dd>{}</dd>\n{}</dl>\n",
              words["accept.organization"], name(invitation.organization.name), inviter, words["accept.role"],
              role_name(invitation.role, words), words["accept.until"], words.moment(invitation.expires_at), message);
}

struct VisitorInvitationForm {
  base::Secret token;
  std::string form_token;

  static constexpr auto fields() {
    return wire::fields(wire::field("token", &VisitorInvitationForm::token).length(1, 256),
                        wire::field("form_token", &VisitorInvitationForm::form_token).length(1, 100));
  }
};

/// For whoever is signed in as the one who is invited: a button, and no password.
http::Response visitor_invitation_page(const Visit& visit, const domain::ShownInvitation& invitation,
                                       const base::Secret& token) {
  const Words& words = visit.words;
  const Html who = words("common.signed_in_as", {{"email", strong_name(visit.person.email().text)}});
  return to_response(FormPage{.title = words["accept.title"],
                              .introduction = html("{}<p>{}</p>\n", introduction(invitation, words), who),
                              .form = {.action = kPath,
                                       .fields = {token_field(token), form_token_field(visit)},
                                       .button = words["accept.button"]},
                              .footer = account_link(words),
                              .brand = domain::find_brand(visit.services, invitation.organization.id)},
                     nullptr, visit.request, words);
}

/// Nothing when it is not for whoever is signed in, or nobody is.
std::optional<http::Response> show_to_visitor(const domain::Services& services, const http::Request& request,
                                              const domain::ShownInvitation& invitation, const base::Secret& token,
                                              const Words& words) {
  const auto person = visitor_of(services, request);
  if (!person || !invitation.has_account || person->email() != invitation.recipient) return std::nullopt;
  return visitor_invitation_page(visit_of(services, *person, request, words), invitation, token);
}

/// The button of visitor_invitation_page(). Nothing when the session has changed since: the page is shown anew then.
base::Result<std::optional<http::Response>> accept_as_visitor(const domain::Services& services,
                                                              const http::Request& request, const Words& words) {
  const auto form = TRY(read_form<VisitorInvitationForm>(request, services.settings));
  const auto person = visitor_of(services, request);
  if (!person || !domain::is_form_token_of(services, *person, form.form_token)) {
    return std::optional<http::Response>();
  }
  const auto joined = TRY(domain::accept_invitation(services, {person->origin()}, *person, {form.token, {}, {}}));
  const Visit visit = visit_of(services, *person, request, words);
  const Html way_on = button_form(visit, "/choose-organization", {{"organization", joined.organization.id.to_string()}},
                                  visit.words["accept.work_there"]);
  return std::optional(joined_page(services, joined, way_on, visit.words));
}

http::Response show(const domain::Services& services, const http::Request& request, const Words& words) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request, words);
  const domain::InvitationToken input{query->token.value_or(base::Secret())};
  const auto invitation = domain::show_invitation(services, input);
  if (!invitation) return refused(invitation.error(), request, words);
  if (auto page = show_to_visitor(services, request, *invitation, input.token, words)) return std::move(*page);
  return invitation_page(*invitation, domain::find_brand(services, invitation->organization.id), input.token, nullptr,
                         request, words);
}

/// With the reasons of a refusal for whoever gives a password; `refusal` may be null.
http::Response show_anew(const domain::Services& services, const http::Request& request, const base::Refusal* refusal,
                         const Words& words) {
  const base::Secret token(typed(request, "token"));
  const auto invitation = domain::show_invitation(services, {token});
  if (!invitation) return refused(invitation.error(), request, words);
  if (refusal == nullptr) {
    if (auto page = show_to_visitor(services, request, *invitation, token, words)) return std::move(*page);
  }
  return invitation_page(*invitation, domain::find_brand(services, invitation->organization.id), token, refusal,
                         request, words);
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  if (has_field(request, "form_token")) {
    auto answer = accept_as_visitor(services, request, words);
    if (answer) return *answer ? std::move(**answer) : show_anew(services, request, nullptr, words);
    if (!is_mendable(answer.error())) return refused(answer.error(), request, words);
    return show_anew(services, request, &answer.error(), words);
  }
  const auto answer = [&]() -> base::Result<domain::AcceptInvitationOutput> {
    auto input = TRY(read_form<domain::AcceptInvitationInput>(request, services.settings));
    input.language = words.asked_language();
    return domain::accept_invitation(services, {domain::origin_of(request)}, std::nullopt, input);
  }();
  if (answer) return joined_page(services, *answer, sign_in_link(words), words);
  if (!is_mendable(answer.error())) return refused(answer.error(), request, words);
  return show_anew(services, request, &answer.error(), words);
}

FormField password_field(bool has_account, const Words& words) {
  if (!has_account) return new_password_field("password", words["accept.choose_password"], words);
  return {.kind = FormField::Kind::password,
          .name = "password",
          .label = words["field.password"],
          .autocomplete = "current-password",
          .hint = words["accept.has_account"]};
}

}  // namespace

http::Response invitation_page(const domain::ShownInvitation& invitation, std::optional<domain::PublicBrand> brand,
                               const base::Secret& token, const base::Refusal* refusal, const http::Request& request,
                               const Words& asked) {
  const Words words = asked.of_organization(invitation.language);
  FormField address{.kind = FormField::Kind::email,
                    .name = "email",
                    .label = words["accept.email"],
                    .autocomplete = "username",
                    .value = invitation.recipient.text,
                    .is_read_only = true};
  FormPage page{
      .title = words["accept.title"],
      .introduction = introduction(invitation, words),
      .form = {.action = kPath,
               .fields = {token_field(token), std::move(address), password_field(invitation.has_account, words)},
               .button = words["accept.button"]},
      .brand = std::move(brand)};
  if (invitation.has_account) {
    page.footer =
        html("<p><a href=\"{}\">{}</a></p>\n", with_language("/reset-password", words), words["sign_in.forgotten"]);
  }
  return to_response(page, refusal, request, words);
}

std::vector<http::Route> accept_invite_rows(const domain::Services& services) {
  return {page_row(
              http::Method::get, std::string(kPath), "accept_invite_page", http::Lane::store,
              [&services](const http::Request& request, const Words& words) { return show(services, request, words); }),
          page_row(http::Method::post, std::string(kPath), "accept_invite_form", http::Lane::hash,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
