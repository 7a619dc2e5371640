#pragma once

#include "api/handler.h"
#include "base/mutation.h"
#include "domain/admit.h"

#include <type_traits>

/// Makes rows of the API from operations. An operation is
///   base::Result<Output> operation(const domain::Services&, const Caller&[, const Input&])
/// where Output may be void (204), and its caller type chooses the maker below.
namespace gatehouse::api {

namespace detail {

inline std::string name_of(const domain::SignedIn& person) { return person.account().user.to_string(); }
inline std::string name_of(const domain::Authenticated& who) {
  if (const auto* person = std::get_if<domain::SignedIn>(&who)) return name_of(*person);
  return std::get<domain::KeyHolder>(who).key().id.to_string();
}

}  // namespace detail

/// Whoever holds a live session, by `Authorization: Bearer` or a browser's cookie, and has not asked too often.
base::Result<domain::SignedIn> sign_in_of(const domain::Services& services, const domain::Origin& origin,
                                          const http::Request& request);

/// The same, or whoever holds an API key.
base::Result<domain::Authenticated> credential_of(const domain::Services& services, const domain::Origin& origin,
                                                  const http::Request& request);

template <auto operation>
Row open_to_all(const domain::Services& services, const Say& say) {
  return detail::with_handler(detail::shaped_row<operation>(say),
                              [&services](const domain::Origin& origin, const http::Request& request, const Row& self) {
                                // Strangers are told apart by their network only: another one's key is not theirs.
                                return detail::admit_and_run<operation>(
                                    services, origin, request, self, base::network_of(origin.address),
                                    [&](const auto&) { return base::Result<domain::Anyone>(domain::Anyone{origin}); });
                              });
}

template <auto operation>
Row signed_in(const domain::Services& services, const Say& say) {
  Row row = detail::shaped_row<operation>(say);
  row.access = Access::person;
  return detail::with_handler(std::move(row),
                              [&services](const domain::Origin& origin, const http::Request& request,
                                          const Row& self) -> base::Result<detail::Answer> {
                                const domain::SignedIn caller = TRY(sign_in_of(services, origin, request));
                                return detail::admit_and_run<operation>(
                                    services, origin, request, self, detail::name_of(caller),
                                    [&](const auto&) { return base::Result<domain::SignedIn>(caller); });
                              });
}

/// For members of one organization and its API keys: `organization` is a member of the input that names it, or a
/// function `base::Result<OrganizationId>(const Services&[, const Authenticated&], const Input&)` that finds the one
/// which owns what the input names, or which the caller means. An empty `permission`: being there is enough.
template <auto operation, auto organization>
Row in_organization(const domain::Services& services, const Say& say, std::string_view permission) {
  Row row = detail::shaped_row<operation>(say);
  row.access = Access::member;
  row.takes_key = !domain::is_owner_only(permission) && permission != domain::kApiKeysManage;
  row.permission = permission;
  return detail::with_handler(
      std::move(row),
      [&services, permission](const domain::Origin& origin, const http::Request& request,
                              const Row& self) -> base::Result<detail::Answer> {
        const domain::Authenticated who = TRY(credential_of(services, origin, request));
        const std::string_view needed = base::mutated_permission(self.route.name, permission);
        return detail::admit_and_run<operation>(
            services, origin, request, self, detail::name_of(who),
            [&](const auto& input) -> base::Result<domain::InOrganization> {
              store::OrganizationId id;
              if constexpr (std::is_member_object_pointer_v<decltype(organization)>) {
                id = input.*organization;
              } else if constexpr (std::is_invocable_v<decltype(organization), const domain::Services&,
                                                       const domain::Authenticated&, decltype(input)>) {
                id = TRY(organization(services, who, input));
              } else {
                id = TRY(organization(services, input));
              }
              return domain::Admission::in_organization(services, who, id, needed);
            });
      });
}

/// For operators and the keys of the platform that hold `permission` (domain::platform).
template <auto operation>
Row for_operators(const domain::Services& services, const Say& say, std::string_view permission) {
  Row row = detail::shaped_row<operation>(say);
  row.access = Access::platform;
  row.takes_key = permission != domain::platform::kOwn;
  row.permission = permission;
  return detail::with_handler(
      std::move(row),
      [&services, permission](const domain::Origin& origin, const http::Request& request,
                              const Row& self) -> base::Result<detail::Answer> {
        const domain::Authenticated who = TRY(credential_of(services, origin, request));
        const std::string_view needed = base::mutated_permission(self.route.name, permission);
        const domain::Operator caller = TRY(domain::Admission::as_operator(services, who, needed));
        return detail::admit_and_run<operation>(services, origin, request, self, detail::name_of(who),
                                                [&](const auto&) { return base::Result<domain::Operator>(caller); });
      });
}

template <auto operation>
Row for_statistics(const domain::Services& services, const Say& say) {
  Row row = detail::shaped_row<operation>(say);
  row.access = Access::person;
  row.permission = domain::kStatsRead;
  return detail::with_handler(std::move(row),
                              [&services](const domain::Origin& origin, const http::Request& request,
                                          const Row& self) -> base::Result<detail::Answer> {
                                domain::SignedIn person = TRY(sign_in_of(services, origin, request));
                                const std::string who = detail::name_of(person);
                                return detail::admit_and_run<operation>(
                                    services, origin, request, self, who, [&](const auto&) {
                                      return domain::Admission::statistics_reader(std::move(person));
                                    });
                              });
}

}  // namespace gatehouse::api
