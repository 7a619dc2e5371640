#include "domain/outbox.h"

#include "domain/branding.h"
#include "domain/limits.h"
#include "store/organizations.h"
#include "store/users.h"
#include "wire/read.h"
#include "wire/write.h"

namespace gatehouse::domain {

std::string letter_binding(store::LetterId id) { return "letters.content:" + std::string(id.uuid.view()); }

namespace {

/// Letters that somebody waits for go before those that tell of something.
std::int64_t urgency_of(mail::LetterClass letter_class) {
  switch (letter_class) {
    case mail::LetterClass::reset:
    case mail::LetterClass::security: return 0;
    case mail::LetterClass::invitation:
    case mail::LetterClass::account: return 1;
    case mail::LetterClass::alert:
    case mail::LetterClass::notice: return 2;
  }
  return 2;
}

}  // namespace

text::Reader reader_of(db::Transaction& tx, const Envelope& envelope) {
  const auto reading = envelope.account ? store::find_reading(tx, *envelope.account) : std::nullopt;
  text::Reader reader;
  if (reading) reader.zone = text::zone_of(reading->zoneinfo);
  std::optional<std::string> wanted = reading ? reading->language : std::nullopt;
  if (!wanted) wanted = envelope.language;
  const auto organization = envelope.organization ? envelope.organization
                            : reading             ? reading->last_organization
                                                  : std::nullopt;
  if (!wanted && organization) wanted = store::find_organization_language(tx, *organization);
  // One that was chosen when there were more languages is no reason to write nothing.
  if (const auto* language = wanted ? text::find_language(*wanted) : nullptr) reader.language = language;
  return reader;
}

mail::Brand brand_of(db::Transaction& tx, const Envelope& envelope) {
  if (!envelope.organization) return {};
  auto found = find_brand(tx, *envelope.organization);
  return found ? std::move(found->brand) : mail::Brand();
}

std::optional<store::Account> account_at(db::Transaction& tx, store::DirectoryId directory,
                                         const base::EmailAddress& email) {
  const auto user = store::find_user_by_email(tx, directory, email);
  return user ? std::optional(user->account()) : std::nullopt;
}

bool take_notice_budget(db::Transaction& tx, const Services& services, const base::EmailAddress& recipient,
                        base::Time now) {
  return take_within(tx, services, {kNoticeLettersPerHour, recipient.text}, now);
}

base::Result<void> take_invitation_budget(db::Transaction& tx, const Services& services,
                                          const base::EmailAddress& recipient, base::Time now) {
  for (const Limit* limit : {&kInvitationLettersPerMinute, &kInvitationLettersPerHour}) {
    if (take_within(tx, services, {*limit, recipient.text}, now)) continue;
    return tl::unexpected(base::Refusal{
        &base::kRateLimited, "This person has had enough letters for the moment.", {}, limit->window.count()});
  }
  return {};
}

store::LetterId detail::enqueue(db::Transaction& tx, const Services& services, const Envelope& envelope,
                                std::string_view template_name, mail::LetterClass letter_class, LetterContent content) {
  const auto id = store::LetterId::make(envelope.now);
  const db::Bytes sealed{services.sealer.seal(wire::write(content), letter_binding(id))};
  store::insert_letter(tx, {id, envelope.organization, std::string(template_name), envelope.to, sealed,
                            urgency_of(letter_class), envelope.now, envelope.expires_at, envelope.invitation});
  return id;
}

std::optional<LetterContent> open_letter(const crypto::Sealer& sealer, const store::ClaimedLetter& letter) {
  const auto text = sealer.open(letter.content.data, letter_binding(letter.id));
  if (!text) return std::nullopt;
  wire::Source source;
  source.body_kind = wire::Source::Body::json;
  source.body = text->reveal();
  auto content = wire::read<LetterContent>(source);
  if (!content) return std::nullopt;
  return std::move(*content);
}

}  // namespace gatehouse::domain
