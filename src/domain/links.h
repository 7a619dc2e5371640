#pragma once

#include "crypto/token.h"
#include "domain/services.h"

#include <string>
#include <string_view>

namespace gatehouse::domain {

// The prefixes of one-time tokens: a token of one purpose is no token of another.
inline constexpr std::string_view kVerifyToken = "gve";
inline constexpr std::string_view kResetToken = "grs";
inline constexpr std::string_view kChangeEmailToken = "gce";
inline constexpr std::string_view kInvitationToken = "gin";
inline constexpr std::string_view kSetupToken = "gst";

/// A link for a letter: the configured public URL, a fixed path and the token, and nothing that came with a request.
inline std::string link_to(const Services& services, std::string_view path, const base::Secret& token) {
  return services.settings.public_url + std::string(path) + "?token=" + std::string(token.reveal());
}

/// Where somebody asks for a reset link, for letters that say "if this was not you".
inline std::string reset_page(const Services& services) { return services.settings.public_url + "/reset-password"; }

}  // namespace gatehouse::domain
