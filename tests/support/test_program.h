#pragma once

#include "app/program.h"
#include "base/clock.h"
#include "smtp/mailbox.h"
#include "tests/support/databases.h"
#include "tests/support/http_client.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace gatehouse::tests {

inline constexpr std::string_view kPublicUrl = "http://127.0.0.1:5000";
/// 2026-11-22T12:00:00Z
inline constexpr base::Time kStart{std::chrono::seconds{1795348800}};

/// Letters are told apart by their subjects.
namespace subject {
inline constexpr std::string_view kWelcome = "Confirm your email address";
inline constexpr std::string_view kAlreadyRegistered = "You already have an account";
inline constexpr std::string_view kAlert = "New sign-in to your account";
inline constexpr std::string_view kOperatorAlert = "New sign-in to your operator account";
inline constexpr std::string_view kSummary = "Many sign-ins to your account";
inline constexpr std::string_view kReset = "Reset your password";
inline constexpr std::string_view kPasswordChanged = "Your password was changed";
inline constexpr std::string_view kInvitation = "You are invited to join ";
inline constexpr std::string_view kJoined = " has joined ";
inline constexpr std::string_view kRoleChanged = "Your role in ";
inline constexpr std::string_view kRemoved = "You are no longer a member of ";
}  // namespace subject

/// Texts by the keys of the table of settings ("signup" → "closed").
using Settings = std::map<std::string, std::string>;

/// The whole program on free ports, with a fresh database, a clock that stands still and the cheapest hash there is.
/// Limits are off unless a setting says otherwise.
class TestProgram {
 public:
  /// `dev`: letters are caught in the mailbox and only loopback hosts are answered.
  explicit TestProgram(db::Dialect dialect, const Settings& settings = {}, bool dev = true);
  ~TestProgram();

  /// Ends the program and starts it again on the same database, with other settings. The clock goes on.
  void restart(const Settings& settings);

  /// Another node of the same cluster, with the same clock; ends before this does.
  std::unique_ptr<app::Program> start_node() const;

  /// Holds every exchange against the OpenAPI document that the program serves.
  HttpClient client() const { return HttpClient(program_->port(), contract_); }
  HttpClient management() const { return HttpClient(program_->management_port()); }
  app::Program& program() { return *program_; }
  const domain::Services& services() const { return program_->services(); }
  const support::TestDatabase& database() const { return database_; }
  base::Time now() const { return clock_.now(); }
  /// Changes rows past the operations: what nothing offers yet.
  void execute(const db::Statement& statement);
  /// Moves the clock and tells the jobs.
  void advance(base::Duration by);

  /// The oldest letter to that address, with that text in its subject, that was not taken before. Waits five seconds
  /// for one, then throws.
  smtp::Message take_letter(const std::string& to, std::string_view subject);
  /// Waits until no letter and no reset request wait for anything but time.
  void settle();
  /// Letters to that address that were not taken, newest first, once all is sent.
  std::vector<smtp::Message> untaken_letters(const std::string& to, std::string_view subject = {});
  /// All letters that were ever caught.
  std::size_t count_letters();

 private:
  void start(const Settings& settings);
  std::optional<smtp::Message> find_untaken(const std::string& to, std::string_view subject);

  support::TestDatabase database_;
  base::ManualClock clock_{kStart};
  std::filesystem::path directory_;
  Settings settings_;
  bool dev_;
  std::set<std::int64_t> taken_;
  std::unique_ptr<app::Program> program_;
  std::shared_ptr<const OpenApiValidator> contract_;
};

/// The token of the letter's only link, which must be the same in both parts and begin with the public URL.
std::string token_in(const smtp::Message& letter, std::string_view public_url = kPublicUrl);
/// The same for the parts of a letter, however it was received.
std::string token_in(const std::string& text, const std::string& html, std::string_view public_url);

/// Polls for at most five seconds. False when the condition never held.
bool eventually(const std::function<bool()>& condition);

}  // namespace gatehouse::tests
