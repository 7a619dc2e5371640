#pragma once

#include "app/config_values.h"

#include <span>
#include <string>
#include <string_view>

namespace gatehouse::app {

/// What TOML type a setting has; in the environment and in flags everything is text.
enum class SettingType { text, number, boolean, list };

/// `open` is shown as it is. `url` may hold a password: shown masked, and no flag takes one. `secret` is never shown
/// and has no flag, since every user of a machine reads the arguments of all programs. The last two may be read from a
/// file: KEY_file, GATEHOUSE_KEY_FILE, --key-file.
enum class Secrecy { open, url, secret };

/// One row: all that the file, the environment, the flags, the template and the listing know of a setting.
struct Setting {
  std::string_view key;  // "mail.from"
  SettingType type;
  Secrecy secrecy;
  std::string_view default_text;
  std::string_view help;
  ValueProblem (*read)(std::string_view text, Config& config);

  bool may_be_file() const { return secrecy != Secrecy::open; }
  /// "GATEHOUSE_MAIL__FROM"
  std::string variable() const;
  /// "--mail-from"
  std::string flag() const;
};

/// All settings, in the order of the template. Keys of one section stand together, those without a section first.
std::span<const Setting> settings();

/// The row with that key; nothing when there is none.
const Setting* find_setting(std::string_view key);

}  // namespace gatehouse::app
