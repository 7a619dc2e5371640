#include "db/postgres_types.h"

#include <limits>

namespace gatehouse::db {
namespace {

// OIDs from PostgreSQL's catalog/pg_type.dat; they never change.
constexpr unsigned kUnknownType = 0;
constexpr unsigned kBool = 16;
constexpr unsigned kBytea = 17;
constexpr unsigned kName = 19;
constexpr unsigned kInt8 = 20;
constexpr unsigned kInt2 = 21;
constexpr unsigned kInt4 = 23;
constexpr unsigned kText = 25;
constexpr unsigned kUnknownText = 705;
constexpr unsigned kBpchar = 1042;
constexpr unsigned kVarchar = 1043;
constexpr unsigned kTimestamptz = 1184;
constexpr unsigned kVoid = 2278;
constexpr unsigned kUuid = 2950;
constexpr unsigned kJsonb = 3802;

constexpr char kJsonbVersion = 1;
/// PostgreSQL counts its microseconds from 2000-01-01.
constexpr std::int64_t kEpochShiftMicroseconds = 946'684'800'000'000;

std::string big_endian(std::int64_t number) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[std::size_t(i)] = char(std::uint64_t(number) >> (56 - 8 * i));
  return bytes;
}

/// Any width; the first byte carries the sign.
std::int64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~std::uint64_t(0) : 0;
  for (const char byte : bytes) number = number << 8 | std::uint8_t(byte);
  return std::int64_t(number);
}

struct Encoder {
  using Encoded = std::optional<std::string>;
  Encoded operator()(std::monostate) const { return std::nullopt; }
  Encoded operator()(std::int64_t number) const { return big_endian(number); }
  Encoded operator()(bool flag) const { return std::string(1, flag ? '\1' : '\0'); }
  Encoded operator()(std::string_view text) const { return std::string(text); }
  Encoded operator()(BytesView bytes) const { return std::string(bytes.data); }
  Encoded operator()(JsonView json) const { return kJsonbVersion + std::string(json.text); }
  Encoded operator()(const base::Uuid& uuid) const { return std::string(uuid.view()); }
  Encoded operator()(base::Time time) const {
    return big_endian(time.time_since_epoch().count() - kEpochShiftMicroseconds);
  }
};

/// In the order of Value::Variant.
constexpr unsigned kTypes[] = {kUnknownType, kInt8, kBool, kText, kBytea, kJsonb, kUuid, kTimestamptz};
static_assert(std::size(kTypes) == std::variant_size_v<Value::Variant>);

}  // namespace

EncodedValues::EncodedValues(std::span<const Value> given) {
  for (const Value& value : given) {
    signature += char('0' + value.type());
    types.push_back(kTypes[value.type()]);
    values.push_back(std::visit(Encoder(), value.get()));
  }
}

Cell decode_cell(unsigned type, std::string_view bytes, std::string_view statement) {
  switch (type) {
    case kInt8:
    case kInt4:
    case kInt2: return from_big_endian(bytes);
    case kBool: return std::int64_t(bytes == std::string_view("\1", 1) ? 1 : 0);
    case kTimestamptz: {
      const std::int64_t microseconds = from_big_endian(bytes);
      if (microseconds > std::numeric_limits<std::int64_t>::max() - kEpochShiftMicroseconds ||
          microseconds == std::numeric_limits<std::int64_t>::min()) {
        throw DatabaseError("statement " + std::string(statement) + " answers with a time that is infinite");
      }
      return microseconds + kEpochShiftMicroseconds;
    }
    case kJsonb: return std::string(bytes.substr(1));
    case kText:
    case kVarchar:
    case kBpchar:
    case kName:
    case kUnknownText:
    case kBytea:
    case kUuid:
    case kVoid: return std::string(bytes);
    default:
      throw DatabaseError("statement " + std::string(statement) + " answers with a column of the PostgreSQL type " +
                          std::to_string(type) + ": CAST it to BIGINT or TEXT");
  }
}

}  // namespace gatehouse::db
