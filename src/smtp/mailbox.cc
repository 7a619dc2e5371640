#include "smtp/mailbox.h"

namespace gatehouse::smtp {

namespace {
constexpr std::size_t kMost = 500;
}

void Mailbox::add(Message message) {
  std::lock_guard lock(mutex_);
  messages_.push_front({++last_number_, std::move(message)});
  if (messages_.size() > kMost) messages_.pop_back();
}

std::vector<CaughtMessage> Mailbox::list() const {
  std::lock_guard lock(mutex_);
  return {messages_.begin(), messages_.end()};
}

std::optional<CaughtMessage> Mailbox::find(std::int64_t number) const {
  std::lock_guard lock(mutex_);
  for (const CaughtMessage& caught : messages_) {
    if (caught.number == number) return caught;
  }
  return std::nullopt;
}

void Mailbox::clear() {
  std::lock_guard lock(mutex_);
  messages_.clear();
}

}  // namespace gatehouse::smtp
