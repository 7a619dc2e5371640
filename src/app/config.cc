#include "app/config.h"

#include "app/config_dev.h"
#include "app/config_layers.h"
#include "app/config_show.h"

#include <algorithm>
#include <system_error>
#include <unistd.h>

namespace gatehouse::app {

namespace {

std::string join(const std::vector<ConfigProblem>& problems) {
  std::string text;
  for (const ConfigProblem& problem : problems)
    text += (text.empty() ? "" : "\n") + problem.setting + " " + problem.text;
  return text;
}

void read_settings(const LayeredSettings& layers, Config& config, std::vector<ConfigProblem>& problems) {
  for (const Setting& row : settings()) {
    const SettingText& setting = layers.texts.find(row.key)->second;
    const auto problem = row.read(setting.text.reveal(), config);
    if (!problem) continue;
    const std::string shown =
        row.secrecy == Secrecy::open ? "is \"" + std::string(setting.text.reveal()) + "\" but " : "";
    problems.push_back({std::string(row.key), shown + *problem + " (from " + setting.origin + ")"});
  }
}

/// Rules about a setting that could not be read would only confuse.
void add_unless_known(std::vector<ConfigProblem> more, std::vector<ConfigProblem>& problems) {
  std::erase_if(more, [&](const ConfigProblem& problem) {
    return std::any_of(problems.begin(), problems.end(),
                       [&](const auto& known) { return known.setting == problem.setting; });
  });
  problems.insert(problems.end(), more.begin(), more.end());
}

}  // namespace

std::string Endpoint::to_string() const {
  const std::string text = address.to_string();
  return (address.is_v4() ? text : "[" + text + "]") + ":" + std::to_string(port);
}

std::map<std::string, std::string> gatehouse_environment() {
  std::map<std::string, std::string> out;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !text.starts_with("GATEHOUSE_")) continue;
    out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

ConfigError::ConfigError(std::vector<ConfigProblem> problems)
    : std::runtime_error(join(problems)), problems_(std::move(problems)) {}

Config load_config(const ConfigSource& source, ConfigUse use) {
  Config config;
  config.dev = source.dev;
  LayeredSettings layers = read_layers(source);
  std::vector<ConfigProblem> problems = std::move(layers.problems);
  read_settings(layers, config, problems);
  if (use == ConfigUse::serve) add_unless_known(validate(config), problems);
  if (problems.empty() && config.dev) {
    try {
      // The default database is in it too, also when a key was given.
      ensure_dev_directory(source.dev_directory);
      if (config.encryption_key.empty()) config.encryption_key = ensure_dev_key(source.dev_directory);
    } catch (const std::system_error& error) {
      problems.push_back({"--dev", std::string("can't keep its files: ") + error.what()});
    }
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
  config.shown = shown_settings(layers);
  return config;
}

}  // namespace gatehouse::app
