#include "app/config_layers.h"

#include "app/config_dev.h"
#include "app/config_file.h"
#include "base/text.h"

#include <algorithm>
#include <system_error>

namespace gatehouse::app {

namespace {

constexpr std::string_view kFileSuffix = "_file";

/// One named text of a layer, under the spelling that this layer uses.
struct Entry {
  std::string key;
  std::string text;
  std::string origin;
};

/// Lays one layer over the ones before it.
class Layer {
 public:
  Layer(LayeredSettings& out, bool production) : out_(out), production_(production) {}

  void apply(const std::vector<Entry>& entries) {
    std::map<std::string, std::string> seen;
    for (const Entry& entry : entries) {
      const std::string key = own_key(entry.key);
      const auto [first, is_new] = seen.emplace(key, entry.origin);
      if (!is_new) {
        out_.problems.push_back({key, "is set by both " + first->second + " and " + entry.origin + "; remove one"});
        continue;
      }
      apply_one(key, entry);
    }
  }

 private:
  /// "encryption_key" of "encryption_key_file".
  static std::string own_key(const std::string& key) {
    return find_setting(key) == nullptr ? key.substr(0, key.size() - kFileSuffix.size()) : key;
  }

  void apply_one(const std::string& key, const Entry& entry) {
    if (key == entry.key) {
      out_.texts[key] = {base::Secret(entry.text), entry.origin};
      return;
    }
    SecretFile file = read_secret_file(entry.text, production_);
    if (file.problem) {
      out_.problems.push_back({key, "names a file by " + entry.origin + ", which " + *file.problem});
      return;
    }
    out_.texts[key] = {std::move(file.text), entry.origin + "=" + entry.text};
  }

  LayeredSettings& out_;
  bool production_;
};

/// "; did you mean X?" when some candidate is near.
std::string hint(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = base::closest(word, candidates);
  return near ? "; did you mean " + *near + "?" : "";
}

bool holds_secret(const Setting& row, std::string_view text) {
  return row.secrecy == Secrecy::secret || (row.secrecy == Secrecy::url && mask_url(text) != text);
}

std::vector<Entry> read_file_layer(const std::string& path, bool production, LayeredSettings& out) {
  std::vector<std::string> names;
  for (const Setting& row : settings()) {
    names.emplace_back(row.key);
    if (row.may_be_file()) names.push_back(std::string(row.key) + std::string(kFileSuffix));
  }
  TomlFile file = read_toml_file(path);
  out.problems.insert(out.problems.end(), file.problems.begin(), file.problems.end());
  std::vector<Entry> entries;
  for (TomlEntry& found : file.entries) {
    if (std::find(names.begin(), names.end(), found.key) == names.end()) {
      out.problems.push_back({found.key, "is no setting (" + found.place + ")" + hint(found.key, names)});
      continue;
    }
    const Setting* row = find_setting(found.key);
    if (found.type != (row == nullptr ? SettingType::text : row->type)) {
      out.problems.push_back({found.key, "has the wrong type (" + found.place + "): the template shows the right one"});
      continue;
    }
    if (production && file.is_open_to_all && row != nullptr && holds_secret(*row, found.text)) {
      out.problems.push_back({found.key, "stands in a file that every user can read (" + path + "): chmod 600"});
      continue;
    }
    entries.push_back({found.key, std::move(found.text), found.place});
  }
  return entries;
}

bool is_reserved(std::string_view variable) {
  return variable == "GATEHOUSE_CONFIG" || variable == "GATEHOUSE_GOLDEN" || variable.starts_with("GATEHOUSE_TEST_");
}

std::vector<Entry> read_environment_layer(const ConfigSource& source, LayeredSettings& out) {
  std::map<std::string, std::string> keys;
  std::vector<std::string> names;
  for (const Setting& row : settings()) {
    keys[row.variable()] = row.key;
    if (row.may_be_file()) keys[row.variable() + "_FILE"] = std::string(row.key) + std::string(kFileSuffix);
  }
  for (const auto& [variable, key] : keys) names.push_back(variable);
  std::vector<Entry> entries;
  for (const auto& [variable, text] : source.environment) {
    if (!variable.starts_with("GATEHOUSE_") || is_reserved(variable)) continue;
    const auto found = keys.find(variable);
    if (found == keys.end()) {
      out.problems.push_back({variable, "is no setting" + hint(variable, names)});
      continue;
    }
    entries.push_back({found->second, text, variable});
  }
  return entries;
}

std::vector<Entry> read_flag_layer(const ConfigSource& source, LayeredSettings& out) {
  std::vector<Entry> entries;
  for (const auto& [key, text] : source.flags) {
    const Setting* row = find_setting(key);
    if (row == nullptr) {
      const Setting* named = find_setting(key.substr(0, key.size() - std::min(key.size(), kFileSuffix.size())));
      if (named == nullptr || !named->may_be_file()) {
        out.problems.push_back({key, "is no setting"});
      } else {
        entries.push_back({key, text, named->flag() + "-file"});
      }
      continue;
    }
    if (holds_secret(*row, text)) {
      out.problems.push_back({key, "must not be given by " + row->flag() +
                                       " when it holds a password, since every user can read arguments; use " +
                                       row->variable() + " or " + row->flag() + "-file"});
      continue;
    }
    entries.push_back({key, text, row->flag()});
  }
  return entries;
}

/// What follows from other settings, where the operator said nothing.
void derive(const ConfigSource& source, LayeredSettings& out) {
  const auto fill = [&](std::string_view key, std::string text, std::string origin) {
    SettingText& setting = out.texts.find(key)->second;
    if (setting.text.empty()) setting = {base::Secret(std::move(text)), std::move(origin)};
  };
  const auto text_of = [&](std::string_view key) { return std::string(out.texts.find(key)->second.text.reveal()); };
  if (source.dev) {
    fill("public_url", "http://" + text_of("listen"), "--dev");
    fill("mail.from", "Gatehouse <gatehouse@dev.localhost>", "--dev");
    try {
      if (const auto key = read_dev_key(source.dev_directory)) {
        fill("encryption_key", std::string(key->reveal()), dev_key_path(source.dev_directory));
      }
    } catch (const std::system_error& error) {
      out.problems.push_back({"encryption_key", std::string("can't be read: ") + error.what()});
    }
  }
  fill("audience", text_of("public_url"), "public_url");
}

}  // namespace

LayeredSettings read_layers(const ConfigSource& source) {
  LayeredSettings out;
  for (const Setting& row : settings()) {
    out.texts[std::string(row.key)] = {base::Secret(std::string(row.default_text)), "default"};
  }
  const bool production = !source.dev;
  Layer layer(out, production);
  std::string path = source.file;
  if (const auto named = source.environment.find("GATEHOUSE_CONFIG");
      path.empty() && named != source.environment.end()) {
    path = named->second;
  }
  if (!path.empty()) layer.apply(read_file_layer(path, production, out));
  layer.apply(read_environment_layer(source, out));
  layer.apply(read_flag_layer(source, out));
  derive(source, out);
  return out;
}

}  // namespace gatehouse::app
