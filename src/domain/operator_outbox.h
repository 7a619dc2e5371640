#pragma once

#include "base/result.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"

#include <array>

/// The outbox as stewards see it: neither what a letter says nor its link.
namespace gatehouse::domain {

inline constexpr std::array<std::string_view, 4> kLetterStatuses{"queued", "sent", "failed", "withdrawn"};

struct ListLettersInput {
  std::optional<std::string> status;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("status", &ListLettersInput::status).one_of(kLetterStatuses),
        wire::field("limit", &ListLettersInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &ListLettersInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct RetryLetterInput {
  store::LetterId letter;
  std::optional<std::string> reason;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("letter", &RetryLetterInput::letter),
        wire::field("reason", &RetryLetterInput::reason).length(1, 200).says("Why, for the audit log."));
  }
};

struct LetterView {
  store::LetterId id;
  std::string template_name;
  base::EmailAddress recipient;
  std::string status;
  std::int64_t tries = 0;
  std::optional<std::string> reply;
  std::optional<store::OrganizationId> organization_id;
  base::Time created_at;
  base::Time next_try_at;
  base::Time expires_at;
  std::optional<base::Time> finished_at;

  static constexpr std::string_view kSchemaName = "Letter";
  static constexpr auto fields() {
    using V = LetterView;
    return wire::fields(
        wire::field("id", &V::id), wire::field("template", &V::template_name).says("What kind of letter it is."),
        wire::field("recipient", &V::recipient),
        wire::field("status", &V::status).says("queued, sent, failed or withdrawn"), wire::field("tries", &V::tries),
        wire::field("reply", &V::reply).says("The mail server's last word."),
        wire::field("organization_id", &V::organization_id), wire::field("created_at", &V::created_at),
        wire::field("next_try_at", &V::next_try_at).says("Of a queued one."),
        wire::field("expires_at", &V::expires_at).says("After this it is not worth sending any more."),
        wire::field("finished_at", &V::finished_at));
  }
};

/// In the order in which they were written.
base::Result<Page<LetterView>> list_outbox(const Services& services, const Steward& steward,
                                           const ListLettersInput& input);

/// Queues a failed letter anew. Refuses: kInvalidRequest, kNotFound, kWrongState (it did not fail, has expired, or its
/// reason is gone).
base::Result<LetterView> retry_letter(const Services& services, const Steward& steward, const RetryLetterInput& input);

}  // namespace gatehouse::domain
