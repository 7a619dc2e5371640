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

struct Person {
  store::Account account;
  base::EmailAddress email;
  domain::ActiveMembership active;
};

/// Of each of the oldest organizations some members who may be there.
std::vector<Person> find_people(const domain::Services& services) {
  return services.database.read([&](db::Transaction& tx) {
    std::vector<Person> people;
    for (const store::Organization& organization :
         store::search_organizations(tx, {"", "active", {}, {}, kMostOrganizations})) {
      for (const store::Member& member : store::list_members(tx, organization.id, {.status = "active"}, kOrder,
                                                             store::beginning_of(kOrder), kMostOfOne)) {
        const store::Account account{member.directory, member.user};
        auto active = domain::with_permissions(tx, services, store::find_membership(tx, organization.id, account));
        if (active) people.push_back({account, member.email, std::move(*active)});
      }
    }
    return people;
  });
}

}  // namespace

void begin_sessions(const domain::Services& services, std::int64_t count,
                    const std::function<void(const domain::TokenPair&, const base::EmailAddress&)>& take) {
  const auto people = find_people(services);
  if (people.empty()) throw std::runtime_error("there is nobody who could sign in: see gatehouse dev generate");
  const domain::Origin nowhere;
  for (std::int64_t done = 0; done < count; done += kSessionsPerCommit) {
    const base::Time now = services.clock.now();
    std::vector<store::Session> sessions;
    for (std::int64_t i = done; i < std::min(count, done + kSessionsPerCommit); ++i) {
      const Person& person = people[std::size_t(i) % people.size()];
      sessions.push_back(domain::new_session(services, person.account, nowhere, now));
      domain::begin_in(sessions.back(), services, person.active.membership);
    }
    const auto written = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
      for (const store::Session& session : sessions) store::insert_session(tx, session);
      return {};
    });
    static_cast<void>(written);  // the body never refuses; trouble is thrown
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      const Person& person = people[(std::size_t(done) + i) % people.size()];
      take(domain::issue_tokens(services, person.account, sessions[i].id, 1, person.active, now), person.email);
    }
  }
}

}  // namespace gatehouse::dev
