#pragma once

#include "app/config.h"
#include "app/config_layers.h"

#include <string>

namespace gatehouse::app {

/// A TOML file with every setting, its meaning and its default, commented out.
std::string config_template();

/// What holds, as "key = value" lines with secrets masked; `with_origin` says where each value was found. Reads what
/// load_config() would read, makes no key, and shows values that are wrong as well.
std::string show_config(const ConfigSource& source, bool with_origin);

/// The same as values, lists separated by commas.
std::vector<domain::SettingFact> shown_settings(const LayeredSettings& layers);

}  // namespace gatehouse::app
