#include "app/config_dev.h"

#include "app/config_file.h"
#include "crypto/keys.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gatehouse::app {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// A new file of mode 0600 whose name begins with `prefix`; returns its name.
std::string write_draft(const std::string& prefix, std::string_view text) {
  std::string path = prefix + ".XXXXXX";
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) fail(prefix);
  const bool written =
      ::write(descriptor, text.data(), text.size()) == ssize_t(text.size()) && ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  if (!written) {
    ::unlink(path.c_str());
    errno = error;
    fail(path);
  }
  return path;
}

}  // namespace

std::string dev_key_path(const std::string& directory) { return directory + "/encryption.key"; }

std::optional<base::Secret> read_dev_key(const std::string& directory) {
  const std::string path = dev_key_path(directory);
  if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
  SecretFile file = read_secret_file(path, false);
  if (file.problem) throw std::system_error(EIO, std::generic_category(), "the key of --dev " + *file.problem);
  return std::move(file.text);
}

void ensure_dev_directory(const std::string& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail(directory);
}

base::Secret ensure_dev_key(const std::string& directory) {
  if (auto key = read_dev_key(directory)) return std::move(*key);
  const std::string path = dev_key_path(directory);
  const std::string draft = write_draft(path, crypto::EncryptionKeys::generate().reveal());
  // A link, unlike a rename, never replaces the key of a program that was faster.
  const bool linked = ::link(draft.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(draft.c_str());
  if (!linked && error != EEXIST) {
    errno = error;
    fail(path);
  }
  auto key = read_dev_key(directory);
  if (!key) fail(path);
  return std::move(*key);
}

}  // namespace gatehouse::app
