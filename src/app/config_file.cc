#include "app/config_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

namespace gatehouse::app {

namespace {

constexpr std::size_t kLargestFile = 1 << 20;

struct WholeFile {
  std::string text;
  bool is_open_to_all = false;
  std::string problem;
};

std::string error_text(int number) { return std::error_code(number, std::generic_category()).message(); }

WholeFile read_whole_file(const std::string& path) {
  WholeFile file;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    file.problem = "can't be read: " + error_text(errno);
    return file;
  }
  struct stat status {};
  // Asked of the open descriptor: a name could mean another file a moment later.
  if (::fstat(descriptor, &status) == 0) file.is_open_to_all = S_ISREG(status.st_mode) && (status.st_mode & 0007) != 0;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof buffer)) != 0) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      file.problem = "can't be read: " + error_text(errno);
      break;
    }
    file.text.append(buffer, std::size_t(count));
    if (file.text.size() > kLargestFile) {
      file.problem = "is larger than 1 MiB";
      break;
    }
  }
  ::close(descriptor);
  ::explicit_bzero(buffer, sizeof buffer);
  return file;
}

class TomlReader {
 public:
  TomlReader(std::string path, TomlFile& out) : path_(std::move(path)), out_(out) {}

  void read(const toml::table& table, const std::string& section) {
    for (const auto& [name, node] : table) {
      const std::string key = section.empty() ? std::string(name.str()) : section + "." + std::string(name.str());
      if (const toml::table* inner = node.as_table()) {
        read(*inner, key);
      } else {
        read_value(key, node);
      }
    }
  }

 private:
  void read_value(const std::string& key, const toml::node& node) {
    const std::string place = path_ + ":" + std::to_string(node.source().begin.line);
    if (const auto* text = node.as_string()) {
      out_.entries.push_back({key, SettingType::text, text->get(), place});
    } else if (const auto* number = node.as_integer()) {
      out_.entries.push_back({key, SettingType::number, std::to_string(number->get()), place});
    } else if (const auto* boolean = node.as_boolean()) {
      out_.entries.push_back({key, SettingType::boolean, boolean->get() ? "true" : "false", place});
    } else if (const auto* array = node.as_array()) {
      read_list(key, *array, place);
    } else {
      out_.problems.push_back({key, "has a type that no setting has (" + place + ")"});
    }
  }

  void read_list(const std::string& key, const toml::array& array, const std::string& place) {
    std::string joined;
    for (const toml::node& node : array) {
      const auto* text = node.as_string();
      if (text == nullptr || text->get().find(',') != std::string::npos) {
        out_.problems.push_back({key, "must list texts without commas (" + place + ")"});
        return;
      }
      joined += (joined.empty() ? "" : ",") + text->get();
    }
    out_.entries.push_back({key, SettingType::list, std::move(joined), place});
  }

  std::string path_;
  TomlFile& out_;
};

}  // namespace

TomlFile read_toml_file(const std::string& path) {
  TomlFile out;
  const WholeFile file = read_whole_file(path);
  if (!file.problem.empty()) {
    out.problems.push_back({path, file.problem});
    return out;
  }
  out.is_open_to_all = file.is_open_to_all;
  try {
    TomlReader(path, out).read(toml::parse(file.text), "");
  } catch (const toml::parse_error& error) {
    // Only the place: the parser's own words may quote the text, and that may be a secret.
    const auto& at = error.source().begin;
    out.problems.push_back(
        {path, "is no valid TOML at line " + std::to_string(at.line) + ", column " + std::to_string(at.column)});
  }
  return out;
}

SecretFile read_secret_file(const std::string& path, bool wants_private) {
  WholeFile file = read_whole_file(path);
  if (!file.problem.empty()) return {base::Secret(), file.problem + " (" + path + ")"};
  if (wants_private && file.is_open_to_all) {
    return {base::Secret(), "every user of this machine can read or write (" + path + "): chmod 600"};
  }
  if (file.text.ends_with('\n')) file.text.pop_back();
  if (file.text.ends_with('\r')) file.text.pop_back();
  return {base::Secret(std::move(file.text)), std::nullopt};
}

}  // namespace gatehouse::app
