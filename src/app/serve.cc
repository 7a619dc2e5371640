#include "app/commands.h"

#include "app/config_flags.h"
#include "app/config_values.h"
#include "app/program.h"
#include "domain/operators.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <malloc.h>
#include <memory>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gatehouse::app {

namespace log = base::log;

namespace {

void configure_logs(const Config& config) {
  const auto automatic = ::isatty(STDERR_FILENO) == 1 ? log::Format::text : log::Format::json;
  log::configure(config.log.level, config.log.format.value_or(automatic));
}

/// Blocked here and so in all threads that come later: the main thread alone waits for them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void forbid_core_dumps() {
  // A core holds keys and passwords.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

/// Each connection takes a file, and many a shell and container allows no more than 1,024 before it is asked for more.
void allow_files(const Config& config) {
  // Of the database, of mail, of logs and libraries.
  constexpr rlim_t kOthers = 256;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max < rlim_t(config.http.connections) + kOthers) {
    log::warning("fewer files may be open than http.connections takes: raise the limit (LimitNOFILE, ulimit -n)",
                 {{"files", files.rlim_max}, {"connections", config.http.connections}});
  }
}

void print_banner(const Config& config, Program& program) {
  const std::string base = "http://" + Endpoint{config.listen.address, program.port()}.to_string();
  std::cout << "Gatehouse " GATEHOUSE_VERSION "  dev mode (not for production)\n"
            << "  API       " << base << "\n"
            << "  Spec      " << base << "/openapi.json\n"
            << "  Pages     " << base << "/sign-up\n"
            << "  Console   " << base << "/console\n"
            << "  Mailbox   " << base << "/dev/mail\n"
            << "  Health    " << base << "/healthz\n";
  if (program.management_port() != 0) {
    const Endpoint management{config.management_listen->address, program.management_port()};
    std::cout << "  Probes    http://" << management.to_string() << "/readyz\n"
              << "  Metrics   http://" << management.to_string() << "/metrics\n";
  }
  std::cout << "  Data      " << mask_url(config.database_url.reveal()) << "\n";
  if (const auto token = domain::make_setup_token(program.services())) {
    std::cout << "\nMake the first operator (once, within 30 minutes):\n  " << setup_link(config, *token)
              << "\n  or: gatehouse operator create you@example.com --dev\n";
  }
  std::cout << std::flush;
}

void serve(const ConfigSource& source) {
  const Config config = load_config(source, ConfigUse::serve);
  configure_logs(config);
  forbid_core_dumps();
  allow_files(config);
  const sigset_t signals = block_stop_signals();
  Program program(config);
  program.start();
  // What starting took, such as the catalogues while they were read, is not needed again.
  ::malloc_trim(0);
  if (config.dev) print_banner(config, program);
  log::info("serving",
            {{"address", Endpoint{config.listen.address, program.port()}.to_string()}, {"version", GATEHOUSE_VERSION}});
  int received = 0;
  sigwait(&signals, &received);
  log::info("stopping", {{"signal", received}});
  // A second signal means now.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
  program.stop();
  log::info("stopped");
}

}  // namespace

void add_serve_command(CLI::App& app, ConfigSource& source) {
  CLI::App* command = app.add_subcommand("serve", "Run the service");
  add_config_flags(*command, source);
  command->callback([&source] { serve(source); });
}

}  // namespace gatehouse::app
