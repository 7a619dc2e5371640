#pragma once

#include "base/clock.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::base {

/// 128 bits, as RFC 9562 has them. The nil UUID is the value of a default one.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  /// 16 raw bytes, the form in which it is stored and joined into tokens.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static std::optional<Uuid> from_bytes(std::string_view raw);
};

/// A version 7 UUID: its first 48 bits are `now` in milliseconds, the rest is random.
Uuid make_uuid_v7(Time now);

/// 26 characters of Crockford's base32 in lower case, as TypeID 0.3 has them.
std::string to_base32(const Uuid& uuid);
std::optional<Uuid> from_base32(std::string_view text);

/// An id that knows what it is the id of. `Kind` has `kPrefix`, the part before the underscore, and `kNoun` for
/// messages. Shown as TypeID 0.3 ("org_01j…").
template <class Kind>
struct Id {
  using kind = Kind;
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  static Id make(Time now) { return Id{make_uuid_v7(now)}; }
  std::string to_string() const { return std::string(Kind::kPrefix) + "_" + to_base32(uuid); }
  /// Nothing when the text has another prefix or is no id at all.
  static std::optional<Id> parse(std::string_view text) {
    const std::string_view prefix = Kind::kPrefix;
    if (text.size() != prefix.size() + 27 || !text.starts_with(prefix) || text[prefix.size()] != '_')
      return std::nullopt;
    const auto uuid = from_base32(text.substr(prefix.size() + 1));
    if (!uuid) return std::nullopt;
    return Id{*uuid};
  }
};

}  // namespace gatehouse::base
