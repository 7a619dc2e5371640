#include "domain/pages.h"

#include "base/text.h"

namespace gatehouse::domain {

namespace {

/// Time and id; a text follows in the lists that are ordered by one.
constexpr std::size_t kLeastBodySize = 8 + 16;
constexpr std::size_t kMacSize = 16;

std::string mac_of(const crypto::EncryptionKeys::Subkey& subkey, std::string_view list,
                   store::OrganizationId organization, std::string_view body) {
  std::string text(list);
  text += '\0';
  text += organization.uuid.view();
  text += body;
  return crypto::hmac_sha256(subkey.bytes.reveal(), text).substr(0, kMacSize);
}

}  // namespace

std::string to_cursor(const Services& services, std::string_view list, store::OrganizationId organization,
                      const Position& position) {
  std::string body;
  const std::int64_t time = position.time.time_since_epoch().count();
  for (int shift = 56; shift >= 0; shift -= 8) body += char(std::uint8_t(time >> shift));
  body += position.id.view();
  body += position.text;
  const auto& subkey = services.keys.subkeys(crypto::Purpose::cursor).front();
  return base::to_base64url(body + mac_of(subkey, list, organization, body));
}

base::Result<Position> from_cursor(const Services& services, std::string_view list, store::OrganizationId organization,
                                   const std::optional<std::string>& cursor) {
  if (!cursor) return Position{};
  const auto raw = base::from_base64url(*cursor);
  if (raw && raw->size() >= kLeastBodySize + kMacSize) {
    const std::string_view body = std::string_view(*raw).substr(0, raw->size() - kMacSize);
    for (const auto& subkey : services.keys.subkeys(crypto::Purpose::cursor)) {
      if (!crypto::constant_time_equal(mac_of(subkey, list, organization, body), raw->substr(body.size()))) continue;
      std::int64_t time = 0;
      for (int i = 0; i < 8; ++i) time = (time << 8) | std::uint8_t(body[std::size_t(i)]);
      return Position{base::Time(base::Duration(time)), *base::Uuid::from_bytes(body.substr(8, 16)),
                      std::string(body.substr(kLeastBodySize))};
    }
  }
  return base::refuse_field("?after", "This is no cursor of this list.");
}

}  // namespace gatehouse::domain
