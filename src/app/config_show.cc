#include "app/config_show.h"

#include "base/text.h"

namespace gatehouse::app {

namespace {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') out += '\\';
    // Control characters would let a value write on the operator's terminal; TOML forbids them here too.
    out += static_cast<unsigned char>(character) < 0x20 || character == 0x7f ? '?' : character;
  }
  return out + "\"";
}

std::string to_toml(SettingType type, std::string_view text) {
  if (type == SettingType::text) return quote(text);
  if (type != SettingType::list) return std::string(text);
  std::string out = "[";
  for (const std::string_view item : base::split(text, ',')) {
    if (base::trim(item).empty()) continue;
    out += (out.size() == 1 ? "" : ", ") + quote(base::trim(item));
  }
  return out + "]";
}

std::string shown_text(const Setting& row, std::string_view text) {
  if (row.secrecy == Secrecy::secret && !text.empty()) return "***";
  return row.secrecy == Secrecy::url ? mask_url(text) : std::string(text);
}

std::pair<std::string, std::string> section_and_name(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return {"", std::string(key)};
  return {std::string(key.substr(0, dot)), std::string(key.substr(dot + 1))};
}

}  // namespace

std::string config_template() {
  std::string out =
      "# Settings of Gatehouse. A line that is commented out shows the default. Stronger than this file are "
      "environment\n"
      "# variables, named below, and flags (--mail-from). Secrets can stand in files of their own: KEY_file = "
      "\"PATH\".\n";
  std::string last_section;
  for (const Setting& row : settings()) {
    const auto [section, name] = section_and_name(row.key);
    if (section != last_section) out += "\n[" + section + "]\n";
    last_section = section;
    out += "\n# " + std::string(row.help) + "\n# " + row.variable() + "\n#" + name + " = " +
           to_toml(row.type, row.default_text) + "\n";
  }
  return out;
}

std::string show_config(const ConfigSource& source, bool with_origin) {
  const LayeredSettings layers = read_layers(source);
  std::string out;
  for (const Setting& row : settings()) {
    const SettingText& setting = layers.texts.find(row.key)->second;
    out += std::string(row.key) + " = " + to_toml(row.type, shown_text(row, setting.text.reveal()));
    if (with_origin) out += "  # " + setting.origin;
    out += '\n';
  }
  return out;
}

std::vector<domain::SettingFact> shown_settings(const LayeredSettings& layers) {
  std::vector<domain::SettingFact> facts;
  for (const Setting& row : settings()) {
    const SettingText& setting = layers.texts.find(row.key)->second;
    facts.push_back({std::string(row.key), shown_text(row, setting.text.reveal()), setting.origin});
  }
  return facts;
}

}  // namespace gatehouse::app
