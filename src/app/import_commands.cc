#include "app/commands.h"

#include "app/config_flags.h"
#include "app/config_values.h"
#include "app/program.h"
#include "base/text.h"
#include "db/foreign.h"
#include "domain/import_ndjson.h"
#include "domain/import_original.h"
#include "wire/write.h"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace gatehouse::app {

namespace {

struct ImportFlags {
  /// A file, or a URL.
  std::string from;
  std::string url_file;
  domain::ImportOptions options;
  std::string report, mapping;
  bool json = false;
};

/// A line of the mapping file.
struct MappedId {
  std::string table, external_id, id;

  static constexpr auto fields() {
    return wire::fields(wire::field("table", &MappedId::table), wire::field("external_id", &MappedId::external_id),
                        wire::field("id", &MappedId::id));
  }
};

/// Emptied, and readable by its owner only: it says who is a member of what. Closed when nothing was asked for.
std::ofstream open_private(const std::string& path) {
  std::ofstream file;
  if (path.empty()) return file;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  file.open(path, std::ios::binary | std::ios::trunc);
  if (!file) throw CommandError(path + " can't be written");
  return file;
}

void close_written(std::ofstream& file, const std::string& path) {
  if (!file.is_open()) return;
  file.close();
  if (!file) throw CommandError(path + " could not be written to its end");
}

void print_counts(const char* what, const domain::ImportCounts& counts) {
  std::cout << what << counts.created << " created, " << counts.exists << " there before, " << counts.skipped
            << " skipped, " << counts.failed << " failed\n";
}

void print(const domain::ImportSummary& summary) {
  if (summary.dry_run) std::cout << "dry run: nothing was written\n";
  print_counts("organizations  ", summary.organizations);
  print_counts("users          ", summary.users);
  print_counts("members        ", summary.members);
  std::cout << summary.lines_failed << " lines that can't be read\n"
            << summary.orphaned_organizations << " organizations without an owner\n"
            << summary.roles_mapped << " members whose role became another\n"
            << summary.passwords_unusable << " users who must reset their password\n"
            << summary.invitations_left << " invitations left behind: invite anew\n";
}

void run_import(const Config& config, domain::ImportSource& source, const ImportFlags& flags) {
  std::ofstream report = open_private(flags.report), mapping = open_private(flags.mapping);
  Program program(config);
  const auto summary =
      domain::import_everything(program.services(), source, flags.options, [&](const domain::ImportLine& line) {
        if (report.is_open()) report << wire::write(line) << '\n';
        if (mapping.is_open() && line.id)
          mapping << wire::write(MappedId{line.table, line.external_id, *line.id}) << '\n';
      });
  close_written(report, flags.report);
  close_written(mapping, flags.mapping);
  if (flags.json) {
    std::cout << wire::write(summary) << "\n";
  } else {
    print(summary);
  }
  if (summary.failed() > 0) {
    throw CommandError(std::to_string(summary.failed()) + " rows failed; --report FILE says why");
  }
}

/// What broke is told apart: a database that is gone may come back.
template <class Work>
void with_exit_codes(Work work) {
  try {
    work();
  } catch (const db::DatabaseError& error) {
    throw CommandError(error.what(), kUnavailable);
  }
}

void require_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) throw CommandError(path + " is no file", kNotFound);
}

/// SQLite would tell at the first statement, in words about itself. An empty file is a database without tables.
void require_sqlite_file(const std::string& path) {
  require_file(path);
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::string begin(kMagic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), std::streamsize(begin.size()));
  if (file.gcount() > 0 && begin != kMagic) {
    throw CommandError(path + " is no SQLite database, so it is none of the original service");
  }
}

bool is_postgresql(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

/// The database as db::open_foreign_database() takes it.
base::Secret source_url(const ImportFlags& flags) {
  if (flags.from.empty() == flags.url_file.empty()) throw CommandError("give DATABASE or --url-file", kUsage);
  if (!flags.url_file.empty()) {
    require_file(flags.url_file);
    std::string url;
    std::getline(std::ifstream(flags.url_file) >> std::ws, url);
    url.resize(base::trim(url).size());
    if (!is_postgresql(url)) throw CommandError(flags.url_file + " holds no postgresql:// URL");
    return base::Secret(std::move(url));
  }
  if (is_postgresql(flags.from)) {
    if (mask_url(flags.from) == flags.from) return base::Secret(flags.from);
    throw CommandError(
        "a URL with a password or a query must not be given here, since every user can read arguments; use --url-file",
        kUsage);
  }
  require_sqlite_file(flags.from);
  return base::Secret("sqlite:" + flags.from);
}

void import_original(const Config& config, const ImportFlags& flags) {
  const base::Secret url = source_url(flags);
  with_exit_codes([&] {
    const auto database = db::open_foreign_database(std::string(url.reveal()), {.connections = 1});
    std::unique_ptr<domain::OriginalService> source;
    try {
      source = std::make_unique<domain::OriginalService>(*database);
    } catch (const db::DatabaseError& error) {
      throw CommandError(std::string("this is no database of the original service: ") + error.what());
    }
    run_import(config, *source, flags);
  });
}

void import_users(const Config& config, const ImportFlags& flags) {
  require_file(flags.from);
  domain::NdjsonFile source(flags.from);
  with_exit_codes([&] { run_import(config, source, flags); });
}

using ImportWork = void (*)(const Config&, const ImportFlags&);

CLI::App* add_import_command(CLI::App& parent, ConfigSource& source, const std::string& name, const std::string& help,
                             const std::shared_ptr<ImportFlags>& flags, ImportWork work) {
  CLI::App* command = parent.add_subcommand(name, help);
  flags->options.source = name;
  command->add_flag("--dry-run", flags->options.dry_run, "Import nothing, report the same");
  command->add_option("--report", flags->report, "File for what became of each row, a JSON object a line");
  command->add_option("--mapping", flags->mapping, "File for the new id of each row, a JSON object a line");
  command
      ->add_option("--source", flags->options.source,
                   "Name of the place that the external ids come from (default: " + name + ")")
      ->check([](const std::string& text) {
        return text.empty() || text.size() > 100 ? std::string("a name has 1 to 100 characters") : std::string();
      });
  command->add_flag("--json", flags->json, "Print the summary as a JSON object");
  add_config_flags(*command, source);
  command->callback([&source, flags, work] { work(tool_config(source), *flags); });
  return command;
}

}  // namespace

void add_import_commands(CLI::App& app, ConfigSource& source) {
  CLI::App* import = app.add_subcommand("import", "Take over the people of another service; may be run again");
  import->require_subcommand(1);
  const auto database = std::make_shared<ImportFlags>();
  CLI::App* original = add_import_command(*import, source, "original",
                                          "From the database of the original Flask service", database, import_original);
  original->add_option("DATABASE", database->from, "A SQLite file, or a postgresql:// URL");
  original->add_option("--url-file", database->url_file,
                       "File that holds the postgresql:// URL, which may have a password");
  const auto file = std::make_shared<ImportFlags>();
  CLI::App* users = add_import_command(*import, source, "users",
                                       "From a file of JSON objects, one a line (docs/import.md)", file, import_users);
  users->add_option("FILE", file->from, "The file")->required();
}

}  // namespace gatehouse::app
