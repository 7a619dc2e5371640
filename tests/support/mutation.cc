#include "base/mutation.h"

#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

/// Takes the place of src/base/mutation.cc in test programs. GATEHOUSE_MUTANT is one of
///   sql:STATEMENT:N              the statement without its Nth tenant predicate
///   permission:ROW:PERMISSION    the row asks for another permission
///   check:NAME                   admission leaves the check out
/// GATEHOUSE_MUTANT_LOG: a file to which every mutant that this run could have had is written.
namespace gatehouse::base {

namespace {

std::string setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

const std::string& chosen() {
  static const std::string mutant = setting("GATEHOUSE_MUTANT");
  return mutant;
}

/// Writes a line once a process.
void note(const std::string& mutant) {
  static const std::string path = setting("GATEHOUSE_MUTANT_LOG");
  if (path.empty()) return;
  static std::mutex mutex;
  static std::set<std::string> written;
  std::lock_guard lock(mutex);
  if (written.insert(mutant).second) std::ofstream(path, std::ios::app) << mutant << '\n';
}

bool is_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' ||
         letter == '$';
}

struct Predicate {
  std::size_t begin;
  std::size_t size;
  std::string without;
};

/// Comparisons of the tenant's key, "m.organization_id = $1" and "r.organization_id = m.organization_id", behind WHERE
/// or ON.
std::vector<Predicate> tenant_predicates(std::string_view text) {
  std::vector<Predicate> found;
  for (const std::string_view column : {"organization_id", "directory_id"}) {
    for (auto at = text.find(column); at != std::string_view::npos; at = text.find(column, at + 1)) {
      std::size_t begin = at, end = at + column.size();
      while (begin > 0 && is_word(text[begin - 1])) --begin;
      if (end < text.size() && is_word(text[end])) continue;
      if (text.substr(end, 3) != " = ") continue;
      const std::string_view before = text.substr(0, begin);
      if (!before.ends_with("WHERE ") && !before.ends_with("AND ") && !before.ends_with("ON ") &&
          !before.ends_with("(")) {
        continue;
      }
      end += 3;
      const std::size_t value = end;
      while (end < text.size() && is_word(text[end])) ++end;
      const std::string right(text.substr(value, end - value));
      // A parameter stays mentioned, so that the number of values is right.
      found.push_back({begin, end - begin, right.starts_with('$') ? right + " = " + right : "1 = 1"});
    }
  }
  return found;
}

}  // namespace

std::string_view mutated_sql(std::string_view name, std::string_view text) {
  static std::mutex mutex;
  // Statements are known by the address of their text as long as the program runs.
  static std::map<std::string, std::string, std::less<>> mutants;
  const std::string prefix = "sql:" + std::string(name) + ":";
  const bool is_meant = chosen().starts_with(prefix);
  static const bool is_logging = !setting("GATEHOUSE_MUTANT_LOG").empty();
  if ((!is_meant && !is_logging) || name.starts_with("test ")) return text;
  const auto predicates = tenant_predicates(text);
  for (std::size_t i = 0; i < predicates.size(); ++i) note(prefix + std::to_string(i));
  if (!is_meant) return text;
  const Predicate& dropped = predicates.at(std::stoul(chosen().substr(prefix.size())));
  std::lock_guard lock(mutex);
  std::string& mutant = mutants[std::string(name)];
  if (mutant.empty()) mutant = std::string(text).replace(dropped.begin, dropped.size, dropped.without);
  return mutant;
}

std::string_view mutated_permission(std::string_view row, std::string_view permission) {
  const std::string prefix = "permission:" + std::string(row) + ":";
  note(prefix + std::string(permission));
  if (!chosen().starts_with(prefix)) return permission;
  static const std::string other = chosen().substr(prefix.size());
  return other;
}

bool is_skipped(std::string_view check) {
  const std::string mutant = "check:" + std::string(check);
  note(mutant);
  return chosen() == mutant;
}

}  // namespace gatehouse::base
