#include "api/routes.h"

#include "domain/account_deletion.h"
#include "domain/account_export.h"
#include "domain/activity.h"
#include "domain/email_change.h"
#include "domain/email_verification.h"
#include "domain/my_invitations.h"
#include "domain/my_organizations.h"
#include "domain/my_sessions.h"
#include "domain/password_change.h"
#include "domain/profile.h"

#include <iterator>

namespace gatehouse::api {

using http::Lane;
using http::Method;

namespace {

std::vector<Row> my_account_rows(const domain::Services& services) {
  return {
      signed_in<domain::show_me>(services, {Method::get, "/v1/me", "show_me", "Show my account"}),
      signed_in<domain::update_me>(services, {Method::patch, "/v1/me", "update_me", "Change my profile"}),
      signed_in<domain::change_password>(services,
                                         {Method::post, "/v1/me/password", "change_password",
                                          "Change my password, which ends all my other sessions", Lane::hash}),
      signed_in<domain::request_email_change>(
          services, {Method::post, "/v1/me/email", "change_email",
                     "Ask for another email address: a link is mailed to it", Lane::hash, 202}),
      open_to_all<domain::confirm_email_change>(
          services, {Method::post, "/v1/email/confirm", "confirm_email", "Confirm a new email address"}),
      signed_in<domain::send_verification>(services, {Method::post, "/v1/me/email/verification", "send_verification",
                                                      "Mail me the link again that confirms my address"}),
      signed_in<domain::export_me>(services, {Method::post, "/v1/me/export", "export_me",
                                              "Everything that is stored about me, without secrets", Lane::hash}),
      signed_in<domain::delete_me>(
          services, {Method::post, "/v1/me/delete", "delete_me", "Delete my account, for good", Lane::hash}),
      signed_in<domain::list_my_activity>(services, {Method::get, "/v1/me/activity", "list_my_activity",
                                                     "What I did, and what happened to my account"}),
  };
}

std::vector<Row> my_session_rows(const domain::Services& services) {
  return {
      signed_in<domain::list_my_sessions>(services,
                                          {Method::get, "/v1/me/sessions", "list_my_sessions", "Where I am signed in"}),
      signed_in<domain::show_my_session>(
          services, {Method::get, "/v1/me/sessions/{session}", "show_my_session", "Show one of my sessions"}),
      signed_in<domain::end_my_session>(
          services, {Method::del, "/v1/me/sessions/{session}", "end_my_session", "End one of my sessions"}),
      signed_in<domain::end_my_other_sessions>(
          services, {Method::del, "/v1/me/sessions", "end_my_other_sessions", "End all my other sessions"}),
  };
}

std::vector<Row> my_organization_rows(const domain::Services& services) {
  return {
      signed_in<domain::leave_organization>(services, {Method::post, "/v1/me/organizations/{organization}/leave",
                                                       "leave_organization", "Leave an organization"}),
      signed_in<domain::list_my_invitations>(
          services, {Method::get, "/v1/me/invitations", "list_my_invitations", "Invitations that wait for me"}),
      signed_in<domain::accept_my_invitation>(services, {Method::post, "/v1/me/invitations/{invitation}/accept",
                                                         "accept_my_invitation", "Accept an invitation to my address"}),
      signed_in<domain::decline_my_invitation>(
          services, {Method::post, "/v1/me/invitations/{invitation}/decline", "decline_my_invitation",
                     "Decline an invitation to my address"}),
  };
}

}  // namespace

std::vector<Row> me_routes(const domain::Services& services) {
  std::vector<Row> rows;
  for (auto* make : {my_account_rows, my_session_rows, my_organization_rows}) {
    auto more = make(services);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace gatehouse::api
