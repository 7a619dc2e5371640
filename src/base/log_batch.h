#pragma once

#include <functional>
#include <string>

namespace gatehouse::base::log {

/// While it lives, lines of its thread up to Level::info are collected and written together by flush(), which its
/// destructor does too: a line each would be a system call each. A graver line is written at once, behind those. At
/// most one for each thread.
class Batch {
 public:
  /// `on_first` is called when a line comes in and none waits; it sees to it that flush() is called soon.
  explicit Batch(std::function<void()> on_first);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void add(const std::string& line);
  void flush();

 private:
  std::function<void()> on_first_;
  std::string lines_;
};

}  // namespace gatehouse::base::log
