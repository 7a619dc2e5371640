#include "domain/operator_outbox.h"

#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "store/platform_letters.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

LetterView view(const store::LetterInfo& letter) {
  return {letter.id,          letter.template_name, letter.recipient,    letter.status,
          letter.tries,       letter.reply,         letter.organization, letter.created_at,
          letter.next_try_at, letter.expires_at,    letter.finished_at};
}

/// Of one that can't be tried again.
tl::unexpected<base::Refusal> refuse_state_of(const store::LetterInfo& letter) {
  return refuse(base::kWrongState,
                letter.status == "failed" ? "The letter has expired." : "The letter is " + letter.status + ".");
}

}  // namespace

base::Result<Page<LetterView>> list_outbox(const Services& services, const Steward&, const ListLettersInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string status = input.status.value_or("");
  const std::string list = "operator/outbox status=" + status;
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  auto rows = services.database.read(
      [&](db::Transaction& tx) { return store::list_letters(tx, status, {position.id}, limit + 1); });
  return make_page<LetterView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [](const store::LetterInfo& row) { return view(row); },
      [](const store::LetterInfo& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

base::Result<LetterView> retry_letter(const Services& services, const Steward& steward, const RetryLetterInput& input) {
  std::map<std::string, std::string> details;
  if (input.reason) details["reason"] = TRY(clean_reason(*input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  auto letter = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<LetterView> {
    const bool is_queued = store::retry_letter(tx, input.letter, now);
    const auto found = store::find_letter(tx, input.letter);
    if (!found) return refuse(base::kNotFound);
    if (!is_queued) return refuse_state_of(*found);
    if (found->organization && found->invitation) {
      enter_event(tx, *found->organization, *found->invitation, event::kQueued, now);
    }
    record(tx, now, steward.origin(),
           {audit, found->organization.value_or(store::kPlatformOrganization), action::kLetterRetried, steward.actor(),
            input.letter.to_string(), details});
    return view(*found);
  }));
  services.wake_jobs();
  return letter;
}

}  // namespace gatehouse::domain
