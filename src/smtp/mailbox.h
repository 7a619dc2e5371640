#pragma once

#include "smtp/message.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace gatehouse::smtp {

/// A letter in the dev mailbox. `number` counts from 1 and is never used again.
struct CaughtMessage {
  std::int64_t number = 0;
  Message message;
};

/// The mailbox of --dev: keeps the latest 500 letters in memory instead of sending them. Thread safe.
class Mailbox {
 public:
  void add(Message message);
  /// Newest first.
  std::vector<CaughtMessage> list() const;
  std::optional<CaughtMessage> find(std::int64_t number) const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::deque<CaughtMessage> messages_;
  std::int64_t last_number_ = 0;
};

}  // namespace gatehouse::smtp
