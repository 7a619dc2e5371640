#pragma once

#include "domain/services.h"
#include "mail/render.h"
#include "store/letters.h"
#include "store/members.h"
#include "wire/fields.h"

#include <optional>
#include <string>

namespace gatehouse::domain {

/// A letter as it waits: rendered, then sealed, since it may carry a live link.
struct LetterContent {
  std::string subject;
  std::string text;
  std::string html;

  static constexpr auto fields() {
    return wire::fields(wire::field("subject", &LetterContent::subject), wire::field("text", &LetterContent::text),
                        wire::field("html", &LetterContent::html));
  }
};

/// To whom, on whose behalf, and until when it is worth sending.
struct Envelope {
  base::EmailAddress to;
  /// Whose address it is; nothing when it is nobody's yet.
  std::optional<store::Account> account;
  std::optional<store::OrganizationId> organization;
  base::Time now;
  base::Time expires_at;
  /// Whose link it carries.
  std::optional<store::InvitationId> invitation = {};
  /// For whoever has not chosen a language: the one that the sender chose.
  std::optional<std::string> language = {};
};

/// In whose language and by whose clocks the letter is written: as the account says; else in the envelope's language;
/// else in that of the organization, or of the one in which the account worked last; else in English.
text::Reader reader_of(db::Transaction& tx, const Envelope& envelope);
/// How the organization on whose behalf it is shows itself.
mail::Brand brand_of(db::Transaction& tx, const Envelope& envelope);
/// The account that the address has in the directory.
std::optional<store::Account> account_at(db::Transaction& tx, store::DirectoryId directory,
                                         const base::EmailAddress& email);

/// Letters without a link are worth sending for two days.
inline constexpr std::chrono::hours kNoticeLife{48};

/// Notices of one kind that nobody asked for (joined, role changed, removed): so many an hour to one person, then none.
bool take_notice_budget(db::Transaction& tx, const Services& services, const base::EmailAddress& recipient,
                        base::Time now);

/// Letters in which somebody is invited or added: so many to one person. Refuses: kRateLimited.
base::Result<void> take_invitation_budget(db::Transaction& tx, const Services& services,
                                          const base::EmailAddress& recipient, base::Time now);

namespace detail {
store::LetterId enqueue(db::Transaction& tx, const Services& services, const Envelope& envelope,
                        std::string_view template_name, mail::LetterClass letter_class, LetterContent content);
}

/// Writes a letter into the outbox, in the transaction of the change that causes it. Nothing when mail is off. Call
/// services.wake_jobs() after COMMIT.
template <class Letter>
std::optional<store::LetterId> enqueue(db::Transaction& tx, const Services& services, const Envelope& envelope,
                                       const Letter& letter) {
  if (!services.settings.mail_enabled) return std::nullopt;
  mail::Rendered rendered = mail::render(letter, reader_of(tx, envelope), brand_of(tx, envelope));
  return detail::enqueue(tx, services, envelope, Letter::kTemplate, Letter::kClass,
                         {std::move(rendered.subject), std::move(rendered.text), std::move(rendered.html)});
}

/// To each active member, in one transaction with what they are told of, so no more than kMostTold: those who have been
/// there longest. Counts for their budget of notices.
template <class Letter>
void tell_members(db::Transaction& tx, const Services& services, store::OrganizationId organization,
                  const Letter& letter, base::Time now) {
  constexpr std::int64_t kMostTold = 1'000;
  for (const store::Addressee& member : store::list_active_addressees(tx, organization, kMostTold)) {
    if (!take_notice_budget(tx, services, member.email, now)) continue;
    enqueue(tx, services, {member.email, member.account, organization, now, now + kNoticeLife}, letter);
  }
}

/// The content of a claimed letter; nothing when it can't be opened (sealed under a key that is gone).
std::optional<LetterContent> open_letter(const crypto::Sealer& sealer, const store::ClaimedLetter& letter);
/// What the sealed content of a letter is bound to.
std::string letter_binding(store::LetterId id);

}  // namespace gatehouse::domain
