#include "tests/support/test_program.h"

#include "app/config.h"
#include "app/config_settings.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/keys.h"
#include "store/letters.h"
#include "store/reset_requests.h"
#include "tests/support/openapi_validator.h"

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace gatehouse::tests {

namespace {

// The least that Argon2 of libsodium takes.
constexpr crypto::PasswordCost kCheapest{8 * 1024, 1};

std::filesystem::path make_directory() {
  std::string name = std::filesystem::temp_directory_path() / "gatehouse_program_XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory can be made");
  return name;
}

bool matches(const smtp::Message& letter, const std::string& to, std::string_view subject) {
  return letter.to.text == to && letter.subject.find(subject) != std::string::npos;
}

}  // namespace

TestProgram::TestProgram(db::Dialect dialect, const Settings& settings, bool dev)
    : database_(dialect), directory_(make_directory()), dev_(dev) {
  settings_ = {{"listen", "127.0.0.1:0"},
               {"management_listen", "127.0.0.1:0"},
               {"public_url", std::string(kPublicUrl)},
               {"database_url", database_.url},
               {"encryption_key", std::string(crypto::EncryptionKeys::generate().reveal())},
               {"limits.enabled", "false"},
               {"mail.from", "Gatehouse <no-reply@gatehouse.example>"},
               {"log.level", "warning"}};
  start(settings);
}

TestProgram::~TestProgram() {
  program_.reset();
  std::filesystem::remove_all(directory_);
}

void TestProgram::start(const Settings& settings) {
  for (const auto& [key, text] : settings) settings_[key] = text;
  program_ = start_node();
  contract_ = std::make_shared<OpenApiValidator>(HttpClient(program_->port()).get("/openapi.json").body);
}

std::unique_ptr<app::Program> TestProgram::start_node() const {
  app::ConfigSource source;
  source.dev = dev_;
  source.dev_directory = directory_;
  for (const auto& [key, text] : settings_) {
    const app::Setting* setting = app::find_setting(key);
    if (setting == nullptr) throw std::runtime_error("there is no setting " + key);
    source.environment[setting->variable()] = text;
  }
  // As a tool reads it: some stories need what would not be safe to serve, such as limits off behind a proxy.
  const app::Config config = app::load_config(source, app::ConfigUse::tool);
  base::log::configure(config.log.level, config.log.format.value_or(base::log::Format::text));
  auto node = std::make_unique<app::Program>(config, app::ProgramParts{&clock_, kCheapest});
  node->start();
  return node;
}

void TestProgram::restart(const Settings& settings) {
  program_.reset();
  taken_.clear();
  start(settings);
}

void TestProgram::execute(const db::Statement& statement) {
  const auto done = services().database.write([&](db::Transaction& tx) -> base::Result<void> {
    tx.execute(statement);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

void TestProgram::advance(base::Duration by) {
  clock_.advance(by);
  services().wake_jobs();
}

std::optional<smtp::Message> TestProgram::find_untaken(const std::string& to, std::string_view subject) {
  const auto letters = program_->mailbox().list();
  for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) {
    if (taken_.contains(letter->number) || !matches(letter->message, to, subject)) continue;
    taken_.insert(letter->number);
    return letter->message;
  }
  return std::nullopt;
}

smtp::Message TestProgram::take_letter(const std::string& to, std::string_view subject) {
  std::optional<smtp::Message> letter;
  if (!eventually([&] { return (letter = find_untaken(to, subject)).has_value(); })) {
    throw std::runtime_error("no letter \"" + std::string(subject) + "\" came to " + to);
  }
  return *letter;
}

void TestProgram::settle() {
  const bool settled = eventually([&] {
    return services().database.read([](db::Transaction& tx) {
      return store::outbox_depth(tx).queued == 0 && store::list_reset_requests(tx, 1).empty();
    });
  });
  if (!settled) throw std::runtime_error("letters or reset requests still wait");
}

std::vector<smtp::Message> TestProgram::untaken_letters(const std::string& to, std::string_view subject) {
  settle();
  std::vector<smtp::Message> letters;
  for (const smtp::CaughtMessage& letter : program_->mailbox().list()) {
    if (!taken_.contains(letter.number) && matches(letter.message, to, subject)) letters.push_back(letter.message);
  }
  return letters;
}

std::size_t TestProgram::count_letters() {
  settle();
  return program_->mailbox().list().size();
}

std::string token_in(const smtp::Message& letter, std::string_view public_url) {
  return token_in(letter.text, letter.html, public_url);
}

std::string token_in(const std::string& text, const std::string& html, std::string_view public_url) {
  constexpr std::string_view kName = "?token=";
  const auto name = text.find(kName);
  if (name == std::string::npos) throw std::runtime_error("no link with a token in: " + text);
  const auto begin = text.find_last_of(" \n", name) + 1;
  const auto end = text.find_first_of(" \r\n", name);
  const std::string link = text.substr(begin, end - begin);
  if (!link.starts_with(std::string(public_url) + "/")) throw std::runtime_error("the link is not ours: " + link);
  if (text.find(kName, end) != std::string::npos) throw std::runtime_error("a second link in: " + text);
  if (html.find("href=\"" + base::escape_html(link) + "\"") == std::string::npos) {
    throw std::runtime_error("the HTML part does not hold the link " + link);
  }
  return link.substr(link.find(kName) + kName.size());
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace gatehouse::tests
