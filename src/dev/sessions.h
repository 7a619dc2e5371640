#pragma once

#include "domain/services.h"
#include "domain/sessions.h"

#include <cstdint>
#include <functional>

namespace gatehouse::dev {

/// Begins that many sessions of made-up people, each in its organization, one person after the other and around again,
/// and gives their tokens and whose they are to `take`: 100 people of each of the 100 oldest organizations, at most.
/// std::runtime_error when there are no made-up people.
void begin_sessions(const domain::Services& services, std::int64_t count,
                    const std::function<void(const domain::TokenPair&, const base::EmailAddress&)>& take);

}  // namespace gatehouse::dev
