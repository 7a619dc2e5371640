#pragma once

#include "domain/services.h"
#include "smtp/message.h"
#include "smtp/sender.h"
#include "store/letters.h"

#include <functional>
#include <stop_token>

namespace gatehouse::jobs {

/// Hands one letter to the mail server, or to the dev mailbox. Gives up (`retry`) when it is asked to stop.
using Transport = std::function<smtp::Delivery(const smtp::Message&, std::stop_token)>;

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

  /// Sends the letters that are due, the urgent ones first, until one could not be delivered: the next round then looks
  /// anew at which is the most urgent.
  void send_due(std::stop_token stop);

 private:
  /// False when the letter has to be tried again.
  bool send(const store::ClaimedLetter& letter, std::stop_token stop);
  void note_trouble(const smtp::Delivery& delivery);

  const domain::Services& services_;
  MailSettings settings_;
  Transport transport_;
  bool is_failing_ = false;
};

/// How long to wait after that many tries.
std::chrono::minutes retry_delay(std::int64_t tries);

}  // namespace gatehouse::jobs
