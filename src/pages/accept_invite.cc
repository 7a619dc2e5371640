#include "domain/invitation_acceptance.h"

#include "domain/origin.h"
#include "mail/values.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/accept-invite";

http::Response refused(const base::Refusal& refusal, const http::Request& request) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, {});
  return problem_page(refusal, request,
                      html("<p>Whoever invited you can send you a new invitation. If you have accepted it before, just "
                           "sign in.</p>\n"));
}

http::Response show(const domain::Services& services, const http::Request& request) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request);
  const domain::InvitationToken input{query->token.value_or(base::Secret())};
  const auto invitation = domain::show_invitation(services, input);
  if (!invitation) return refused(invitation.error(), request);
  return invitation_page(*invitation, input.token, nullptr, request);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  const auto answer = [&]() -> base::Result<domain::AcceptInvitationOutput> {
    const auto input = TRY(read_form<domain::AcceptInvitationInput>(request, services.settings));
    return domain::accept_invitation(services, {domain::origin_of(request)}, std::nullopt, input);
  }();
  if (answer) {
    Page page;
    page.title = "You have joined";
    page.body = html("<p>You are now a member of <strong><bdi>{}</bdi></strong>, as <bdi>{}</bdi>.</p>\n{}",
                     answer->organization.name, answer->member.role.name, continue_link(services.settings));
    return to_response(page);
  }
  if (!is_mendable(answer.error())) return refused(answer.error(), request);
  const base::Secret token(typed(request, "token"));
  const auto invitation = domain::show_invitation(services, {token});
  if (!invitation) return refused(invitation.error(), request);
  return invitation_page(*invitation, token, &answer.error(), request);
}

FormField password_field(bool has_account) {
  if (!has_account) return new_password_field("password", "Choose a password");
  return {.kind = FormField::Kind::password,
          .name = "password",
          .label = "Password",
          .autocomplete = "current-password",
          .hint = "This address has an account already. Give its password."};
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
