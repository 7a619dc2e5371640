#pragma once

#include "app/commands.h"
#include "base/result.h"
#include "domain/services.h"
#include "store/ids.h"
#include "wire/write.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What the operator's tasks on the command line have in common. They work on the database; no server need run.
namespace gatehouse::app {

/// A subcommand with `--json` and all configuration flags.
CLI::App* add_task(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                   bool& as_json);

/// Opens database and keys, and runs `act`. What goes wrong there is a CommandError with its exit status.
void run_task(const ConfigSource& source, const std::function<void(const domain::Services&)>& act);

/// What a refusal says, with a line for each field that is wrong.
std::string explain(const base::Refusal& refusal);
/// Throws `refusal` as a CommandError: kNotFound, kConflict, kUnavailable, kUsage for what was typed, or kFailure.
[[noreturn]] void fail(const base::Refusal& refusal);

/// The value; or the refusal as above.
template <class T>
T demand(base::Result<T> result) {
  if (!result) fail(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Prints a JSON object on a line of its own or, unless `as_json`, as indented "name: value" lines.
void print_object(const std::string& json, bool as_json);
/// Prints a JSON object on a line of its own or, unless `as_json`, the values at these JSON pointers, tabs between.
void print_row(const std::string& json, bool as_json, const std::vector<std::string_view>& columns);
/// A value for a terminal: what would move its cursor is shown as "?".
std::string printable(std::string_view text);

template <class View>
void print(const View& view, bool as_json) {
  print_object(wire::write(view), as_json);
}

/// Asks `list(after)`, which is a Result of a page, until there is no next page, and prints each row.
template <class List>
void print_pages(bool as_json, const std::vector<std::string_view>& columns, List list) {
  std::optional<std::string> after;
  do {
    const auto page = demand(list(after));
    for (const auto& row : page.data) print_row(wire::write(row), as_json, columns);
    after = page.page.next;
  } while (after);
}

/// The id that was typed; kUsage when it is none of that kind.
template <class Id>
Id read_id(const std::string& text) {
  const auto id = Id::parse(text);
  if (!id) throw CommandError("\"" + printable(text) + "\" is not the id of " + std::string(Id::kind::kNoun), kUsage);
  return *id;
}

base::EmailAddress read_email(const std::string& text);
/// An organization by its id or its slug.
store::OrganizationId read_organization(const domain::Services& services, const std::string& text);

/// Nothing for an option that was not given.
inline std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace gatehouse::app
