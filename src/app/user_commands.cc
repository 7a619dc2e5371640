#include "app/tasks.h"
#include "domain/operator_users.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace gatehouse::app {

namespace {

using domain::Steward;

const std::vector<std::string_view> kColumns{"/id", "/email", "/status", "/directory", "/created_at"};

struct Words {
  std::string user, reason, q, status, directory;
  bool json = false;
};

store::UserId read_user(const domain::Services& services, const std::string& text) {
  if (text.find('@') == std::string::npos) return read_id<store::UserId>(text);
  return demand(domain::find_shared_user(services, Steward::at_command_line(), read_email(text)));
}

/// `act(services, input)` changes the user and returns what to print.
template <class Act>
void add_change(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help, Act act) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, name, help, words->json);
  command->add_option("USER", words->user, "The id, or the address of an account in the shared directory")->required();
  command->add_option("--reason", words->reason, "Why, for the audit log")->required();
  command->callback([&source, words, act] {
    run_task(source, [&](const domain::Services& services) {
      const domain::UserReasonInput input{read_user(services, words->user), words->reason};
      print(demand(act(services, input)), words->json);
    });
  });
}

/// What is printed for a change that has no answer of its own: the user as they are.
base::Result<domain::FoundUserView> user_after(const domain::Services& services, base::Result<void> done,
                                               store::UserId user) {
  if (!done) return tl::unexpected(std::move(done.error()));
  return TRY(domain::show_user(services, Steward::at_command_line(), {user})).user;
}

void add_list(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "list", "List all users but operators, oldest first", words->json);
  command->add_option("--q", words->q, "How the address begins");
  command->add_option("--status", words->status, "active or suspended")->check(CLI::IsMember({"active", "suspended"}));
  command->add_option("--directory", words->directory, "shared or isolated")
      ->check(CLI::IsMember({"shared", "isolated"}));
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      print_pages(words->json, kColumns, [&](const std::optional<std::string>& after) {
        return domain::search_users(
            services, Steward::at_command_line(),
            {given(words->q), given(words->status), given(words->directory), domain::kPageMost, after});
      });
    });
  });
}

void add_get(CLI::App& parent, ConfigSource& source) {
  const auto words = std::make_shared<Words>();
  CLI::App* command = add_task(parent, source, "get", "Show a user with memberships and sessions", words->json);
  command->add_option("USER", words->user, "The id, or the address of an account in the shared directory")->required();
  command->callback([&source, words] {
    run_task(source, [&](const domain::Services& services) {
      const auto id = read_user(services, words->user);
      print(demand(domain::show_user(services, Steward::at_command_line(), {id})), words->json);
    });
  });
}

}  // namespace

void add_user_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* user = app.add_subcommand("user", "See and manage the users of all tenants");
  user->require_subcommand(1);
  add_list(*user, source);
  add_get(*user, source);
  add_change(*user, source, "suspend", "Keep a user out and end their sessions",
             [](const domain::Services& services, const domain::UserReasonInput& input) {
               return domain::suspend_user(services, Steward::at_command_line(), input);
             });
  add_change(*user, source, "reinstate", "End a suspension",
             [](const domain::Services& services, const domain::UserReasonInput& input) {
               return domain::reinstate_user(services, Steward::at_command_line(), input);
             });
  add_change(*user, source, "sign-out", "End all sessions of a user",
             [](const domain::Services& services, const domain::UserReasonInput& input) {
               auto done = domain::sign_user_out(services, Steward::at_command_line(), input);
               return user_after(services, std::move(done), input.user);
             });
  add_change(*user, source, "reset-password", "Mail a user a link for a new password (a running server sends it)",
             [](const domain::Services& services, const domain::UserReasonInput& input) {
               auto done = domain::mail_password_reset(services, Steward::at_command_line(), input);
               return user_after(services, std::move(done), input.user);
             });
}

}  // namespace gatehouse::app
