#include "domain/idempotency.h"

#include "store/idempotency.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

constexpr std::chrono::hours kKept{24};
/// Longer than a request may take.
constexpr std::chrono::minutes kLease{2};
constexpr std::size_t kLongestKey = 255;

std::string binding(const db::Bytes& row) { return "idempotency_keys.answer:" + row.data; }

db::Bytes hash(const crypto::EncryptionKeys::Subkey& key, std::initializer_list<std::string_view> parts) {
  std::string text = "idempotency";
  for (const std::string_view part : parts) text.append(std::to_string(part.size())).append(":").append(part);
  return {crypto::hmac_sha256(key.bytes.reveal(), text)};
}

/// How a request stands in the table under one encryption key.
struct Place {
  db::Bytes row;
  db::Bytes fingerprint;
};

bool is_acceptable(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::ranges::all_of(key, [](char letter) { return letter > ' ' && letter <= '~'; });
}

}  // namespace

base::Result<std::optional<std::string>> claim_request(const Services& services, const Origin& origin,
                                                       std::string_view caller, std::string_view route,
                                                       std::string_view content) {
  IdempotentRequest& request = *origin.idempotency;
  if (!is_acceptable(request.key)) {
    return base::refuse(base::kMalformedRequest, "Idempotency-Key is 1 to 255 visible ASCII characters.");
  }
  const base::Time now = services.clock.now();
  // The first is where requests are written; under the others are those from before a new key came.
  std::vector<Place> places;
  for (const auto& key : services.keys.subkeys(crypto::Purpose::limit)) {
    places.push_back({hash(key, {caller, route, request.key}), hash(key, {content})});
  }
  bool is_claimed = false;
  const Place* place = nullptr;
  std::optional<store::IdempotencyKey> earlier;
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    is_claimed = false;
    for (std::size_t i = 1; i < places.size(); ++i) {
      place = &places[i];
      earlier = store::find_idempotency_key(tx, place->row);
      const bool is_over = earlier && earlier->state == "running" && earlier->lease_until <= now;
      if (earlier && !is_over) return {};
    }
    earlier.reset();
    place = &places.front();
    is_claimed = store::claim_idempotency_key(tx, place->row, place->fingerprint, now, now + kLease, now + kKept);
    if (!is_claimed) earlier = store::find_idempotency_key(tx, place->row);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
  if (is_claimed) {
    request.row = place->row;
    return std::nullopt;
  }
  // The other request was refused and gave its claim up between the two statements.
  if (!earlier) return base::refuse(base::kIdempotencyInProgress);
  if (earlier->fingerprint != place->fingerprint) return base::refuse(base::kIdempotencyMismatch);
  if (!earlier->answer && earlier->lease_until > now) return base::refuse(base::kIdempotencyInProgress);
  const auto answer = earlier->answer ? services.sealer.open(earlier->answer->data, binding(place->row))
                                      : std::optional<base::Secret>();
  if (!answer) return base::refuse(base::kIdempotencyAnswerLost);
  return std::string(answer->reveal());
}

void settle_request(const Services& services, const Origin& origin, const std::string* answer) {
  const db::Bytes& row = *origin.idempotency->row;
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (answer == nullptr) {
      store::release_idempotency_key(tx, row);
    } else {
      store::keep_idempotent_answer(tx, row, db::Bytes{services.sealer.seal(*answer, binding(row))});
    }
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

}  // namespace gatehouse::domain
