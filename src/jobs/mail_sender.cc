#include "jobs/mail_sender.h"

#include "base/log.h"
#include "domain/invitation_changes.h"
#include "domain/links.h"
#include "domain/outbox.h"

#include <algorithm>

namespace gatehouse::jobs {

namespace log = base::log;

namespace {

/// Longer than one letter may take with a mail server that hangs.
constexpr std::chrono::minutes kLease{3};

/// A server may quote in its answer what it did not like in the letter, and the answer is kept and shown: a live link
/// is nobody's but the recipient's.
std::string without_tokens(std::string text) {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::string_view prefix : {domain::kVerifyToken, domain::kResetToken, domain::kChangeEmailToken,
                                        domain::kInvitationToken, domain::kSetupToken}) {
    const std::string mark = std::string(prefix) + "_";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      at += mark.size();
      const auto end = std::min(text.find_first_not_of(kCharacters, at), text.size());
      text.replace(at, end - at, "***");
    }
  }
  return text;
}

}  // namespace

std::chrono::minutes retry_delay(std::int64_t tries) {
  using namespace std::chrono_literals;
  switch (tries) {
    case 1: return 1min;
    case 2: return 5min;
    case 3: return 30min;
    case 4: return 2h;
    default: return 6h;
  }
}

void MailSender::send_due(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const base::Time now = services_.clock.now();
    const auto letters = services_.database.write([&](db::Transaction& tx) {
      return base::Result<std::vector<store::ClaimedLetter>>(store::claim_letters(tx, now, now + kLease, 1));
    });
    if (letters->empty() || !send(letters->front(), stop)) return;
  }
}

bool MailSender::send(const store::ClaimedLetter& letter, std::stop_token stop) {
  const auto finish = [&](const std::string& status, const std::string& reply) {
    const base::Time now = services_.clock.now();
    const auto done = services_.database.write([&](db::Transaction& tx) -> base::Result<void> {
      if (store::finish_letter(tx, letter, status, reply, now)) {
        domain::enter_try(tx, letter, status == "sent" ? domain::event::kSent : domain::event::kRefused, now, reply);
      }
      return {};
    });
    static_cast<void>(done);  // the body never refuses; trouble is thrown
    return true;
  };
  const auto content = domain::open_letter(services_.sealer, letter);
  if (!content) return finish("failed", "The letter can't be opened with the configured encryption keys.");
  if (letter.expires_at <= services_.clock.now()) return finish("failed", "It could not be sent before it expired.");

  smtp::Delivery delivery = transport_({settings_.from_name, settings_.from, letter.recipient, content->subject,
                                        content->text, content->html, letter.id.to_string(), letter.created_at},
                                       stop);
  delivery.reply = without_tokens(std::move(delivery.reply));
  switch (delivery.outcome) {
    case smtp::Outcome::sent: is_failing_ = false; return finish("sent", delivery.reply);
    case smtp::Outcome::failed:
      log::warning("letter refused",
                   {{"letter", letter.id.to_string()}, {"template", letter.template_name}, {"reply", delivery.reply}});
      return finish("failed", delivery.reply);
    case smtp::Outcome::retry: break;
  }
  note_trouble(delivery);
  const base::Time now = services_.clock.now();
  const auto done = services_.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (store::postpone_letter(tx, letter, delivery.reply, now, now + retry_delay(letter.tries))) {
      domain::enter_try(tx, letter, domain::event::kRefused, now, delivery.reply);
    }
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
  return false;
}

void MailSender::note_trouble(const smtp::Delivery& delivery) {
  // One clear line when the mail server goes away, not one for each letter.
  if (!is_failing_) log::error("mail can't be sent; letters wait and are tried again", {{"reply", delivery.reply}});
  is_failing_ = true;
}

}  // namespace gatehouse::jobs
