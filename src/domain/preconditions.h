#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "wire/write.h"

#include <string>
#include <string_view>

namespace gatehouse::domain {

/// The strong entity tag (RFC 9110 section 8.8.3) of a representation: it changes if and only if its bytes do.
std::string etag_of(std::string_view representation);

/// kPreconditionFailed unless the request has no If-Match (RFC 9110 section 13.1.1) or it names this representation.
base::Result<void> require_match_of(const Origin& origin, std::string_view representation);

/// The same for what GET shows of a thing. Called with the lock or fence held under which the change is made.
template <class View>
base::Result<void> require_match(const Origin& origin, const View& view) {
  if (!origin.if_match) return {};
  return require_match_of(origin, wire::write(view));
}

}  // namespace gatehouse::domain
