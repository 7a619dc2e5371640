#pragma once

#include "base/errors.h"

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace gatehouse::base {

/// One member of a request that can't be accepted. `pointer` is a JSON pointer (RFC 6901) into the body, or
/// "?name" for a query parameter; `detail` is for people and never repeats a secret.
struct FieldProblem {
  std::string pointer;
  std::string detail;
};

/// Why an operation said no. It is shown to the caller as application/problem+json (RFC 9457), so it holds only
/// what a stranger may read.
struct Refusal {
  const ErrorCode* code;
  std::string detail;
  std::vector<FieldProblem> problems;
  std::optional<std::int64_t> retry_after_seconds;
};

/// The answer of everything that may say no. Broken infrastructure (database gone, disk full) is an exception instead.
template <class T>
using Result = tl::expected<T, Refusal>;

/// A refusal with the code's own title as its detail, or with a detail of its own.
inline tl::unexpected<Refusal> refuse(const ErrorCode& code, std::string detail = {}) {
  if (detail.empty()) detail = code.title;
  return tl::unexpected(Refusal{&code, std::move(detail), {}, std::nullopt});
}

/// A refusal of one field of the request, with the code that says so.
inline tl::unexpected<Refusal> refuse_field(std::string pointer, std::string detail) {
  Refusal refusal{&kInvalidRequest, std::string(kInvalidRequest.title), {}, std::nullopt};
  refusal.problems.push_back({std::move(pointer), std::move(detail)});
  return tl::unexpected(std::move(refusal));
}

namespace detail {
template <class T>
T take(tl::expected<T, Refusal>& result) {
  return std::move(*result);
}
inline void take(tl::expected<void, Refusal>&) {}
}  // namespace detail

}  // namespace gatehouse::base

#define GATEHOUSE_TRY_JOIN(a, b) a##b
#define GATEHOUSE_TRY_NAMED(name, ...)                         \
  __extension__({                                              \
    auto name = (__VA_ARGS__);                                 \
    if (!name) return tl::unexpected(std::move(name.error())); \
    ::gatehouse::base::detail::take(name);                     \
  })
#define GATEHOUSE_TRY_NUMBERED(number, ...) GATEHOUSE_TRY_NAMED(GATEHOUSE_TRY_JOIN(try_result_, number), __VA_ARGS__)

/// The value of a Result, or return its refusal from the function that we are in. Numbered, since one may stand inside
/// another.
#define TRY(...) GATEHOUSE_TRY_NUMBERED(__COUNTER__, __VA_ARGS__)
