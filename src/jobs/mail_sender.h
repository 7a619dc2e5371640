#pragma once

#include "domain/services.h"
#include "smtp/message.h"
#include "smtp/sender.h"
#include "store/letters.h"

#include <functional>

namespace gatehouse::jobs {

/// Hands one letter to the mail server, or to the dev mailbox.
using Transport = std::function<smtp::Delivery(const smtp::Message&)>;

/// From whom letters are.
struct MailSettings {
  std::string from_name;
  base::EmailAddress from;
};

/// Sends what waits in the outbox: claims letters by lease, so that several nodes may do so at once and a node that
/// dies loses none; retries after 1 m, 5 m, 30 m, 2 h, then every 6 h; never sends one whose link has expired. A letter
/// is sent at least once: when the connection breaks after DATA nobody knows, and the second copy has the same
/// Message-ID. Used by one thread.
class MailSender {
 public:
  MailSender(const domain::Services& services, MailSettings settings, Transport transport)
      : services_(services), settings_(std::move(settings)), transport_(std::move(transport)) {}

  /// Sends all letters that are due.
  void send_due();

 private:
  void send(const store::ClaimedLetter& letter);
  void note_trouble(const smtp::Delivery& delivery);

  const domain::Services& services_;
  MailSettings settings_;
  Transport transport_;
  bool is_failing_ = false;
};

/// How long to wait after that many tries.
std::chrono::minutes retry_delay(std::int64_t tries);

}  // namespace gatehouse::jobs
