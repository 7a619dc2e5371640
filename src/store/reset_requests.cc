#include "store/reset_requests.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_reset_request",
                                "INSERT INTO reset_requests (id, email, address, request_id, created_at, organization) "
                                "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr db::Statement kList{
    "list_reset_requests",
    "SELECT id, email, address, request_id, created_at, organization FROM reset_requests ORDER BY id LIMIT $1"};
constexpr db::Statement kTake{"take_reset_request", "DELETE FROM reset_requests WHERE id = $1 RETURNING id"};

}  // namespace

void insert_reset_request(db::Transaction& tx, const ResetRequest& request) {
  tx.execute(kInsert, {request.id, request.email.text, request.address, request.request_id, request.created_at,
                       request.organization});
}

std::vector<ResetRequest> list_reset_requests(db::Transaction& tx, std::int64_t limit) {
  std::vector<ResetRequest> requests;
  for (const db::Row& row : tx.query(kList, {limit})) {
    requests.push_back({row.get<base::Uuid>(0), base::EmailAddress{row.get<std::string>(1)}, row.get<std::string>(2),
                        row.get<std::string>(3), row.get<base::Time>(4), row.get<std::optional<std::string>>(5)});
  }
  return requests;
}

bool take_reset_request(db::Transaction& tx, const base::Uuid& id) { return tx.query_one(kTake, {id}).has_value(); }

}  // namespace gatehouse::store
