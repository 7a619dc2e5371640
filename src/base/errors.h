#pragma once

#include <array>
#include <string_view>

namespace gatehouse::base {

/// A stable name that programs may rely on, the HTTP status it travels with, and a sentence for people.
struct ErrorCode {
  std::string_view name;
  int status;
  std::string_view title;
};

// The request itself.
inline constexpr ErrorCode kMalformedRequest{"malformed_request", 400, "The request can't be read."};
inline constexpr ErrorCode kInvalidRequest{"invalid_request", 400, "Some fields of the request can't be accepted."};
inline constexpr ErrorCode kWeakPassword{"weak_password", 400, "This password is too easy to guess."};
inline constexpr ErrorCode kMisdirected{"misdirected_request", 421, "This server does not answer for that host."};
inline constexpr ErrorCode kRouteNotFound{"route_not_found", 404, "There is nothing at this path."};
inline constexpr ErrorCode kMethodNotAllowed{"method_not_allowed", 405, "This path does not take that method."};
inline constexpr ErrorCode kRequestTimeout{"request_timeout", 408, "The request did not arrive in time."};
inline constexpr ErrorCode kPayloadTooLarge{"payload_too_large", 413, "The body is larger than this path accepts."};
inline constexpr ErrorCode kUriTooLong{"uri_too_long", 414, "The request target is too long."};
inline constexpr ErrorCode kUnsupportedMediaType{"unsupported_media_type", 415, "This path takes another media type."};
inline constexpr ErrorCode kHeadersTooLarge{"headers_too_large", 431, "The header fields are too large."};

// Who asks.
inline constexpr ErrorCode kInvalidCredentials{"invalid_credentials", 401,
                                               "The email address or the password is wrong."};
inline constexpr ErrorCode kUnauthenticated{"unauthenticated", 401, "A valid access token is needed."};
inline constexpr ErrorCode kInvalidRefreshToken{"invalid_refresh_token", 401,
                                                "The refresh token is not valid any more; sign in again."};
inline constexpr ErrorCode kForbidden{"forbidden", 403, "You are not allowed to do this."};
inline constexpr ErrorCode kCrossSite{"cross_site_request", 403, "This form was sent from another site."};
inline constexpr ErrorCode kOutranked{"outranked", 403, "Nobody may give, change or remove what outranks them."};

// What is asked for.
inline constexpr ErrorCode kNotFound{"not_found", 404, "There is no such thing here."};
inline constexpr ErrorCode kEmailTaken{"email_taken", 409, "This email address already has an account."};
inline constexpr ErrorCode kAlreadyMember{"already_member", 409,
                                          "This person is already a member of the organization."};
inline constexpr ErrorCode kLastOwner{"last_owner", 409, "An organization needs at least one active owner."};
inline constexpr ErrorCode kSignUpClosed{"sign_up_closed", 403, "Sign-up is by invitation only."};
inline constexpr ErrorCode kWrongAddress{"wrong_address", 403, "The invitation was sent to another email address."};
inline constexpr ErrorCode kLinkInvalid{"link_invalid", 400, "This link is not valid."};
inline constexpr ErrorCode kLinkDead{"link_dead", 410, "This link was already used, was withdrawn, or has expired."};
inline constexpr ErrorCode kProofMissing{"proof_missing", 400,
                                         "Setting a new password needs the token of the mailed link."};
inline constexpr ErrorCode kUnverifiedLimit{"unverified_limit", 403,
                                            "Confirm your email address before you invite more people."};

// How often, and whether we can.
inline constexpr ErrorCode kRateLimited{"rate_limited", 429, "Too many tries; wait a little."};
inline constexpr ErrorCode kInternal{"internal_error", 500, "Something broke on our side."};
inline constexpr ErrorCode kOverloaded{"overloaded", 503, "The server is busy; try again in a moment."};

/// The closed table: nothing answers with a code that is not here.
inline constexpr std::array kErrorCodes{
    &kMalformedRequest, &kInvalidRequest,
    &kWeakPassword,     &kMisdirected,
    &kRouteNotFound,    &kMethodNotAllowed,
    &kRequestTimeout,   &kPayloadTooLarge,
    &kUriTooLong,       &kUnsupportedMediaType,
    &kHeadersTooLarge,  &kInvalidCredentials,
    &kUnauthenticated,  &kInvalidRefreshToken,
    &kForbidden,        &kCrossSite,
    &kOutranked,        &kNotFound,
    &kEmailTaken,       &kAlreadyMember,
    &kLastOwner,        &kSignUpClosed,
    &kWrongAddress,     &kLinkInvalid,
    &kLinkDead,         &kProofMissing,
    &kUnverifiedLimit,  &kRateLimited,
    &kInternal,         &kOverloaded,
};

}  // namespace gatehouse::base
