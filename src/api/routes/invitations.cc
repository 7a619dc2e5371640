#include "api/routes.h"

#include "domain/invitation_acceptance.h"
#include "domain/invitations.h"

namespace gatehouse::api {

using http::Lane;
using http::Method;

namespace {

const std::string kInvitations = "/v1/organizations/{organization}/invitations";
const std::string kInvitation = kInvitations + "/{invitation}";

/// Whoever sends a bearer token accepts as that person, and a dead one is not passed over.
base::Result<detail::Answer> accept(const domain::Services& services, const domain::Origin& origin,
                                    const http::Request& request, const domain::AcceptInvitationInput& input) {
  std::optional<domain::SignedIn> person;
  if (request.header("authorization")) person = TRY(sign_in_of(services, origin, request));
  return detail::to_answer(TRY(domain::accept_invitation(services, domain::Anyone{origin}, person, input)));
}

Row accept_row(const Say& say) {
  Row row = detail::make_row(say, &wire::shape_of<domain::AcceptInvitationInput>(),
                             &wire::shape_of<domain::AcceptInvitationOutput>());
  row.route.takes_body = true;
  return row;
}

Row post_accept(const domain::Services& services) {
  return detail::with_handler(
      accept_row({Method::post, "/accept-invite", "accept_invitation", "Accept an invitation", Lane::hash, 200, true}),
      [&services](const domain::Origin& origin, const http::Request& request,
                  const Row& self) -> base::Result<detail::Answer> {
        const auto input = TRY(detail::read_input<domain::AcceptInvitationInput>(request, self));
        return accept(services, origin, request, input);
      });
}

/// The original contract: without a body it shows the invitation, and with a JSON body it accepts. A mail scanner that
/// follows the link sends no body.
Row get_accept(const domain::Services& services) {
  Row row = accept_row({Method::get, "/accept-invite", "show_invitation",
                        "Show an invitation; with a JSON body of token, email and password, accept it", Lane::hash});
  row.input = &wire::shape_of<domain::InvitationToken>();
  row.output = &wire::shape_of<domain::ShownInvitation>();
  return detail::with_handler(
      std::move(row),
      [&services](const domain::Origin& origin, const http::Request& request,
                  const Row&) -> base::Result<detail::Answer> {
        // HEAD is served by this row too, and changes nothing.
        const bool has_body = request.method == Method::get && !request.body.empty();
        const wire::Source source = TRY(http::input_of(request, {!has_body, true, false, false}));
        if (has_body) return accept(services, origin, request, TRY(wire::read<domain::AcceptInvitationInput>(source)));
        return detail::to_answer(
            TRY(domain::show_invitation(services, TRY(wire::read<domain::InvitationToken>(source)))));
      });
}

}  // namespace

std::vector<Row> invitation_routes(const domain::Services& services) {
  return {
      in_organization<domain::invite_member, &domain::InviteInput::organization_id>(
          services,
          {Method::post, "/invite-member", "invite_member", "Invite somebody by email", http::Lane::store, 200, false,
           true},
          domain::kMembersInvite),
      get_accept(services),
      post_accept(services),
      in_organization<domain::create_invitation, &domain::CreateInvitationInput::organization>(
          services, {Method::post, kInvitations, "create_invitation", "Invite somebody by email", Lane::store, 201},
          domain::kMembersInvite),
      in_organization<domain::list_invitations, &domain::ListInvitationsInput::organization>(
          services, {Method::get, kInvitations, "list_invitations", "List invitations"}, domain::kInvitationsRead),
      in_organization<domain::get_invitation, &domain::InvitationInput::organization>(
          services, {Method::get, kInvitation, "get_invitation", "Show an invitation and what happened to it"},
          domain::kInvitationsRead),
      in_organization<domain::resend_invitation, &domain::ResendInvitationInput::organization>(
          services,
          {Method::post, kInvitation + "/resend", "resend_invitation", "Send an invitation again with a fresh link"},
          domain::kMembersInvite),
      in_organization<domain::revoke_invitation, &domain::InvitationInput::organization>(
          services, {Method::post, kInvitation + "/revoke", "revoke_invitation", "Take an invitation back"},
          domain::kMembersInvite),
  };
}

}  // namespace gatehouse::api
