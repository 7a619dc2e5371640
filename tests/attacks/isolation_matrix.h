#pragma once

#include "http/route.h"
#include "tests/support/http_client.h"

#include <functional>
#include <string>
#include <vector>

namespace gatehouse::tests {

/// One value for each kind of id that a route may take; an empty cursor is left out of the request.
struct Ids {
  std::string organization, user, member, role;
  std::string members_cursor, invitations_cursor;
  std::string invitation_token, verify_token, reset_token, setup_token, refresh_token, change_token;
  std::string session;
};

/// A place in a request that takes an id.
using Slot = std::string Ids::*;

/// Who signs in with what, for the routes that take a password.
struct Credentials {
  std::string email;
  std::string password;
};

/// The cookie of a browser that has a name and no session: all of its forms to sign in with have the same token.
inline constexpr const char* kNamedBrowser = "gatehouse_form=00000000000000000000000000";

/// What the matrix knows of one row of the route table.
struct MatrixEntry {
  std::string route;  // see route_key()
  std::vector<Slot> slots;
  std::function<Call(const Ids&, const Credentials&)> call;
  int success = 200;
  /// An operator's right goes over all organizations here.
  bool operator_sees_all = false;
  /// The caller shows the cookie of a browser, and its forms carry the form token of that session.
  bool is_by_cookie = false;
};

/// "GET /accept-invite page"
std::string route_key(const http::Route& route);

/// In an order in which each can be tried by the rightful caller once: what takes rights away comes last.
std::vector<MatrixEntry> matrix_entries();

}  // namespace gatehouse::tests
