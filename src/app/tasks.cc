#include "app/tasks.h"

#include "app/config_flags.h"
#include "app/program.h"
#include "domain/operator_organizations.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

namespace gatehouse::app {

namespace {

std::string as_text(const boost::json::value& value) {
  if (value.is_null()) return "-";
  if (const auto* text = value.if_string()) return text->empty() ? "-" : printable(*text);
  return printable(boost::json::serialize(value));
}

void print_indented(const boost::json::object& object, const std::string& indent) {
  for (const auto& [name, value] : object) {
    std::cout << indent << std::string_view(name) << ":";
    if (const auto* inner = value.if_object()) {
      std::cout << "\n";
      print_indented(*inner, indent + "  ");
    } else if (const auto* list = value.if_array(); list != nullptr && !list->empty() && list->front().is_object()) {
      std::cout << "\n";
      for (const auto& each : *list) {
        std::cout << indent << "  -\n";
        print_indented(each.as_object(), indent + "    ");
      }
    } else {
      std::cout << " " << as_text(value) << "\n";
    }
  }
}

}  // namespace

CLI::App* add_task(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                   bool& as_json) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_flag("--json", as_json, "Print JSON");
  add_config_flags(*command, source);
  return command;
}

void run_task(const ConfigSource& source, const std::function<void(const domain::Services&)>& act) {
  const Config config = tool_config(source);
  try {
    const Program program(config);
    act(program.services());
  } catch (const db::DatabaseError& error) {
    throw CommandError(error.what(), kUnavailable);
  }
  std::cout.flush();
  if (!std::cout) throw CommandError("standard output can't be written");
}

std::string explain(const base::Refusal& refusal) {
  std::string text = refusal.detail;
  for (const base::FieldProblem& problem : refusal.problems) text += "\n  " + problem.pointer + ": " + problem.detail;
  return text;
}

void fail(const base::Refusal& refusal) {
  const std::string text = explain(refusal);
  switch (refusal.code->status) {
    case 400: throw CommandError(text, kUsage);
    case 404: throw CommandError(text, kNotFound);
    case 409: throw CommandError(text, kConflict);
    case 429:
    case 503: throw CommandError(text, kUnavailable);
    default: throw CommandError(text);
  }
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, which some terminals obey as well.
    const bool is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (is_c1) ++i;
    out += is_c1 || byte < 0x20 || byte == 0x7f ? '?' : text[i];
  }
  return out;
}

void print_object(const std::string& json, bool as_json) {
  if (as_json) {
    std::cout << json << "\n";
  } else {
    print_indented(boost::json::parse(json).as_object(), "");
  }
}

void print_row(const std::string& json, bool as_json, const std::vector<std::string_view>& columns) {
  if (as_json) {
    std::cout << json << "\n";
    return;
  }
  const boost::json::value row = boost::json::parse(json);
  std::string line;
  for (const std::string_view column : columns) line += (line.empty() ? "" : "\t") + as_text(row.at_pointer(column));
  std::cout << line << "\n";
}

base::EmailAddress read_email(const std::string& text) {
  const auto email = base::parse_email(text);
  if (!email) throw CommandError("\"" + printable(text) + "\" is not an email address", kUsage);
  return *email;
}

store::OrganizationId read_organization(const domain::Services& services, const std::string& text) {
  if (const auto id = store::OrganizationId::parse(text)) return *id;
  return demand(domain::find_organization_by_slug(services, domain::Steward::at_command_line(), text));
}

}  // namespace gatehouse::app
