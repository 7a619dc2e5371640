#pragma once

#include "api/answer.h"
#include "base/mutation.h"
#include "domain/admit.h"
#include "domain/origin.h"
#include "http/input.h"
#include "http/problem.h"
#include "http/route.h"
#include "wire/read.h"
#include "wire/shape.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Makes rows of the API from operations. An operation is
///   base::Result<Output> operation(const domain::Services&, const Caller&[, const Input&])
/// where Output may be void (204), and its caller type chooses the maker below.
namespace gatehouse::api {

/// What stands in a row beside its operation.
struct Say {
  http::Method method;
  std::string path;
  std::string name;
  std::string summary;
  http::Lane lane = http::Lane::store;
  int success = 200;
  bool takes_form = false;
  /// Makes something though it does not answer 201.
  bool creates = false;
};

/// Who may call a row.
enum class Access { anyone, person, member, platform };

/// A route and what the OpenAPI document says of it.
struct Row {
  http::Route route;
  std::string summary;
  int success = 200;
  bool takes_form = false;
  /// Makes something, and takes an Idempotency-Key.
  bool creates = false;
  Access access = Access::anyone;
  /// Whether an API key does as well as a person.
  bool takes_key = false;
  /// What the caller's role or key must allow; empty when being signed in is enough.
  std::string permission;
  /// Null when there is nothing to send, or no JSON to get.
  const wire::Shape* input = nullptr;
  const wire::Shape* output = nullptr;
  /// What it answers when that is a file: always when `output` is null, and when the caller asks for one.
  std::vector<std::string_view> media_types;

  bool is_v1() const { return route.path.starts_with("/v1/"); }
  /// Changes what has an entity tag: the row takes If-Match.
  bool takes_if_match() const {
    return is_v1() && (route.method == http::Method::patch || route.method == http::Method::del);
  }
  /// Its answer has an entity tag, and GET takes If-None-Match.
  bool has_etag() const {
    return is_v1() && output != nullptr && (route.method == http::Method::get || route.method == http::Method::patch);
  }
};

namespace detail {

template <class Operation>
struct Traits;
template <class Out, class Who, class In>
struct Traits<base::Result<Out> (*)(const domain::Services&, const Who&, const In&)> {
  using Output = Out;
  using Caller = Who;
  using Input = In;
};
template <class Out, class Who>
struct Traits<base::Result<Out> (*)(const domain::Services&, const Who&)> {
  using Output = Out;
  using Caller = Who;
  using Input = void;
};
template <auto operation>
using TraitsOf = Traits<decltype(operation)>;

/// What a row reads that takes nothing: every parameter is one too many.
struct NoInput {
  static constexpr auto fields() { return wire::fields(); }
};

/// GET and DELETE name things in the query, the others in the body.
http::InputRules input_rules(http::Method method, bool takes_form);
Row make_row(const Say& say, const wire::Shape* input, const wire::Shape* output);
/// RFC 8288: the request's own target with another cursor.
std::string link_to_next(const http::Request& request, std::string_view cursor);
/// The RateLimit fields of draft-ietf-httpapi-ratelimit-headers: the policies, and what is left of each.
void append_rate_limits(http::Response& response, const domain::Origin& origin);
/// The answer of a refusal or of an operation, with entity tag, link to the next page, and RateLimit fields.
http::Response finish(const http::Request& request, const domain::Origin& origin, const Row& row,
                      const base::Result<Answer>& answer);

/// Runs `act`, or gives the answer that an earlier request with the same Idempotency-Key got. `caller`: who asks.
base::Result<Answer> idempotently(const domain::Services& services, const domain::Origin& origin, const Row& row,
                                  std::string_view caller, const http::Request& request,
                                  const std::function<base::Result<Answer>()>& act);

template <class T>
base::Result<T> read_input(const http::Request& request, const Row& row) {
  const wire::Source source = TRY(http::input_of(request, input_rules(row.route.method, row.takes_form)));
  return wire::read<T>(source);
}

/// `arguments`: the caller and, when the operation has one, the input.
template <auto operation, class... Arguments>
base::Result<Answer> run(const domain::Services& services, const Arguments&... arguments) {
  if constexpr (std::is_void_v<typename TraitsOf<operation>::Output>) {
    TRY(operation(services, arguments...));
    return Answer{};
  } else {
    return to_answer(TRY(operation(services, arguments...)), arguments...);
  }
}

template <auto operation>
Row shaped_row(const Say& say) {
  using Input = typename TraitsOf<operation>::Input;
  using Output = typename TraitsOf<operation>::Output;
  const wire::Shape* input = nullptr;
  const wire::Shape* output = nullptr;
  if constexpr (!std::is_void_v<Input>) input = &wire::shape_of<Input>();
  if constexpr (!std::is_void_v<Output>) output = &wire::shape_of<Output>();
  Row row = make_row(say, input, output);
  if (std::is_void_v<Output>) row.success = 204;
  if (domain::Table<Output>) row.media_types = {domain::kCsvType};
  return row;
}

/// Gives the row a handler that knows where the request came from: `act(origin, request, row)` is a Result<Answer>.
template <class Act>
Row with_handler(Row row, Act act) {
  row.route.handle = [row, act](const http::Request& request) {
    const domain::Origin origin = domain::origin_of(request);
    return finish(request, origin, row, act(origin, request, row));
  };
  return row;
}

/// Reads the input, when the operation has one, and runs the operation for the caller that `admit(input)` gives. Only
/// who is let in now gets the answer that an earlier request with the same Idempotency-Key of `who` got.
template <auto operation, class Admit>
base::Result<Answer> admit_and_run(const domain::Services& services, const domain::Origin& origin,
                                   const http::Request& request, const Row& row, std::string_view who, Admit admit) {
  using Input = typename TraitsOf<operation>::Input;
  const auto input = TRY((read_input<std::conditional_t<std::is_void_v<Input>, NoInput, Input>>(request, row)));
  const auto caller = TRY(admit(input));
  return idempotently(services, origin, row, who, request, [&] {
    if constexpr (std::is_void_v<Input>) {
      return run<operation>(services, caller);
    } else {
      return run<operation>(services, caller, input);
    }
  });
}

/// Counts the request for whoever makes it. kRateLimited when it is one too many.
base::Result<void> count_request(const domain::Services& services, const domain::Origin& origin,
                                 const std::string& caller);

inline std::string name_of(const domain::SignedIn& person) { return person.account().user.to_string(); }
inline std::string name_of(const domain::Authenticated& who) {
  if (const auto* person = std::get_if<domain::SignedIn>(&who)) return name_of(*person);
  return std::get<domain::KeyHolder>(who).key().id.to_string();
}

}  // namespace detail

/// Whoever holds a live session, by `Authorization: Bearer`, and has not asked too often.
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
