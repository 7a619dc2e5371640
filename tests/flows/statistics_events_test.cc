#include "domain/organizations.h"
#include "domain/statistics_folding.h"
#include "store/statistics.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <thread>

namespace gatehouse::tests {

using namespace std::chrono_literals;

// A hundred days in the life of a few organizations, told at random, while another thread folds what is counted. What
// the story knows to have happened is counted again from the start for each comparison.
class StatisticsEvents : public FlowTest {
 protected:
  struct House {
    std::string id;
    std::string owner;  // the address
    bool is_deleted = false;
    std::optional<base::Time> purge_at = {};
  };
  struct Someone {
    std::string email;
    std::string id;
    std::set<std::string> houses = {};
    bool is_gone = false;
  };
  struct Session {
    std::string email, house, refresh;
  };
  struct Invited {
    std::string house, id, email, inviter, link;
    base::Time created_at, expires_at;
    bool is_pending = true;
  };
  /// By day since 1970, then "kind detail".
  using Days = std::map<std::int64_t, std::map<std::string, std::int64_t>>;

  void TearDown() override {
    folding_.request_stop();
    if (folding_.joinable()) folding_.join();
  }
  void fold_all_the_time() {
    folding_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        domain::fold_statistics(program().services(), stop);
        std::this_thread::sleep_for(3ms);
      }
    });
  }

  static bool is_there(const Someone& one) { return !one.is_gone; }
  std::int64_t random(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(generator_);
  }
  bool one_in(std::int64_t n) { return random(1, n) == 1; }
  /// Any that is wanted; null when none is.
  template <class T, class Wanted>
  T* pick(std::vector<T>& many, Wanted wanted) {
    std::vector<T*> found;
    for (T& one : many) {
      if (wanted(one)) found.push_back(&one);
    }
    return found.empty() ? nullptr : found[std::size_t(random(0, std::int64_t(found.size()) - 1))];
  }
  Someone* anybody() { return pick(people_, &is_there); }
  House* any_house() {
    return pick(houses_, [](const House& house) { return !house.purge_at && !house.is_deleted; });
  }
  Someone& known(const std::string& email) {
    return *std::ranges::find_if(people_, [&](const Someone& one) { return one.email == email && !one.is_gone; });
  }
  Invited* open_invitation() {
    return pick(invited_, [&](const Invited& one) { return one.is_pending && is_open(one.house); });
  }
  bool is_open(const std::string& house) {
    return std::ranges::any_of(houses_,
                               [&](const House& one) { return one.id == house && !one.purge_at && !one.is_deleted; });
  }

  // What the story knows.

  static std::int64_t day_of(base::Time time) { return store::bucket_of(time, store::Level::day); }
  void happened(const std::string& house, const std::string& what) { happened_at(house, what, program().now()); }
  void happened_at(const std::string& house, const std::string& what, base::Time at) {
    facts_[house][day_of(at)][what] += 1;
  }
  void got_token(const std::string& email, const std::string& house) {
    if (!house.empty()) active_[house][day_of(program().now())].insert(known(email).id);
  }
  /// The invitation ends here, or begins anew: either it had expired before, or it will not.
  void close(Invited& one) {
    if (one.expires_at <= program().now()) happened_at(one.house, "invitation expired", one.expires_at);
    one.is_pending = false;
  }

  // What people do.

  std::string enter(const std::string& email, const std::string& house = {}) {
    Object body{{"email", email}, {"password", kPassword}};
    if (!house.empty()) body["organization_id"] = house;
    const Reply reply = client().post("/signin", body);
    EXPECT_EQ(reply.status, 200) << reply;
    const std::string chosen = reply.has("/organization/id") ? reply.text("/organization/id") : "";
    happened(chosen, "sign_in succeeded password");
    got_token(email, chosen);
    sessions_.push_back({email, chosen, reply.text("/refresh_token")});
    return reply.text("/access_token");
  }
  void fail_to_enter() {
    const Someone& who = *anybody();
    const House& house = *pick(houses_, [](const House&) { return true; });
    const bool is_at_home = who.houses.contains(house.id) && is_open(house.id);
    const Object body{{"email", who.email}, {"password", kOtherPassword}, {"organization_id", house.id}};
    EXPECT_EQ(client().post("/signin", body).status, 401);
    happened(is_at_home ? house.id : "", "sign_in failed password");
    EXPECT_EQ((happened("", "sign_in failed password"), try_sign_in("nobody@x.example")).status, 401);
  }
  void refresh_one() {
    Session* one = pick(sessions_, [](auto&) { return true; });
    if (one == nullptr) return;
    const Reply reply = refresh(one->refresh);
    if (reply.status != 200) {
      sessions_.erase(sessions_.begin() + (one - sessions_.data()));
      return;
    }
    got_token(one->email, one->house);
    one->refresh = reply.text("/refresh_token");
  }
  void switch_house() {
    Someone* who = pick(people_, [&](const Someone& one) { return !one.is_gone && one.houses.size() > 1; });
    if (who == nullptr) return;
    const std::string token = enter(who->email);
    for (const std::string& house : who->houses) {
      if (!is_open(house) || house == sessions_.back().house) continue;
      const Reply reply = client().post("/v1/session/organization", {{"organization_id", house}}, token);
      ASSERT_EQ(reply.status, 200) << reply;
      sessions_.back().house = house;
      sessions_.back().refresh = reply.text("/refresh_token");
      return got_token(who->email, house);
    }
  }

  void found_house() {
    const std::string email = "owner" + std::to_string(houses_.size()) + "@x.example";
    const Founder founder = found(email, "House " + std::to_string(houses_.size()));
    houses_.push_back({founder.organization_id, email});
    people_.push_back({email, founder.user_id, {founder.organization_id}});
    happened("", "organization created");
  }
  void delete_house() {
    House* house = any_house();
    if (std::ranges::count_if(houses_, [&](const House& one) { return is_open(one.id); }) < 3) return;
    const std::string token = enter(house->owner, house->id);
    ASSERT_EQ(client().del("/v1/organizations/" + house->id, token).status, 204);
    house->purge_at = program().now() + 30 * 24h;
  }
  void purge_houses() {
    domain::purge_organizations(program().services());
    for (House& house : houses_) {
      if (!house.purge_at || *house.purge_at > program().now()) continue;
      house.purge_at.reset();
      house.is_deleted = true;
      happened("", "organization deleted");
      for (Someone& one : people_) one.houses.erase(house.id);
      for (Invited& one : invited_) {
        if (one.house == house.id && one.is_pending) close(one);
      }
    }
  }

  void invite_somebody() {
    const House& house = *any_house();
    const std::string inviter =
        pick(people_, [&](const Someone& one) {
          return !one.is_gone && one.houses.contains(house.id) && (one.email == house.owner || one.email[0] == 'a');
        })->email;
    const Someone& old = *anybody();
    std::string email = (one_in(3) ? "admin" : "guest") + std::to_string(++guests_) + "@x.example";
    if (one_in(3) && !old.houses.contains(house.id)) email = old.email;
    send(house.id, inviter, email, "", email[0] == 'a' ? "admin" : "member");
  }
  /// For the first time, or again when there is one already.
  void send(const std::string& house, const std::string& inviter, const std::string& email, const std::string& id,
            const std::string& role = {}) {
    const std::int64_t days = random(1, 9);
    const std::string path = "/v1/organizations/" + house + "/invitations";
    const std::string token = enter(inviter, house);
    const Reply reply = id.empty()
                            ? client().post(path, {{"email", email}, {"role", role}, {"expires_in_days", days}}, token)
                            : client().post(path + "/" + id + "/resend", {{"expires_in_days", days}}, token);
    ASSERT_EQ(reply.status, id.empty() ? 201 : 200) << reply;
    const base::Time now = program().now();
    Invited one{house, reply.text("/id"), email, inviter, "", now, now + days * 24h};
    one.link = token_in(program().take_letter(email, subject::kInvitation));
    const auto earlier = std::ranges::find(invited_, one.id, &Invited::id);
    if (earlier == invited_.end()) {
      happened(house, "invitation sent");
      invited_.push_back(one);
    } else {
      close(*earlier);
      one.created_at = earlier->created_at;
      *earlier = one;
    }
  }
  void send_again() {
    const Invited* one = open_invitation();
    if (one == nullptr) return;
    const auto house = std::ranges::find(houses_, one->house, &House::id);
    send(one->house, house->owner, one->email, one->id);
  }
  void accept_one() {
    Invited* one = open_invitation();
    if (one == nullptr) return;
    const base::Time now = program().now();
    const Reply reply =
        client().post("/accept-invite", {{"token", one->link}, {"email", one->email}, {"password", kPassword}});
    ASSERT_EQ(reply.status, one->expires_at > now ? 200 : 410) << reply;
    if (reply.status != 200) return;
    close(*one);
    happened(one->house, "invitation accepted");
    const double seconds = std::ceil(std::chrono::duration<double>(now - one->created_at).count());
    const double unit = seconds < 100 ? 1 : std::pow(10.0, std::floor(std::log10(seconds)) - 1);
    happened(one->house, "accepted_after " + std::to_string(std::int64_t(std::ceil(seconds / unit) * unit)));
    if (std::ranges::none_of(people_, [&](const Someone& who) { return who.email == one->email && !who.is_gone; })) {
      people_.push_back({one->email, reply.text("/user/id")});
    }
    known(one->email).houses.insert(one->house);
  }
  void revoke_one() {
    Invited* one = open_invitation();
    if (one == nullptr) return;
    const std::string token = enter(std::ranges::find(houses_, one->house, &House::id)->owner, one->house);
    const std::string path = "/v1/organizations/" + one->house + "/invitations/" + one->id + "/revoke";
    EXPECT_EQ(client().post(path, {}, token).status, 200);
    close(*one);
  }
  void decline_one() {
    Invited* one = pick(invited_, [&](const Invited& invited) {
      return invited.is_pending && is_open(invited.house) && invited.expires_at > program().now() &&
             std::ranges::any_of(people_,
                                 [&](const Someone& who) { return who.email == invited.email && !who.is_gone; });
    });
    if (one == nullptr) return;
    const std::string token = enter(one->email);
    EXPECT_EQ(client().post("/v1/me/invitations/" + one->id + "/decline", {}, token).status, 204);
    close(*one);
  }
  /// Leaves, or deletes the account.
  void part() {
    Someone* who = pick(people_, [&](const Someone& one) {
      return !one.is_gone && one.email[0] != 'o' &&
             std::ranges::any_of(one.houses, [&](auto& id) { return is_open(id); });
    });
    if (who == nullptr) return;
    const std::string house = *std::ranges::find_if(who->houses, [&](auto& id) { return is_open(id); });
    std::set<std::string> left{house};
    if (one_in(3)) {
      const std::string token = enter(who->email);
      ASSERT_EQ(client().post("/v1/me/delete", {{"password", kPassword}}, token).status, 204);
      left = who->houses;
      who->is_gone = true;
    } else {
      const std::string token = enter(std::ranges::find(houses_, house, &House::id)->owner, house);
      ASSERT_EQ(remove(token, house, who->id).status, 200);
    }
    for (const std::string& id : left) who->houses.erase(id);
    for (Invited& one : invited_) {
      if (one.is_pending && one.inviter == who->email && left.contains(one.house)) close(one);
    }
    std::erase_if(sessions_, [&](const Session& one) { return one.email == who->email && left.contains(one.house); });
  }
  void act() {
    purge_houses();
    switch (random(0, 15)) {
      case 0: return static_cast<void>(enter(anybody()->email));
      case 1: return fail_to_enter();
      case 2:
      case 3:
      case 4:
      case 5: return refresh_one();
      case 6: return switch_house();
      case 7:
      case 8: return invite_somebody();
      case 9:
      case 10: return accept_one();
      case 11: return revoke_one();
      case 12: return decline_one();
      case 13: return send_again();
      case 14: return part();
      default: return one_in(2) ? found_house() : delete_house();
    }
  }

  // The comparison.

  /// Of one house, or with an empty id of the platform: all houses.
  void check(const std::string& house) {
    Days expected, active;
    for (const auto& [id, days] : facts_) {
      if (!house.empty() && id != house) continue;
      for (const auto& [day, counts] : days) {
        for (const auto& [what, n] : counts) expected[day][what] += n;
      }
    }
    for (const Invited& one : invited_) {
      if (one.is_pending && (house.empty() || one.house == house)) {
        expected[day_of(one.expires_at)]["invitation expired"] += 1;
      }
    }
    for (const auto& [day, counts] : counted(house)) {
      for (const auto& [what, n] : counts) {
        if (what.starts_with("active")) {
          active[day][what] = n;
        } else {
          expected[day][what] -= n;
        }
      }
    }
    for (const auto& [day, counts] : expected) {
      for (const auto& [what, n] : counts) EXPECT_EQ(n, 0) << "missing of " << what << " on " << day << " in " << house;
    }
    for (const std::int64_t window : {1, 7, 30}) check_active(house, window, active);
  }
  void check_active(const std::string& house, std::int64_t window, Days& differences) {
    std::int64_t sum = 0;
    for (std::int64_t day = day_of(kStart); day < day_of(program().now()) + 32; ++day) {
      sum += differences[day]["active " + std::to_string(window)];
      std::int64_t recount = 0;
      for (const auto& [id, days] : active_) {
        if (!house.empty() && id != house) continue;
        std::set<std::string> people;
        for (auto one = days.upper_bound(day - window); one != days.end() && one->first <= day; ++one) {
          people.insert(one->second.begin(), one->second.end());
        }
        recount += std::int64_t(people.size());
      }
      ASSERT_EQ(sum, recount) << "day " << day << " of " << window << " in " << house;
    }
  }
  Days counted(const std::string& house) {
    const auto organization = house.empty() ? store::kPlatformOrganization : *store::OrganizationId::parse(house);
    std::vector<base::Time> edges{base::Time(std::chrono::floor<std::chrono::days>(kStart - 48h))};
    while (edges.back() < program().now() + 40 * 24h) edges.push_back(edges.back() + 24h);
    const auto counts = program().services().database.read(
        [&](db::Transaction& tx) { return store::count_by_period(tx, organization, store::Series::events, edges); });
    Days days;
    for (std::size_t i = 0; i < counts.size(); ++i)
      for (const auto& [key, n] : counts[i]) days[day_of(edges[i])][key.kind + " " + key.detail] = n;
    return days;
  }
  void check_everything() {
    check("");
    for (const House& house : houses_) check(house.id);
  }
  std::vector<std::string> remembered_people() {
    constexpr db::Statement kPeople{"test activity people", "SELECT DISTINCT user_id FROM member_activity"};
    return program().services().database.read([&](db::Transaction& tx) {
      std::vector<std::string> ids;
      for (const db::Row& row : tx.query(kPeople)) ids.push_back(row.get<store::UserId>(0).to_string());
      return ids;
    });
  }

  std::mt19937 generator_{9};  // NOLINT(cert-msc51-cpp): the same story each time
  std::vector<House> houses_;
  std::vector<Someone> people_;
  std::vector<Session> sessions_;
  std::vector<Invited> invited_;
  std::map<std::string, Days> facts_;
  std::map<std::string, std::map<std::int64_t, std::set<std::string>>> active_;
  int guests_ = 0;
  std::jthread folding_;
};

TEST_P(StatisticsEvents, EqualARecountOfAHundredDays) {
  fold_all_the_time();
  for (int i = 0; i < 3; ++i) found_house();
  for (int step = 0; program().now() < kStart + 100 * 24h && !HasFailure(); ++step) {
    program().advance(std::chrono::seconds(random(0, 1) == 0 ? random(0, 3'600) : random(0, 50'000)));
    SCOPED_TRACE("step " + std::to_string(step));
    act();
    if (step % 20 == 0) check_everything();
  }
  check_everything();
  std::set<std::string> living;
  for (const Someone& one : people_) {
    if (!one.is_gone) living.insert(one.id);
  }
  EXPECT_THAT(remembered_people(),
              testing::Each(testing::ResultOf([&](auto& id) { return living.contains(id); }, true)));
}

GATEHOUSE_ON_BOTH_DATABASES(StatisticsEvents);

}  // namespace gatehouse::tests
