#include "app/config.h"

#include "app/config_settings.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto kKey = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string name = (std::filesystem::temp_directory_path() / "gatehouse-config-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    source_.dev_directory = directory_ + "/var";
  }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }

  /// What production needs and no more.
  void set_production() {
    source_.environment = {{"GATEHOUSE_PUBLIC_URL", "https://auth.example.com"},
                           {"GATEHOUSE_ENCRYPTION_KEY", kKey},
                           {"GATEHOUSE_MAIL__SMTP_URL", "smtps://u:hunter2@mail.example.com"},
                           {"GATEHOUSE_MAIL__FROM", "Example <no-reply@example.com>"}};
  }
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  Config load() { return load_config(source_, ConfigUse::serve); }
  std::string problems(ConfigUse use = ConfigUse::serve) {
    try {
      load_config(source_, use);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }

  std::string directory_;
  ConfigSource source_;
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST_F(ConfigTest, EveryDefaultCanBeRead) {
  for (const Setting& row : settings()) {
    Config config;
    EXPECT_FALSE(row.read(row.default_text, config)) << row.key;
  }
}

TEST_F(ConfigTest, ProductionStartsWithPublicUrlKeyAndMail) {
  set_production();
  const Config config = load();
  EXPECT_FALSE(config.dev);
  EXPECT_EQ(config.listen.to_string(), "127.0.0.1:5000");
  EXPECT_EQ(config.management_listen->to_string(), "127.0.0.1:9090");
  EXPECT_EQ(config.public_url, "https://auth.example.com");
  EXPECT_EQ(config.audience, "https://auth.example.com");
  EXPECT_EQ(config.mail.from_name, "Example");
  EXPECT_EQ(config.mail.from.text, "no-reply@example.com");
  EXPECT_TRUE(config.limits.enabled);
  EXPECT_EQ(config.password.memory_kib, 19456);
  EXPECT_EQ(config.password.passes, 2);
  EXPECT_TRUE(base::contains(config.operators.networks, *base::IpAddress::parse("::1")));
  EXPECT_FALSE(base::contains(config.operators.networks, *base::IpAddress::parse("10.0.0.1")));
  EXPECT_THAT(config.trusted_proxies, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(source_.dev_directory)) << "production makes no key";
}

TEST_F(ConfigTest, ProductionNamesEverythingThatIsMissingAtOnce) {
  const std::string text = problems();
  EXPECT_THAT(text, HasSubstr("public_url is needed"));
  EXPECT_THAT(text, HasSubstr("encryption_key is needed; make one with: gatehouse keys generate"));
  EXPECT_THAT(text, HasSubstr("mail.smtp_url is needed"));
  EXPECT_THAT(text, HasSubstr("mail.from is needed"));
}

TEST_F(ConfigTest, ToolsNeedNoMailSettings) { EXPECT_EQ(problems(ConfigUse::tool), ""); }

TEST_F(ConfigTest, ProductionRunsWithoutMailWhenItIsSwitchedOff) {
  set_production();
  source_.environment.erase("GATEHOUSE_MAIL__SMTP_URL");
  source_.environment.erase("GATEHOUSE_MAIL__FROM");
  source_.environment["GATEHOUSE_MAIL__ENABLED"] = "false";
  EXPECT_FALSE(load().mail.enabled);
}

TEST_F(ConfigTest, PlainHttpIsForLoopbackHostsOnly) {
  set_production();
  source_.environment["GATEHOUSE_PUBLIC_URL"] = "http://auth.example.com";
  EXPECT_THAT(problems(), HasSubstr("public_url must begin with https://"));
  source_.environment["GATEHOUSE_PUBLIC_URL"] = "http://127.evil.example:5000";
  EXPECT_THAT(problems(), HasSubstr("public_url must begin with https://"));
  for (const auto* url :
       {"http://127.0.0.1:5000", "http://localhost", "http://auth.localhost:80", "http://[::1]:5000"}) {
    source_.environment["GATEHOUSE_PUBLIC_URL"] = url;
    EXPECT_EQ(problems(), "") << url;
  }
}

TEST_F(ConfigTest, LimitsAreOffOnLoopbackOnly) {
  set_production();
  source_.environment["GATEHOUSE_LIMITS__ENABLED"] = "false";
  EXPECT_THAT(problems(), HasSubstr("limits.enabled may be false only")) << "a public URL means a proxy in front";
  source_.environment["GATEHOUSE_PUBLIC_URL"] = "http://127.0.0.1:5000";
  EXPECT_FALSE(load().limits.enabled);
  source_.environment["GATEHOUSE_TRUSTED_PROXIES"] = "10.0.0.1";
  EXPECT_THAT(problems(), HasSubstr("limits.enabled may be false only"));
  source_.environment.erase("GATEHOUSE_TRUSTED_PROXIES");
  source_.environment["GATEHOUSE_LISTEN"] = "0.0.0.0:5000";
  EXPECT_THAT(problems(), HasSubstr("limits.enabled may be false only"));
}

TEST_F(ConfigTest, ProductionHashesPasswordsNoCheaperThanTheFloor) {
  set_production();
  source_.environment["GATEHOUSE_PASSWORD__MEMORY_KIB"] = "19455";
  source_.environment["GATEHOUSE_PASSWORD__PASSES"] = "1";
  EXPECT_THAT(problems(), HasSubstr("password.memory_kib must be at least 19456"));
  EXPECT_THAT(problems(), HasSubstr("password.passes must be at least 2"));
}

TEST_F(ConfigTest, DevNeedsNothingAndMakesItsKeyOnce) {
  source_.dev = true;
  const Config first = load();
  EXPECT_TRUE(first.dev);
  EXPECT_EQ(first.public_url, "http://127.0.0.1:5000");
  EXPECT_EQ(first.database_url.reveal(), "sqlite:./var/gatehouse.db");
  EXPECT_FALSE(first.mail.from.text.empty());
  EXPECT_EQ(mode_of(source_.dev_directory), 0700u);
  EXPECT_EQ(mode_of(source_.dev_directory + "/encryption.key"), 0600u);
  EXPECT_FALSE(first.encryption_key.empty());
  EXPECT_EQ(load().encryption_key.reveal(), first.encryption_key.reveal());
}

TEST_F(ConfigTest, DevPublicUrlFollowsListen) {
  source_.dev = true;
  source_.flags = {{"listen", "[::1]:5123"}};
  EXPECT_EQ(load().public_url, "http://[::1]:5123");
}

TEST_F(ConfigTest, DevKeyIsOneForAllThatStartAtOnce) {
  source_.dev = true;
  std::array<std::string, 8> keys;
  {
    std::vector<std::jthread> threads;
    for (std::string& key : keys) {
      threads.emplace_back([this, &key] {
        try {
          key = load().encryption_key.reveal();
        } catch (const ConfigError& error) {
          key = error.what();
        }
      });
    }
  }
  const std::string kept = std::string(load().encryption_key.reveal());
  for (const std::string& key : keys) EXPECT_EQ(key, kept);
}

TEST_F(ConfigTest, DevMakesTheDirectoryOfItsDatabaseAlsoWhenAKeyIsGiven) {
  source_.dev = true;
  source_.environment["GATEHOUSE_ENCRYPTION_KEY"] = kKey;
  load();
  EXPECT_EQ(mode_of(source_.dev_directory), 0700u);
  EXPECT_FALSE(std::filesystem::exists(source_.dev_directory + "/encryption.key"));
}

TEST_F(ConfigTest, DevRefusesToBeReachedFromOutside) {
  source_.dev = true;
  source_.flags = {{"listen", "0.0.0.0:5000"}, {"management_listen", "[::]:9090"}};
  EXPECT_THAT(problems(), HasSubstr("listen must be a loopback address under --dev, not 0.0.0.0:5000"));
  EXPECT_THAT(problems(), HasSubstr("management_listen must be a loopback address under --dev"));
  EXPECT_FALSE(std::filesystem::exists(source_.dev_directory)) << "nothing is made for a start that is refused";
}

TEST_F(ConfigTest, FileIsWeakerThanEnvironmentIsWeakerThanFlags) {
  set_production();
  source_.file = write("gatehouse.toml",
                       "listen = '127.0.0.1:1'\nsignup = 'closed'\ncors_origins = ['https://A.example:443', "
                       "'http://localhost:5173']\n[http]\nthreads = 3\n[mail]\nenabled = true\n");
  EXPECT_EQ(load().listen.port, 1);
  source_.environment["GATEHOUSE_LISTEN"] = "127.0.0.1:2";
  EXPECT_EQ(load().listen.port, 2);
  source_.flags = {{"listen", "127.0.0.1:3"}};
  const Config config = load();
  EXPECT_EQ(config.listen.port, 3);
  EXPECT_EQ(config.sign_up, SignUp::closed);
  EXPECT_EQ(config.http.threads, 3);
  EXPECT_THAT(config.cors_origins, testing::ElementsAre("https://a.example", "http://localhost:5173"));
}

TEST_F(ConfigTest, EnvironmentNamesTheFile) {
  set_production();
  source_.environment["GATEHOUSE_CONFIG"] = write("a.toml", "listen = '127.0.0.1:7'\n");
  EXPECT_EQ(load().listen.port, 7);
}

TEST_F(ConfigTest, SectionsAreSeparatedByTwoUnderscores) {
  set_production();
  source_.environment["GATEHOUSE_LOG__LEVEL"] = "debug";
  source_.environment["GATEHOUSE_SIGNING__ALGORITHM"] = "EdDSA";
  source_.environment["GATEHOUSE_TRUSTED_PROXIES"] = "10.0.0.0/8, ::1";
  const Config config = load();
  EXPECT_EQ(config.log.level, base::log::Level::debug);
  EXPECT_EQ(config.signing.algorithm, crypto::Algorithm::eddsa);
  EXPECT_EQ(config.trusted_proxies.size(), 2u);
}

TEST_F(ConfigTest, UnknownSettingsStopTheStartWithAGuess) {
  set_production();
  source_.file = write("gatehouse.toml", "[mail]\nsmtp_ulr = 'x'\n");
  source_.environment["GATEHOUSE_LISTNE"] = "127.0.0.1:1";
  source_.environment["GATEHOUSE_MAIL_FROM"] = "a@example.com";
  const std::string text = problems();
  EXPECT_THAT(text, HasSubstr("mail.smtp_ulr is no setting (" + source_.file + ":2); did you mean mail.smtp_url?"));
  EXPECT_THAT(text, HasSubstr("GATEHOUSE_LISTNE is no setting; did you mean GATEHOUSE_LISTEN?"));
  EXPECT_THAT(text, HasSubstr("GATEHOUSE_MAIL_FROM is no setting; did you mean GATEHOUSE_MAIL__FROM?"));
}

TEST_F(ConfigTest, VariablesOfTestsAreNoSettings) {
  set_production();
  source_.environment["GATEHOUSE_TEST_POSTGRESQL_URL"] = "x";
  source_.environment["GATEHOUSE_GOLDEN"] = "write";
  source_.environment["HOME"] = "/nowhere";
  EXPECT_EQ(problems(), "");
}

TEST_F(ConfigTest, DevIsAFlagOnly) {
  set_production();
  source_.environment["GATEHOUSE_DEV"] = "true";
  source_.file = write("gatehouse.toml", "dev = true\n");
  EXPECT_THAT(problems(), HasSubstr("GATEHOUSE_DEV is no setting"));
  EXPECT_THAT(problems(), HasSubstr("dev is no setting"));
}

TEST_F(ConfigTest, FileValuesNeedTheirTomlType) {
  set_production();
  source_.file =
      write("gatehouse.toml", "trusted_proxies = '::1'\n[limits]\nenabled = 'false'\n[http]\nthreads = 1979-05-27\n");
  const std::string text = problems();
  EXPECT_THAT(text, HasSubstr("limits.enabled has the wrong type"));
  EXPECT_THAT(text, HasSubstr("trusted_proxies has the wrong type"));
  EXPECT_THAT(text, HasSubstr("http.threads has a type that no setting has"));
}

TEST_F(ConfigTest, BrokenTomlIsNamedByPlaceAndNeverQuoted) {
  set_production();
  source_.file = write("gatehouse.toml", "listen = '127.0.0.1:1'\nencryption_key = hunter2\n");
  EXPECT_THAT(problems(), HasSubstr("is no valid TOML at line 2"));
  EXPECT_THAT(problems(), Not(HasSubstr("hunter2")));
}

TEST_F(ConfigTest, MissingFileIsNamed) {
  set_production();
  source_.file = directory_ + "/none.toml";
  EXPECT_THAT(problems(), HasSubstr("none.toml can't be read: No such file"));
}

TEST_F(ConfigTest, SecretsAreReadFromFiles) {
  set_production();
  source_.environment.erase("GATEHOUSE_ENCRYPTION_KEY");
  source_.environment["GATEHOUSE_ENCRYPTION_KEY_FILE"] = write("key", std::string(kKey) + "\n");
  source_.environment.erase("GATEHOUSE_MAIL__SMTP_URL");
  source_.file =
      write("gatehouse.toml", "[mail]\nsmtp_url_file = '" + write("smtp", "smtp://u:p@mail.example.com") + "'\n");
  source_.flags = {{"database_url_file", write("db", "postgresql://u:p@db.example.com/g\r\n", 0640)}};
  const Config config = load();
  EXPECT_EQ(config.encryption_key.reveal(), kKey);
  EXPECT_EQ(config.mail.smtp_url.reveal(), "smtp://u:p@mail.example.com");
  EXPECT_EQ(config.database_url.reveal(), "postgresql://u:p@db.example.com/g");
}

TEST_F(ConfigTest, SecretFilesOpenToAllAreRefusedInProductionOnly) {
  set_production();
  source_.environment.erase("GATEHOUSE_ENCRYPTION_KEY");
  source_.environment["GATEHOUSE_ENCRYPTION_KEY_FILE"] = write("key", kKey, 0644);
  EXPECT_THAT(problems(), HasSubstr("every user of this machine can read or write"));
  EXPECT_THAT(problems(), Not(HasSubstr("AAECAwQF")));
  source_.dev = true;
  EXPECT_EQ(problems(), "");
}

TEST_F(ConfigTest, ConfigurationFileWithSecretsMustBePrivateInProduction) {
  set_production();
  source_.environment.erase("GATEHOUSE_ENCRYPTION_KEY");
  const std::string text = "encryption_key = '" + std::string(kKey) + "'\ndatabase_url = 'postgresql://u:p@h/d'\n";
  source_.file = write("gatehouse.toml", text, 0604);
  EXPECT_THAT(problems(), HasSubstr("encryption_key stands in a file that every user can read"));
  EXPECT_THAT(problems(), HasSubstr("database_url stands in a file that every user can read"));
  source_.file = write("private.toml", text, 0640);
  EXPECT_EQ(problems(), "");
}

TEST_F(ConfigTest, ValueAndItsFileTogetherAreAnError) {
  set_production();
  source_.environment["GATEHOUSE_ENCRYPTION_KEY_FILE"] = write("key", kKey);
  EXPECT_THAT(problems(),
              HasSubstr("is set by both GATEHOUSE_ENCRYPTION_KEY and GATEHOUSE_ENCRYPTION_KEY_FILE; remove one"));
}

TEST_F(ConfigTest, MissingSecretFileIsNamed) {
  set_production();
  source_.environment.erase("GATEHOUSE_ENCRYPTION_KEY");
  source_.environment["GATEHOUSE_ENCRYPTION_KEY_FILE"] = directory_ + "/none";
  EXPECT_THAT(problems(),
              HasSubstr("encryption_key names a file by GATEHOUSE_ENCRYPTION_KEY_FILE, which can't be read"));
}

TEST_F(ConfigTest, OpenSettingsTakeNoFile) {
  set_production();
  source_.environment["GATEHOUSE_LISTEN_FILE"] = "/etc/hostname";
  EXPECT_THAT(problems(), HasSubstr("GATEHOUSE_LISTEN_FILE is no setting"));
}

TEST_F(ConfigTest, PasswordsInArgumentsAreRefused) {
  set_production();
  source_.flags = {{"database_url", "postgresql://u:hunter2@h/d"}};
  EXPECT_THAT(problems(), HasSubstr("database_url must not be given by --database-url"));
  EXPECT_THAT(problems(), Not(HasSubstr("hunter2")));
  source_.flags = {{"database_url", "sqlite:/tmp/x.db"}};
  EXPECT_EQ(problems(), "");
}

TEST_F(ConfigTest, ProblemsNeverHoldSecrets) {
  set_production();
  source_.environment["GATEHOUSE_ENCRYPTION_KEY"] = "1:c2VjcmV0";
  source_.environment["GATEHOUSE_MAIL__SMTP_URL"] = "http://u:hunter2@mail.example.com";
  source_.environment["GATEHOUSE_DATABASE_URL"] = "mysql://u:hunter2@h/d";
  const std::string text = problems();
  EXPECT_THAT(text, HasSubstr("encryption_key can't be used"));
  EXPECT_THAT(text, HasSubstr("mail.smtp_url "));
  EXPECT_THAT(text, HasSubstr("database_url must begin with sqlite:"));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("c2VjcmV0")));
}

TEST_F(ConfigTest, ASettingThatCantBeReadIsNamedOnce) {
  set_production();
  source_.environment["GATEHOUSE_PUBLIC_URL"] = "auth.example.com";
  const std::string text = problems();
  EXPECT_THAT(text, HasSubstr("public_url is \"auth.example.com\" but must be"));
  EXPECT_THAT(text, HasSubstr("(from GATEHOUSE_PUBLIC_URL)"));
  EXPECT_THAT(text, Not(HasSubstr("public_url is needed")));
}

TEST_F(ConfigTest, ManagementListenerCanBeOff) {
  set_production();
  source_.environment["GATEHOUSE_MANAGEMENT_LISTEN"] = "off";
  EXPECT_FALSE(load().management_listen.has_value());
}

}  // namespace
}  // namespace gatehouse::app
