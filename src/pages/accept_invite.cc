#include "domain/invitation_acceptance.h"

#include "domain/origin.h"
#include "mail/values.h"
#include "pages/form.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/accept-invite";

http::Response refused(const base::Refusal& refusal, const http::Request& request) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, {});
  return problem_page(refusal, request,
                      html("<p>Whoever invited you can send you a new invitation. If you have accepted it before, just "
                           "<a href=\"/sign-in\">sign in</a>.</p>\n"));
}

/// What came of it.
http::Response joined_page(const domain::Services& services, const domain::AcceptInvitationOutput& joined,
                           const Html& way_on) {
  Page page;
  page.title = "You have joined";
  page.body = html("<p>You are now a member of <strong><bdi>{}</bdi></strong>, as <bdi>{}</bdi>.</p>\n{}{}",
                   joined.organization.name, joined.member.role.name, continue_link(services.settings), way_on);
  return to_response(page);
}

Html introduction(const domain::ShownInvitation& invitation) {
  Html inviter;
  if (invitation.inviter) inviter = html("<dt>Invited by</dt><dd>{}</dd>\n", invitation.inviter->text);
  Html message;
  if (invitation.inviter_message) {
    message = html("<dt>They write</dt><dd><blockquote><bdi>{}</bdi></blockquote></dd>\n", *invitation.inviter_message);
  }
  return html(
      "<dl>\n<dt>Organization</dt><dd><bdi>{}</bdi></dd>\n{}<dt>Your role</dt><dd><bdi>{}</bdi></dd>\n"
      "<dt>Works until</dt><dd>{}</dd>\n{}</dl>\n",
      invitation.organization.name, inviter, invitation.role.name, mail::show(invitation.expires_at).text, message);
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
  return to_response(FormPage{.title = "You are invited",
                              .introduction = html("{}<p>You are signed in as <strong>{}</strong>.</p>\n",
                                                   introduction(invitation), visit.person.email().text),
                              .form = {.action = kPath,
                                       .fields = {token_field(token), form_token_field(visit)},
                                       .button = "Accept the invitation"},
                              .footer = account_link()},
                     nullptr, visit.request);
}

/// Nothing when it is not for whoever is signed in, or nobody is.
std::optional<http::Response> show_to_visitor(const domain::Services& services, const http::Request& request,
                                              const domain::ShownInvitation& invitation, const base::Secret& token) {
  const auto person = visitor_of(services, request);
  if (!person || !invitation.has_account || person->email() != invitation.recipient) return std::nullopt;
  return visitor_invitation_page(Visit{services, *person, request}, invitation, token);
}

/// The button of visitor_invitation_page(). Nothing when the session has changed since: the page is shown anew then.
base::Result<std::optional<http::Response>> accept_as_visitor(const domain::Services& services,
                                                              const http::Request& request) {
  const auto form = TRY(read_form<VisitorInvitationForm>(request, services.settings));
  const auto person = visitor_of(services, request);
  if (!person || !domain::is_form_token_of(services, *person, form.form_token)) {
    return std::optional<http::Response>();
  }
  const auto joined = TRY(domain::accept_invitation(services, {person->origin()}, *person, {form.token, {}, {}}));
  const Html way_on = button_form(Visit{services, *person, request}, "/choose-organization",
                                  {{"organization", joined.organization.id.to_string()}}, "Work there now");
  return std::optional(joined_page(services, joined, way_on));
}

http::Response show(const domain::Services& services, const http::Request& request) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request);
  const domain::InvitationToken input{query->token.value_or(base::Secret())};
  const auto invitation = domain::show_invitation(services, input);
  if (!invitation) return refused(invitation.error(), request);
  if (auto page = show_to_visitor(services, request, *invitation, input.token)) return std::move(*page);
  return invitation_page(*invitation, input.token, nullptr, request);
}

/// With the reasons of a refusal for whoever gives a password; `refusal` may be null.
http::Response show_anew(const domain::Services& services, const http::Request& request, const base::Refusal* refusal) {
  const base::Secret token(typed(request, "token"));
  const auto invitation = domain::show_invitation(services, {token});
  if (!invitation) return refused(invitation.error(), request);
  if (refusal == nullptr) {
    if (auto page = show_to_visitor(services, request, *invitation, token)) return std::move(*page);
  }
  return invitation_page(*invitation, token, refusal, request);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  if (has_field(request, "form_token")) {
    auto answer = accept_as_visitor(services, request);
    if (answer) return *answer ? std::move(**answer) : show_anew(services, request, nullptr);
    if (!is_mendable(answer.error())) return refused(answer.error(), request);
    return show_anew(services, request, &answer.error());
  }
  const auto answer = [&]() -> base::Result<domain::AcceptInvitationOutput> {
    const auto input = TRY(read_form<domain::AcceptInvitationInput>(request, services.settings));
    return domain::accept_invitation(services, {domain::origin_of(request)}, std::nullopt, input);
  }();
  if (answer) return joined_page(services, *answer, sign_in_link());
  if (!is_mendable(answer.error())) return refused(answer.error(), request);
  return show_anew(services, request, &answer.error());
}

FormField password_field(bool has_account) {
  if (!has_account) return new_password_field("password", "Choose a password");
  return {.kind = FormField::Kind::password,
          .name = "password",
          .label = "Password",
          .autocomplete = "current-password",
          .hint = "This address has an account already. Give its password."};
}

}  // namespace

http::Response invitation_page(const domain::ShownInvitation& invitation, const base::Secret& token,
                               const base::Refusal* refusal, const http::Request& request) {
  FormField address{.kind = FormField::Kind::email,
                    .name = "email",
                    .label = "Your email address",
                    .autocomplete = "username",
                    .value = invitation.recipient.text,
                    .is_read_only = true};
  FormPage page{.title = "You are invited",
                .introduction = introduction(invitation),
                .form = {.action = kPath,
                         .fields = {token_field(token), std::move(address), password_field(invitation.has_account)},
                         .button = "Accept the invitation"}};
  if (invitation.has_account) page.footer = html("<p><a href=\"/reset-password\">Forgotten your password?</a></p>\n");
  return to_response(page, refusal, request);
}

std::vector<http::Route> accept_invite_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "accept_invite_page", http::Lane::store,
                   [&services](const http::Request& request) { return show(services, request); }),
          page_row(http::Method::post, std::string(kPath), "accept_invite_form", http::Lane::hash,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
