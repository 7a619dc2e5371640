#pragma once

#include "base/secret.h"

#include <optional>
#include <string>

namespace gatehouse::app {

/// "DIRECTORY/encryption.key"
std::string dev_key_path(const std::string& directory);

/// The encryption key that --dev made before; nothing when there is none.
std::optional<base::Secret> read_dev_key(const std::string& directory);

/// Makes it with mode 0700 unless it is there. Throws std::system_error.
void ensure_dev_directory(const std::string& directory);

/// The key that is there, or a fresh one in a file of mode 0600; the directory must be there. Of several programs that
/// start at once, all get the same key. Throws std::system_error.
base::Secret ensure_dev_key(const std::string& directory);

}  // namespace gatehouse::app
