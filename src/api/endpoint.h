#pragma once

#include "domain/admit.h"
#include "domain/origin.h"
#include "http/input.h"
#include "http/problem.h"
#include "http/route.h"
#include "wire/read.h"
#include "wire/shape.h"
#include "wire/write.h"

#include <concepts>
#include <string>
#include <string_view>

/// Makes rows of the API from operations. An operation is
///   base::Result<Output> operation(const domain::Services&, const Caller&[, const Input&])
/// and its caller type chooses the maker: open_to_all, signed_in, in_organization, for_statistics.
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
};

/// A route and what the OpenAPI document says of it.
struct Row {
  http::Route route;
  std::string summary;
  int success = 200;
  bool takes_form = false;
  bool needs_token = false;
  /// What the caller's role must allow; empty when being signed in is enough.
  std::string permission;
  /// Null when there is nothing to send, or no JSON to get.
  const wire::Shape* input = nullptr;
  const wire::Shape* output = nullptr;
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
/// The row without its handler.
Row make_row(const Say& say, const wire::Shape* input, const wire::Shape* output);
/// The answer of a refusal or of JSON text, with the RateLimit fields of the limits that were touched.
http::Response finish(const http::Request& request, const domain::Origin& origin, int success,
                      const base::Result<std::string>& json);

template <class T>
base::Result<T> read_input(const http::Request& request, const Say& say) {
  const wire::Source source = TRY(http::input_of(request, input_rules(say.method, say.takes_form)));
  return wire::read<T>(source);
}

template <auto operation, class Caller>
base::Result<std::string> run(const domain::Services& services, const Caller& caller) {
  return wire::write(TRY(operation(services, caller)));
}
template <auto operation, class Caller, class Input>
base::Result<std::string> run(const domain::Services& services, const Caller& caller, const Input& input) {
  return wire::write(TRY(operation(services, caller, input)));
}

template <auto operation>
Row shaped_row(const Say& say) {
  using Input = typename TraitsOf<operation>::Input;
  using Output = typename TraitsOf<operation>::Output;
  const wire::Shape* input = nullptr;
  if constexpr (!std::is_void_v<Input>) input = &wire::shape_of<Input>();
  return make_row(say, input, &wire::shape_of<Output>());
}

/// A handler that knows where the request came from: `act(origin, request)` gives the JSON of the answer.
template <class Act>
auto handler(const Say& say, Act act) {
  return [success = say.success, act](const http::Request& request) {
    const domain::Origin origin = domain::origin_of(request);
    return finish(request, origin, success, act(origin, request));
  };
}

}  // namespace detail

/// Whoever holds a live session, by `Authorization: Bearer`.
inline base::Result<domain::SignedIn> sign_in_of(const domain::Services& services, const domain::Origin& origin,
                                                 const http::Request& request) {
  return domain::Admission::signed_in(services, origin, request.header("authorization"));
}

template <auto operation>
Row open_to_all(const domain::Services& services, const Say& say) {
  using Input = typename detail::TraitsOf<operation>::Input;
  Row row = detail::shaped_row<operation>(say);
  row.route.handle = detail::handler(
      say, [&services, say](const domain::Origin& origin, const http::Request& request) -> base::Result<std::string> {
        const auto input = TRY(detail::read_input<Input>(request, say));
        return detail::run<operation>(services, domain::Anyone{origin}, input);
      });
  return row;
}

template <auto operation>
Row signed_in(const domain::Services& services, const Say& say) {
  Row row = detail::shaped_row<operation>(say);
  row.needs_token = true;
  row.route.handle = detail::handler(
      say, [&services, say](const domain::Origin& origin, const http::Request& request) -> base::Result<std::string> {
        using Input = typename detail::TraitsOf<operation>::Input;
        const domain::SignedIn caller = TRY(sign_in_of(services, origin, request));
        if constexpr (std::is_void_v<Input>) {
          TRY(detail::read_input<detail::NoInput>(request, say));
          return detail::run<operation>(services, caller);
        } else {
          const auto input = TRY(detail::read_input<Input>(request, say));
          return detail::run<operation>(services, caller, input);
        }
      });
  return row;
}

/// For members of one organization: `organization` is a member of the input that names it, or a function
/// `base::Result<OrganizationId>(const Services&, const Input&)` that finds the one which owns what the input names.
template <auto operation, auto organization>
Row in_organization(const domain::Services& services, const Say& say, std::string_view permission) {
  Row row = detail::shaped_row<operation>(say);
  row.needs_token = true;
  row.permission = permission;
  row.route.handle = detail::handler(
      say,
      [&services, say, permission](const domain::Origin& origin,
                                   const http::Request& request) -> base::Result<std::string> {
        using Input = typename detail::TraitsOf<operation>::Input;
        domain::SignedIn person = TRY(sign_in_of(services, origin, request));
        const auto input = TRY(detail::read_input<Input>(request, say));
        store::OrganizationId id;
        if constexpr (std::is_member_object_pointer_v<decltype(organization)>) {
          id = input.*organization;
        } else {
          id = TRY(organization(services, input));
        }
        const auto caller = TRY(domain::Admission::in_organization(services, std::move(person), id, permission));
        return detail::run<operation>(services, caller, input);
      });
  return row;
}

template <auto operation>
Row for_statistics(const domain::Services& services, const Say& say) {
  Row row = detail::shaped_row<operation>(say);
  row.needs_token = true;
  row.permission = domain::kStatsRead;
  row.route.handle = detail::handler(
      say, [&services, say](const domain::Origin& origin, const http::Request& request) -> base::Result<std::string> {
        using Input = typename detail::TraitsOf<operation>::Input;
        domain::SignedIn person = TRY(sign_in_of(services, origin, request));
        const auto input = TRY(detail::read_input<Input>(request, say));
        const auto reader = TRY(domain::Admission::statistics_reader(std::move(person)));
        return detail::run<operation>(services, reader, input);
      });
  return row;
}

}  // namespace gatehouse::api
