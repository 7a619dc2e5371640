#pragma once

#include "wire/fields.h"

#include <array>

/// Structs that the tests of this folder describe; shaped like those of the domain.
namespace gatehouse::wire::example {

struct OrganizationKind {
  static constexpr std::string_view kPrefix = "org";
  static constexpr std::string_view kNoun = "an organization";
};
using OrganizationId = base::Id<OrganizationKind>;

inline constexpr std::array<std::string_view, 3> kColors{"red", "green", "blue"};

struct Invited {
  base::EmailAddress email;
  std::string role;
  static constexpr auto fields() {
    return wire::fields(wire::field("email", &Invited::email), wire::field("role", &Invited::role).length(1, 10));
  }
  bool operator==(const Invited&) const = default;
};

/// Every kind of member that can be read.
struct Everything {
  std::string name;
  base::Secret password;
  base::EmailAddress email;
  OrganizationId organization;
  bool active = false;
  std::int64_t count = 0;
  base::Time at;
  base::ParsedTime from;
  std::optional<std::string> color;
  std::optional<std::int64_t> size;
  std::vector<Invited> members;
  std::optional<std::vector<std::string>> tags;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("name", &Everything::name).length(2, 5).says("What people call it.").example("Ada"),
        wire::field("password", &Everything::password).length(8, 256), wire::field("email", &Everything::email),
        wire::field("organization", &Everything::organization), wire::field("active", &Everything::active),
        wire::field("count", &Everything::count).example("42").range(1, 100), wire::field("at", &Everything::at),
        wire::field("from", &Everything::from), wire::field("color", &Everything::color).one_of(kColors),
        wire::field("size", &Everything::size), wire::field("members", &Everything::members),
        wire::field("tags", &Everything::tags).length(1, 3));
  }
};

}  // namespace gatehouse::wire::example
