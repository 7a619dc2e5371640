#include "app/config_settings.h"

#include <algorithm>
#include <array>

namespace gatehouse::app {

namespace {

using Text = std::string_view;
constexpr SettingType kText = SettingType::text;
constexpr SettingType kNumber = SettingType::number;
constexpr SettingType kBoolean = SettingType::boolean;
constexpr SettingType kList = SettingType::list;
constexpr Secrecy kOpen = Secrecy::open;

ValueProblem read_audience(Text text, Config& config) {
  config.audience = text;
  return std::nullopt;
}

ValueProblem read_ca_file(Text text, Config& config) {
  config.mail.ca_file = text;
  return std::nullopt;
}

ValueProblem read_algorithm(Text text, Config& config) {
  using crypto::Algorithm;
  return read_choice<Algorithm>(text,
                                {{"ES256", Algorithm::es256}, {"EdDSA", Algorithm::eddsa}, {"RS256", Algorithm::rs256}},
                                config.signing.algorithm);
}

ValueProblem read_log_format(Text text, Config& config) {
  using base::log::Format;
  return read_choice<std::optional<Format>>(
      text, {{"auto", std::nullopt}, {"json", Format::json}, {"text", Format::text}}, config.log.format);
}

ValueProblem read_log_level(Text text, Config& config) {
  using base::log::Level;
  return read_choice<Level>(
      text, {{"debug", Level::debug}, {"info", Level::info}, {"warning", Level::warning}, {"error", Level::error}},
      config.log.level);
}

ValueProblem read_sign_up(Text text, Config& config) {
  return read_choice<SignUp>(text, {{"open", SignUp::open}, {"closed", SignUp::closed}}, config.sign_up);
}

ValueProblem read_sign_in_alert(Text text, Config& config) {
  return read_choice<SignInAlert>(
      text, {{"always", SignInAlert::always}, {"new_device", SignInAlert::new_device}, {"never", SignInAlert::never}},
      config.sign_in_alert);
}

ValueProblem read_who_may_invite(Text text, Config& config) {
  using domain::WhoMayInvite;
  return read_choice<WhoMayInvite>(
      text, {{"owners", WhoMayInvite::owners}, {"admins", WhoMayInvite::admins}, {"members", WhoMayInvite::members}},
      config.policy.who_may_invite);
}

constexpr int kYear = 365 * 24 * 3600;

constexpr std::array kSettings{
    Setting{"listen", kText, kOpen, "127.0.0.1:5000", "Address and port of the service.",
            [](Text text, Config& config) { return read_endpoint(text, config.listen); }},
    Setting{"management_listen", kText, kOpen, "127.0.0.1:9090",
            "Address and port of /livez, /readyz and /metrics, or off.",
            [](Text text, Config& config) { return read_optional_endpoint(text, config.management_listen); }},
    Setting{
        "public_url", kText, kOpen, "",
        "Where people reach the service, such as https://auth.example.com: links in letters and the issuer of tokens.",
        [](Text text, Config& config) { return read_origin(text, config.public_url); }},
    Setting{"app_url", kText, kOpen, "", "Where \"Continue\" leads after a page.",
            [](Text text, Config& config) { return read_web_url(text, config.app_url); }},
    Setting{"audience", kText, kOpen, "", "The aud of access tokens; the public URL when it is not set.",
            read_audience},
    Setting{"database_url", kText, Secrecy::url, "sqlite:./var/gatehouse.db",
            "sqlite:PATH, or postgresql://USER:PASSWORD@HOST/DATABASE.",
            [](Text text, Config& config) { return read_database_url(text, config.database_url); }},
    Setting{"encryption_key", kText, Secrecy::secret, "",
            "id:base64 of 32 random bytes; a list by commas, of which the first one writes and all read.",
            [](Text text, Config& config) { return read_encryption_key(text, config.encryption_key); }},
    Setting{"trusted_proxies", kList, kOpen, "",
            "Networks of the reverse proxies whose forwarding headers are believed.",
            [](Text text, Config& config) { return read_networks(text, config.trusted_proxies); }},
    Setting{"cors_origins", kList, kOpen, "",
            "Origins whose scripts may call the API, such as https://app.example.com.",
            [](Text text, Config& config) { return read_origins(text, config.cors_origins); }},
    Setting{"signup", kText, kOpen, "open", "Who may sign up: open (everyone) or closed (the invited only).",
            read_sign_up},
    Setting{"sign_in_alert", kText, kOpen, "always", "When a letter tells of a sign-in: always, new_device or never.",
            read_sign_in_alert},

    Setting{"policy.password_minimum", kNumber, kOpen, "8",
            "Characters of a new password at least, 8 to 64; an organization may ask for more.",
            [](Text text, Config& config) { return read_number(text, 8, 64, config.policy.password_minimum); }},
    Setting{
        "policy.session_idle_seconds", kNumber, kOpen, "2592000",
        "Time after its last refresh when a session ends; an organization may ask for less.",
        [](Text text, Config& config) { return read_number(text, 300, kYear, config.policy.session_idle_seconds); }},
    Setting{"policy.session_absolute_seconds", kNumber, kOpen, "7776000",
            "Time after sign-in when a session ends; an organization may ask for less.",
            [](Text text, Config& config) {
              return read_number(text, 300, kYear, config.policy.session_absolute_seconds);
            }},
    Setting{"policy.who_may_invite", kText, kOpen, "members",
            "Who may invite at most: owners, admins or members; an organization may narrow it.", read_who_may_invite},

    Setting{"mail.enabled", kBoolean, kOpen, "true", "Whether letters are sent.",
            [](Text text, Config& config) { return read_boolean(text, config.mail.enabled); }},
    Setting{"mail.smtp_url", kText, Secrecy::url, "", "smtps://USER:PASSWORD@HOST:465, or smtp://… with STARTTLS.",
            [](Text text, Config& config) { return read_smtp_url(text, config.mail.smtp_url); }},
    Setting{"mail.ca_file", kText, kOpen, "",
            "PEM file of the authorities trusted for the mail server; the system's when it is not set.", read_ca_file},
    Setting{"mail.from", kText, kOpen, "", "Sender of letters, such as Example <no-reply@example.com>.",
            [](Text text, Config& config) { return read_sender(text, config.mail.from_name, config.mail.from); }},

    Setting{"limits.enabled", kBoolean, kOpen, "true",
            "Limits against guessing and flooding; false works on loopback only.",
            [](Text text, Config& config) { return read_boolean(text, config.limits.enabled); }},
    Setting{
        "limits.requests_per_minute", kNumber, kOpen, "6000",
        "Requests that one session or API key may make in a minute, on each node.",
        [](Text text, Config& config) { return read_number(text, 60, 10'000'000, config.limits.requests_per_minute); }},

    Setting{"operator.networks", kList, kOpen, "127.0.0.0/8,::1", "Networks from which operators sign in.",
            [](Text text, Config& config) { return read_networks(text, config.operators.networks); }},

    Setting{"signing.algorithm", kText, kOpen, "ES256", "Signature of access tokens: ES256, EdDSA or RS256.",
            read_algorithm},

    Setting{"log.format", kText, kOpen, "auto", "json, text, or auto: text on a terminal, JSON elsewhere.",
            read_log_format},
    Setting{"log.level", kText, kOpen, "info", "The least that is logged: debug, info, warning or error.",
            read_log_level},

    Setting{"password.memory_kib", kNumber, kOpen, "19456", "Memory of one password hash (Argon2id) in KiB.",
            [](Text text, Config& config) { return read_number(text, 8, 4 << 20, config.password.memory_kib); }},
    Setting{"password.passes", kNumber, kOpen, "2", "Passes of one password hash over its memory.",
            [](Text text, Config& config) { return read_number(text, 1, 100, config.password.passes); }},

    Setting{"http.threads", kNumber, kOpen, "0", "Threads that read and write connections; 0 for one a core.",
            [](Text text, Config& config) { return read_number(text, 0, 1024, config.http.threads); }},
    Setting{"http.connections", kNumber, kOpen, "10000", "Open connections at most.",
            [](Text text, Config& config) { return read_number(text, 1, 1'000'000, config.http.connections); }},
    Setting{"http.header_bytes", kNumber, kOpen, "16384", "Size of the header of a request at most.",
            [](Text text, Config& config) { return read_number(text, 1024, 1 << 20, config.http.header_bytes); }},
    Setting{"http.header_timeout_seconds", kNumber, kOpen, "10", "Time in which a header must arrive.",
            [](Text text, Config& config) { return read_number(text, 1, 3600, config.http.header_timeout_seconds); }},
    Setting{"http.body_timeout_seconds", kNumber, kOpen, "30", "Time in which a body must arrive.",
            [](Text text, Config& config) { return read_number(text, 1, 3600, config.http.body_timeout_seconds); }},
    Setting{"http.idle_timeout_seconds", kNumber, kOpen, "60", "Time that a connection may wait between requests.",
            [](Text text, Config& config) { return read_number(text, 1, 3600, config.http.idle_timeout_seconds); }},

    Setting{"database.connections", kNumber, kOpen, "16",
            "Connections to the database at most. Three quarters as many requests work with it at a time.",
            [](Text text, Config& config) { return read_number(text, 1, 1000, config.database.connections); }},
};

std::string with_replaced(std::string_view key, std::string_view dot, char underscore) {
  std::string out;
  for (const char character : key) {
    if (character == '.') {
      out += dot;
    } else {
      out += character == '_' ? underscore : character;
    }
  }
  return out;
}

}  // namespace

std::string Setting::variable() const {
  std::string name = with_replaced(key, "__", '_');
  std::transform(name.begin(), name.end(), name.begin(), [](char character) {
    return character >= 'a' && character <= 'z' ? char(character - 'a' + 'A') : character;
  });
  return "GATEHOUSE_" + name;
}

std::string Setting::flag() const { return "--" + with_replaced(key, "-", '-'); }

std::span<const Setting> settings() { return kSettings; }

const Setting* find_setting(std::string_view key) {
  const auto found =
      std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& row) { return row.key == key; });
  return found == kSettings.end() ? nullptr : &*found;
}

}  // namespace gatehouse::app
