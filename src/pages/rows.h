#pragma once

#include "domain/email_change.h"
#include "domain/email_verification.h"
#include "domain/invitation_acceptance.h"
#include "http/route.h"

#include <vector>

/// One group of rows a file, and the pages in them that show what somebody has chosen.
namespace gatehouse::pages {

std::vector<http::Route> reset_password_rows(const domain::Services& services);
std::vector<http::Route> verify_email_rows(const domain::Services& services);
std::vector<http::Route> confirm_email_rows(const domain::Services& services);
std::vector<http::Route> accept_invite_rows(const domain::Services& services);
std::vector<http::Route> setup_rows(const domain::Services& services);

http::Response verification_page(const domain::PendingVerification& pending, const base::Secret& token);

http::Response email_change_page(const domain::PendingEmailChange& pending, const base::Secret& token);

/// `refusal` may be null.
http::Response invitation_page(const domain::ShownInvitation& invitation, const base::Secret& token,
                               const base::Refusal* refusal, const http::Request& request);

}  // namespace gatehouse::pages
