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
inline constexpr ErrorCode kPersonNeeded{"person_needed", 403,
                                         "An API key can't do this: it is for people who signed in."};
inline constexpr ErrorCode kSecretKeyInBrowser{"secret_key_in_browser", 403,
                                               "An API key is a secret of a back end; a browser must not hold it."};

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
inline constexpr ErrorCode kUnverifiedAddress{"unverified_address", 403, "Confirm your email address first."};
inline constexpr ErrorCode kDomainNotAllowed{
    "domain_not_allowed", 403, "The organization takes only email addresses of the domains that it names."};
inline constexpr ErrorCode kSlugTaken{"slug_taken", 409, "This slug is taken."};
inline constexpr ErrorCode kRoleNameTaken{"role_name_taken", 409, "The organization has a role of this name."};
inline constexpr ErrorCode kFixedRole{"fixed_role", 409, "The roles owner, admin and member stay as they are."};
inline constexpr ErrorCode kRoleInUse{"role_in_use", 409,
                                      "Somebody has this role or is invited with it: name a role to move them to."};
inline constexpr ErrorCode kPermissionTaken{"permission_taken", 409, "This permission is registered already."};
inline constexpr ErrorCode kTooMany{"too_many", 409, "There is no room for more of these."};
inline constexpr ErrorCode kWrongState{"wrong_state", 409, "This can't be done to it as it is now."};
inline constexpr ErrorCode kSoleOwner{"sole_owner", 409,
                                      "You are the only owner of an organization: hand it over or delete it first."};
inline constexpr ErrorCode kSharedDirectory{"shared_directory", 409,
                                            "Only an organization with a directory of its own can do this."};

// Sending again, and changing what somebody else changed.
inline constexpr ErrorCode kPreconditionFailed{"precondition_failed", 412,
                                               "It has changed since you read it; read it again."};
inline constexpr ErrorCode kIdempotencyInProgress{"idempotency_in_progress", 409,
                                                  "The first request with this Idempotency-Key is still running."};
inline constexpr ErrorCode kIdempotencyMismatch{"idempotency_mismatch", 422,
                                                "This Idempotency-Key was used with another request."};
inline constexpr ErrorCode kIdempotencyAnswerLost{
    "idempotency_answer_lost", 409,
    "The first request with this Idempotency-Key was carried out, but its answer was lost: look at what it made."};

// How often, and whether we can.
inline constexpr ErrorCode kRateLimited{"rate_limited", 429, "Too many tries; wait a little."};
inline constexpr ErrorCode kInternal{"internal_error", 500, "Something broke on our side."};
inline constexpr ErrorCode kOverloaded{"overloaded", 503, "The server is busy; try again in a moment."};

/// The closed table: nothing answers with a code that is not here.
inline constexpr std::array kErrorCodes{
    &kMalformedRequest,
    &kInvalidRequest,
    &kWeakPassword,
    &kMisdirected,
    &kRouteNotFound,
    &kMethodNotAllowed,
    &kRequestTimeout,
    &kPayloadTooLarge,
    &kUriTooLong,
    &kUnsupportedMediaType,
    &kHeadersTooLarge,
    &kInvalidCredentials,
    &kUnauthenticated,
    &kInvalidRefreshToken,
    &kForbidden,
    &kCrossSite,
    &kOutranked,
    &kPersonNeeded,
    &kSecretKeyInBrowser,
    &kNotFound,
    &kEmailTaken,
    &kAlreadyMember,
    &kLastOwner,
    &kSignUpClosed,
    &kWrongAddress,
    &kLinkInvalid,
    &kLinkDead,
    &kProofMissing,
    &kUnverifiedLimit,
    &kUnverifiedAddress,
    &kDomainNotAllowed,
    &kSlugTaken,
    &kRoleNameTaken,
    &kFixedRole,
    &kRoleInUse,
    &kPermissionTaken,
    &kTooMany,
    &kWrongState,
    &kSoleOwner,
    &kSharedDirectory,
    &kPreconditionFailed,
    &kIdempotencyInProgress,
    &kIdempotencyMismatch,
    &kIdempotencyAnswerLost,
    &kRateLimited,
    &kInternal,
    &kOverloaded,
};

}  // namespace gatehouse::base
