#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace gatehouse::tests {

/// A real SMTP server in a process of its own, see smtp_server.py for its options; it ends with this object. Needs the
/// compile definition GATEHOUSE_SOURCE_DIR.
class SmtpServer {
 public:
  /// Ready to be connected to when the constructor is done. `directory` exists and is the caller's.
  SmtpServer(std::filesystem::path directory, std::vector<std::string> options)
      : directory_(std::move(directory)), output_(directory_ / "smtp_events.jsonl") {
    const std::string script = std::string(GATEHOUSE_SOURCE_DIR) + "/tests/support/smtp_server.py";
    std::vector<std::string> arguments{"/usr/bin/python3", script, "--output", output_.string(), "--tls-directory",
                                       directory_.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    start(arguments);
    read_port();
  }
  ~SmtpServer() {
    close(input_);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  int port() const { return port_; }
  std::string certificate_file() const { return (directory_ / "certificate.pem").string(); }

  /// All events of a kind up to now.
  std::vector<boost::json::object> events(std::string_view kind) const {
    std::vector<boost::json::object> found;
    std::ifstream file(output_);
    for (std::string line; std::getline(file, line);) {
      // A line that is still being written has no end yet.
      if (file.eof()) break;
      boost::json::object event = boost::json::parse(line).as_object();
      if (event.at("event").as_string() == kind) found.push_back(std::move(event));
    }
    return found;
  }

  /// Waits up to five seconds until there are that many.
  std::vector<boost::json::object> wait_for_events(std::string_view kind, std::size_t count) const {
    for (int i = 0; i < 1000 && events(kind).size() < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return events(kind);
  }

 private:
  void start(std::vector<std::string>& arguments) {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    int input[2];
    int output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const int failure = posix_spawn(&process_, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    ready_ = output[0];
    if (failure != 0) throw std::runtime_error("the SMTP server can't be started");
  }

  void read_port() {
    std::FILE* stream = fdopen(ready_, "r");
    const int read = std::fscanf(stream, "port %d", &port_);
    std::fclose(stream);
    if (read != 1) throw std::runtime_error("the SMTP server did not start");
  }

  std::filesystem::path directory_;
  std::filesystem::path output_;
  pid_t process_ = 0;
  int input_ = -1;
  int ready_ = -1;
  int port_ = 0;
};

}  // namespace gatehouse::tests
