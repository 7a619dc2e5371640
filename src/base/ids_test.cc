#include "base/ids.h"

#include "base/text.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::base {
namespace {

struct UserKind {
  static constexpr std::string_view kPrefix = "usr";
};
using UserId = Id<UserKind>;

Uuid from_hex(const std::string& hex) {
  std::string bytes;
  for (const char digit : hex) {
    if (digit != '-') bytes += digit;
  }
  Uuid uuid;
  for (std::size_t i = 0; i < 16; ++i) uuid.bytes[i] = std::uint8_t(std::stoi(bytes.substr(2 * i, 2), nullptr, 16));
  return uuid;
}

TEST(TypeId, MatchesTheValidVectorsOfItsSpecification) {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"00000000-0000-0000-0000-000000000000", "00000000000000000000000000"},
      {"00000000-0000-0000-0000-000000000001", "00000000000000000000000001"},
      {"00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a"},
      {"00000000-0000-0000-0000-000000000010", "0000000000000000000000000g"},
      {"00000000-0000-0000-0000-000000000020", "00000000000000000000000010"},
      {"ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"},
      {"0110c853-1d09-52d8-d73e-1194e95b5f19", "0123456789abcdefghjkmnpqrs"},
      {"0188bac7-4afa-78aa-bc3b-bd1eef28d881", "01h2xcejqtf2nbrexx3vqjhp41"}};
  for (const auto& [hex, text] : vectors) {
    EXPECT_EQ(to_base32(from_hex(hex)), text);
    EXPECT_EQ(from_base32(text), from_hex(hex));
    EXPECT_EQ(UserId::parse("usr_" + text), UserId{from_hex(hex)});
  }
}

TEST(TypeId, RefusesEveryOtherSpelling) {
  for (const std::string_view text : {"",
                                      "usr",
                                      "usr_",
                                      "01h2xcejqtf2nbrexx3vqjhp41",
                                      "_01h2xcejqtf2nbrexx3vqjhp41",
                                      "org_01h2xcejqtf2nbrexx3vqjhp41",
                                      "USR_01h2xcejqtf2nbrexx3vqjhp41",
                                      "usr_01H2XCEJQTF2NBREXX3VQJHP41",
                                      "usr-01h2xcejqtf2nbrexx3vqjhp41",
                                      "usr_01h2xcejqtf2nbrexx3vqjhp4",
                                      "usr_01h2xcejqtf2nbrexx3vqjhp411",
                                      "usr_81h2xcejqtf2nbrexx3vqjhp41",
                                      "usr_zzzzzzzzzzzzzzzzzzzzzzzzzz",
                                      "usr_0ih2xcejqtf2nbrexx3vqjhp41",
                                      "usr_0lh2xcejqtf2nbrexx3vqjhp41",
                                      "usr_0oh2xcejqtf2nbrexx3vqjhp41",
                                      "usr_0uh2xcejqtf2nbrexx3vqjhp41",
                                      "usr_ 1h2xcejqtf2nbrexx3vqjhp41",
                                      "usr_0188bac7-4afa-78aa-bc3b-bd1eef28d881",
                                      "usr_usr_01h2xcejqtf2nbrexx3vqj",
                                      "usr_01h2xcejqtf2nbrexx3vqjhp4\n",
                                      "usr_-1h2xcejqtf2nbrexx3vqjhp41",
                                      " usr_01h2xcejqtf2nbrexx3vqjhp41"}) {
    EXPECT_EQ(UserId::parse(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base32("0" + std::string(1, '\0') + std::string(24, '0')), std::nullopt);
}

TEST(TypeId, RoundTrips) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const UserId id = UserId::make(Time(std::chrono::milliseconds(1'700'000'000'000 + i)));
    const std::string text = id.to_string();
    ASSERT_EQ(UserId::parse(text), id);
    ASSERT_TRUE(seen.insert(text).second);
  }
}

TEST(TypeId, EverySingleCharacterChangeIsAnotherIdOrNone) {
  const UserId id{from_hex("0188bac7-4afa-78aa-bc3b-bd1eef28d881")};
  const std::string text = id.to_string();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int other = 0; other < 256; ++other) {
      if (char(other) == text[at]) continue;
      std::string mutant = text;
      mutant[at] = char(other);
      EXPECT_NE(UserId::parse(mutant), id) << mutant;
    }
  }
}

TEST(UuidV7, HoldsItsTimeVersionAndVariant) {
  const Uuid uuid = make_uuid_v7(Time(std::chrono::milliseconds(0x0123456789ab) + std::chrono::microseconds(999)));
  EXPECT_EQ(to_hex(uuid.view()).substr(0, 12), "0123456789ab");
  EXPECT_EQ(uuid.bytes[6] >> 4, 7);
  EXPECT_EQ(uuid.bytes[8] >> 6, 2);
}

TEST(UuidV7, SortsByTimeAndNeverRepeats) {
  const Uuid earlier = make_uuid_v7(Time(std::chrono::milliseconds(1000)));
  const Uuid later = make_uuid_v7(Time(std::chrono::milliseconds(1001)));
  EXPECT_LT(earlier, later);
  EXPECT_LT(to_base32(earlier), to_base32(later));
  EXPECT_NE(make_uuid_v7(Time{}), make_uuid_v7(Time{}));
}

TEST(Uuid, IsSixteenBytes) {
  EXPECT_EQ(Uuid::from_bytes("0123456789abcdef")->view(), "0123456789abcdef");
  EXPECT_EQ(Uuid::from_bytes("0123456789abcde"), std::nullopt);
  EXPECT_EQ(Uuid::from_bytes("0123456789abcdef0"), std::nullopt);
  EXPECT_EQ(Uuid::from_bytes(""), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::base
