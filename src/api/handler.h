#pragma once

#include "api/answer.h"
#include "api/row.h"
#include "domain/origin.h"
#include "domain/services.h"
#include "http/input.h"
#include "http/problem.h"
#include "wire/read.h"

#include <functional>
#include <optional>
#include <string>

/// How a row reads, runs and answers. For endpoint.h, and for rows whose answer is a file.
namespace gatehouse::api::detail {

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
http::InputRules input_rules(const Row& row);
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
  const wire::Source source = TRY(http::input_of(request, input_rules(row)));
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
  if constexpr (!std::is_void_v<Output>) output = &wire::shape_of<typename ShapeOf<Output>::type>();
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

}  // namespace gatehouse::api::detail
