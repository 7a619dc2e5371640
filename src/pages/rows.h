#pragma once

#include "domain/branding.h"
#include "domain/email_change.h"
#include "domain/email_verification.h"
#include "domain/invitation_acceptance.h"
#include "http/route.h"
#include "pages/words.h"

#include <vector>

/// One group of rows a file, and the pages in them that show what somebody has chosen.
namespace gatehouse::pages {

std::vector<http::Route> reset_password_rows(const domain::Services& services);
std::vector<http::Route> verify_email_rows(const domain::Services& services);
std::vector<http::Route> confirm_email_rows(const domain::Services& services);
std::vector<http::Route> accept_invite_rows(const domain::Services& services);
std::vector<http::Route> setup_rows(const domain::Services& services);
std::vector<http::Route> sign_in_rows(const domain::Services& services);
std::vector<http::Route> sign_up_rows(const domain::Services& services);
std::vector<http::Route> sign_out_rows(const domain::Services& services);
std::vector<http::Route> choose_organization_rows(const domain::Services& services);
std::vector<http::Route> account_rows(const domain::Services& services);
std::vector<http::Route> account_profile_rows(const domain::Services& services);
std::vector<http::Route> account_password_rows(const domain::Services& services);
std::vector<http::Route> account_email_rows(const domain::Services& services);
std::vector<http::Route> account_sessions_rows(const domain::Services& services);
std::vector<http::Route> account_activity_rows(const domain::Services& services);
std::vector<http::Route> account_leave_rows(const domain::Services& services);
std::vector<http::Route> account_data_rows(const domain::Services& services);

/// What the sign-in page begins with.
struct SignInPage {
  std::string email;
  /// Empty: asked for. Nothing: not asked for.
  std::optional<std::string> organization;
  /// A path that safe_return_to() gave.
  std::string return_to;
  /// See kept_fields().
  std::string kept;
};
/// `refusal` may be null.
http::Response sign_in_page(const domain::Services& services, const SignInPage& page, const base::Refusal* refusal,
                            const http::Request& request, const Words& words);

http::Response verification_page(const domain::PendingVerification& pending, const base::Secret& token,
                                 const Words& words);

http::Response email_change_page(const domain::PendingEmailChange& pending, const base::Secret& token,
                                 const Words& words);

/// `refusal` may be null.
http::Response invitation_page(const domain::ShownInvitation& invitation, std::optional<domain::PublicBrand> brand,
                               const base::Secret& token, const base::Refusal* refusal, const http::Request& request,
                               const Words& words);

}  // namespace gatehouse::pages
