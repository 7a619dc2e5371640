#pragma once

#include "domain/statistics_folding.h"
#include "store/ledger.h"
#include "tests/flows/management_test.h"

namespace gatehouse::tests {

/// Stories about the statistics of /v1: what Acme, which Ada owns, tells of its past.
class SeriesTest : public ManagementTest {
 protected:
  static base::Time instant(const std::string& text) { return base::parse_rfc3339(text).value().time; }
  /// The clock never goes back, and tokens from before are dead.
  void move_to(const std::string& time) { program().advance(instant(time) - program().now()); }

  Reply ask(const std::string& target) { return client().get(target, access_token(ada_.email)); }
  Reply stats(const std::string& what) { return ask(path("stats/" + what)); }
  Reply platform_stats(const std::string& what) { return client().get("/v1/operator/stats/" + what, operator_token()); }

  /// What other parts of the program write when it happens.
  void note(store::OrganizationId organization, const std::string& kind, const std::string& detail,
            const std::string& time, std::int64_t change = 1) {
    const auto subject = base::make_uuid_v7(program().now());
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      store::insert_event(tx, {organization, subject, 0, kind, detail, instant(time), change});
      return {};
    });
    EXPECT_TRUE(done);
  }
  void note(const std::string& kind, const std::string& detail, const std::string& time, std::int64_t change = 1) {
    note(organization(), kind, detail, time, change);
  }
  void fold() { domain::fold_statistics(program().services(), {}); }
  store::OrganizationId organization() const { return store::OrganizationId::parse(ada_.organization_id).value(); }

  /// The rows, each as its members in one line; instants without seconds that are zero.
  static std::vector<std::string> lines(const Reply& reply) {
    EXPECT_EQ(reply.status, 200) << reply;
    std::vector<std::string> all;
    for (const Json& row : reply.at("/data").as_array()) {
      std::string line;
      for (const auto& member : row.as_object()) {
        std::string text =
            member.value().is_string() ? text_of(member.value()) : boost::json::serialize(member.value());
        if (text.ends_with(":00.000Z")) text = text.substr(0, text.size() - 8);
        line += (line.empty() ? "" : " ") + text;
      }
      all.push_back(line);
    }
    return all;
  }
};

}  // namespace gatehouse::tests
