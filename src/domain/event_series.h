#pragma once

#include "domain/caller.h"
#include "domain/series.h"
#include "domain/services.h"

/// What happened beside memberships, by period. All refuse what read_periods() does.
namespace gatehouse::domain {

struct SignInsOfPeriod {
  base::Time start;
  base::Time end;
  std::string result;
  std::string method;
  std::int64_t sign_ins = 0;

  static constexpr std::string_view kSchemaName = "SignInsOfPeriod";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("start", &SignInsOfPeriod::start),
        wire::field("end", &SignInsOfPeriod::end).says("The first instant that is not in it."),
        wire::field("result", &SignInsOfPeriod::result).example("succeeded").says("succeeded or failed"),
        wire::field("method", &SignInsOfPeriod::method).example("password").says("password"),
        wire::field("sign_ins", &SignInsOfPeriod::sign_ins));
  }
};

struct SignInSeries : SeriesView {
  std::vector<SignInsOfPeriod> data;

  static constexpr std::string_view kSchemaName = "SignInSeries", kFileName = "sign-ins";
  static constexpr auto fields() {
    return std::tuple_cat(
        SeriesView::fields(),
        wire::fields(
            wire::field("data", &SignInSeries::data).says("Each period with each result and method, zeros too.")));
  }
};

struct InvitationsOfPeriod {
  base::Time start;
  base::Time end;
  std::int64_t sent = 0;
  std::int64_t accepted = 0;
  std::int64_t expired = 0;
  std::optional<std::int64_t> median_seconds_to_accept;

  static constexpr std::string_view kSchemaName = "InvitationsOfPeriod";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("start", &InvitationsOfPeriod::start),
        wire::field("end", &InvitationsOfPeriod::end).says("The first instant that is not in it."),
        wire::field("sent", &InvitationsOfPeriod::sent).says("Each once, however often its letter was sent."),
        wire::field("accepted", &InvitationsOfPeriod::accepted)
            .says("Accepted in the period, whenever they were sent."),
        wire::field("expired", &InvitationsOfPeriod::expired).says("Whose time ran out in the period."),
        wire::field("median_seconds_to_accept", &InvitationsOfPeriod::median_seconds_to_accept)
            .example("86000")
            .says("Of those that were accepted in the period, half were accepted within so many seconds: the lower of "
                  "two medians. Each time is rounded up to two significant digits. Null when none was accepted."));
  }
};

struct InvitationSeries : SeriesView {
  std::vector<InvitationsOfPeriod> data;

  static constexpr std::string_view kSchemaName = "InvitationSeries", kFileName = "invitations";
  static constexpr auto fields() {
    return std::tuple_cat(SeriesView::fields(), wire::fields(wire::field("data", &InvitationSeries::data)));
  }
};

struct OrganizationsOfPeriod {
  base::Time start;
  base::Time end;
  std::int64_t created = 0;
  std::int64_t active = 0;

  static constexpr std::string_view kSchemaName = "OrganizationsOfPeriod";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("start", &OrganizationsOfPeriod::start),
        wire::field("end", &OrganizationsOfPeriod::end).says("The first instant that is not in it."),
        wire::field("created", &OrganizationsOfPeriod::created).says("New ones."),
        wire::field("active", &OrganizationsOfPeriod::active)
            .says("In which at least one member was active on the period's day, in its week, or in the last 30 days of "
                  "its month: by the days of UTC that have the dates of the period's."));
  }
};

struct OrganizationSeries : SeriesView {
  std::vector<OrganizationsOfPeriod> data;

  static constexpr std::string_view kSchemaName = "OrganizationSeries", kFileName = "organizations";
  static constexpr auto fields() {
    return std::tuple_cat(SeriesView::fields(), wire::fields(wire::field("data", &OrganizationSeries::data)));
  }
};

/// Sign-ins by result and method, as the audit log has them.
base::Result<SignInSeries> show_sign_ins(const Services& services, const InOrganization& caller,
                                         const SeriesInput& input);
base::Result<SignInSeries> show_platform_sign_ins(const Services& services, const Operator& caller,
                                                  const SeriesFilter& input);

/// What became of invitations. One that will expire has not yet.
base::Result<InvitationSeries> show_invitation_series(const Services& services, const InOrganization& caller,
                                                      const SeriesInput& input);
base::Result<InvitationSeries> show_platform_invitation_series(const Services& services, const Operator& caller,
                                                               const SeriesFilter& input);

/// New and active organizations.
base::Result<OrganizationSeries> show_organization_series(const Services& services, const Operator& caller,
                                                          const SeriesFilter& input);

}  // namespace gatehouse::domain
