#pragma once

#include "app/config.h"

namespace CLI {
class App;
}

namespace gatehouse::app {

/// Gives a command --dev, --config and one flag for each setting that may stand in arguments. What is parsed goes into
/// `source`, which must outlive the parsing.
void add_config_flags(CLI::App& command, ConfigSource& source);

}  // namespace gatehouse::app
