#pragma once

#include "base/result.h"
#include "domain/browser_session.h"
#include "domain/caller.h"
#include "domain/founding.h"
#include "domain/services.h"
#include "domain/views.h"
#include "text/catalogue.h"

namespace gatehouse::domain {

struct SignUpInput {
  base::EmailAddress email;
  base::Secret password;
  std::string organization_name;
  std::optional<std::string> role_name;
  std::optional<std::string> directory;
  std::optional<std::string> name;
  std::optional<std::string> language;

  static constexpr std::string_view kSchemaName = "SignUpRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("email", &SignUpInput::email).example("ada@acme.example"),
        wire::field("password", &SignUpInput::password).length(8, 256).example("seven kettles on a raft"),
        wire::field("organization_name", &SignUpInput::organization_name).length(1, 100).example("Acme"),
        wire::field("role_name", &SignUpInput::role_name)
            .length(1, 40)
            .says("What the founder's owner role is called; \"owner\" when it is absent."),
        wire::field("directory", &SignUpInput::directory)
            .one_of(kDirectoryKinds)
            .says("isolated: the organization gets a directory of its own, in which the same address is an unrelated "
                  "account. Sign-in and reset then name the organization. shared when it is absent."),
        wire::field("name", &SignUpInput::name).length(1, 100).says("The founder's full name.").example("Ada Lovelace"),
        wire::field("language", &SignUpInput::language)
            .one_of(text::kLanguageTags)
            .says("The founder's language, of letters and pages."));
  }
};

struct SignUpOutput {
  std::string message;
  UserView user;
  OrganizationView organization;
  MemberView member;
  std::vector<RoleView> roles;

  static constexpr std::string_view kSchemaName = "SignUpAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &SignUpOutput::message), wire::field("user", &SignUpOutput::user),
                        wire::field("organization", &SignUpOutput::organization),
                        wire::field("member", &SignUpOutput::member), wire::field("roles", &SignUpOutput::roles));
  }
};

/// Makes an account, an organization with its three roles, and the founder's membership, and mails a link to confirm
/// the address. The address may have accounts in other directories. Refuses: kSignUpClosed, kInvalidRequest,
/// kWeakPassword, kEmailTaken, kRateLimited.
base::Result<SignUpOutput> sign_up(const Services& services, const Anyone& caller, const SignUpInput& input);

/// The same for a browser, which is signed in with that: the password has just been chosen there.
base::Result<BrowserSession> sign_up_browser(const Services& services, const Anyone& caller, const SignUpInput& input);

}  // namespace gatehouse::domain
