#include "dev/sessions.h"

#include "store/members.h"
#include "store/platform_organizations.h"

#include <stdexcept>
#include <vector>

namespace gatehouse::dev {

namespace {

constexpr std::int64_t kMostOrganizations = 100;
constexpr std::int64_t kMostOfOne = 100;
constexpr std::int64_t kSessionsPerCommit = 500;
constexpr auto kOrder = store::MemberOrder::joined;

/// Of each of the oldest organizations some members who may be there.
std::vector<domain::ActiveMembership> find_people(const domain::Services& services,
                                                  std::vector<store::Account>& accounts) {
  return services.database.read([&](db::Transaction& tx) {
    std::vector<domain::ActiveMembership> people;
    for (const store::Organization& organization :
         store::search_organizations(tx, {"", "active", {}, {}, kMostOrganizations})) {
      for (const store::Member& member : store::list_members(tx, organization.id, {.status = "active"}, kOrder,
                                                             store::beginning_of(kOrder), kMostOfOne)) {
        const store::Account account{member.directory, member.user};
        auto active = domain::with_permissions(tx, services, store::find_membership(tx, organization.id, account));
        if (!active) continue;
        accounts.push_back(account);
        people.push_back(std::move(*active));
      }
    }
    return people;
  });
}

}  // namespace

void begin_sessions(const domain::Services& services, std::int64_t count,
                    const std::function<void(const domain::TokenPair&)>& take) {
  std::vector<store::Account> accounts;
  const auto people = find_people(services, accounts);
  if (people.empty()) throw std::runtime_error("there is nobody who could sign in: see gatehouse dev generate");
  const domain::Origin nowhere;
  for (std::int64_t done = 0; done < count; done += kSessionsPerCommit) {
    const base::Time now = services.clock.now();
    std::vector<store::Session> sessions;
    for (std::int64_t i = done; i < std::min(count, done + kSessionsPerCommit); ++i) {
      const std::size_t which = std::size_t(i) % people.size();
      sessions.push_back(domain::new_session(services, accounts[which], nowhere, now));
      domain::begin_in(sessions.back(), services, people[which].membership);
    }
    const auto written = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
      for (const store::Session& session : sessions) store::insert_session(tx, session);
      return {};
    });
    static_cast<void>(written);  // the body never refuses; trouble is thrown
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      const std::size_t which = (std::size_t(done) + i) % people.size();
      take(domain::issue_tokens(services, accounts[which], sessions[i].id, 1, people[which], now));
    }
  }
}

}  // namespace gatehouse::dev
