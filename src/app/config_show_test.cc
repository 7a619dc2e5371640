#include "app/config_show.h"

#include "app/config_flags.h"
#include "app/config_settings.h"
#include "base/text.h"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <toml++/toml.h>

namespace gatehouse::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string uncommented(const std::string& text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    const bool is_default = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    out += std::string(is_default ? line.substr(1) : line) + "\n";
  }
  return out;
}

TEST(ConfigShow, TemplateWithoutCommentSignsIsTheDefaults) {
  const toml::table table = toml::parse(uncommented(config_template()));
  for (const Setting& row : settings()) {
    const auto node = table.at_path(row.key);
    ASSERT_TRUE(node) << row.key;
    if (row.type == SettingType::text) {
      EXPECT_EQ(node.value<std::string>(), row.default_text) << row.key;
    }
    EXPECT_EQ(node.is_string(), row.type == SettingType::text) << row.key;
    EXPECT_EQ(node.is_integer(), row.type == SettingType::number) << row.key;
    EXPECT_EQ(node.is_boolean(), row.type == SettingType::boolean) << row.key;
    EXPECT_EQ(node.is_array(), row.type == SettingType::list) << row.key;
  }
}

TEST(ConfigShow, TemplateAsItIsSetsNothing) {
  const toml::table table = toml::parse(config_template());
  for (const auto& [name, node] : table) EXPECT_TRUE(node.is_table() && node.as_table()->empty()) << name.str();
}

TEST(ConfigShow, ShowsOriginsAndMasksSecrets) {
  ConfigSource source;
  source.environment = {{"GATEHOUSE_ENCRYPTION_KEY", "1:hunter2"},
                        {"GATEHOUSE_MAIL__SMTP_URL", "smtp://u:hunter2@h"},
                        {"GATEHOUSE_DATABASE_URL", "postgresql://u:hunter2@h/d"},
                        {"GATEHOUSE_OPERATOR__NETWORKS", "10.0.0.0/8, ::1"},
                        {"GATEHOUSE_APP_URL", "a\x1b[31m\"b"}};
  source.flags = {{"listen", "127.0.0.1:1"}};
  const std::string text = show_config(source, true);
  EXPECT_THAT(text, HasSubstr("listen = \"127.0.0.1:1\"  # --listen\n"));
  EXPECT_THAT(text, HasSubstr("encryption_key = \"***\"  # GATEHOUSE_ENCRYPTION_KEY\n"));
  EXPECT_THAT(text, HasSubstr("mail.smtp_url = \"smtp://u:***@h\"  # GATEHOUSE_MAIL__SMTP_URL\n"));
  EXPECT_THAT(text, HasSubstr("database_url = \"postgresql://u:***@h/d\"  # GATEHOUSE_DATABASE_URL\n"));
  EXPECT_THAT(text, HasSubstr("operator.networks = [\"10.0.0.0/8\", \"::1\"]"));
  EXPECT_THAT(text, HasSubstr("log.level = \"info\"  # default\n"));
  EXPECT_THAT(text, HasSubstr("app_url = \"a?[31m\\\"b\""));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(show_config(source, false), Not(HasSubstr("#")));
}

TEST(ConfigFlags, EverySettingButSecretsHasAFlag) {
  CLI::App command;
  ConfigSource source;
  add_config_flags(command, source);
  command.parse("--dev --config x.toml --mail-from a@example.com --encryption-key-file key --limits-enabled false");
  EXPECT_TRUE(source.dev);
  EXPECT_EQ(source.file, "x.toml");
  EXPECT_THAT(source.flags, testing::UnorderedElementsAre(testing::Pair("mail.from", "a@example.com"),
                                                          testing::Pair("encryption_key_file", "key"),
                                                          testing::Pair("limits.enabled", "false")));
  for (const Setting& row : settings()) {
    EXPECT_EQ(command.get_option_no_throw(row.flag()) != nullptr, row.secrecy != Secrecy::secret) << row.flag();
  }
}

}  // namespace
}  // namespace gatehouse::app
