#pragma once

#include "base/network.h"

#include <cstdint>
#include <string>

namespace gatehouse::http {

/// The status that a server on this machine answers to `GET path`, within 5 s; 0 when there is no answer. A listener on
/// the unspecified address is asked on loopback.
int probe(const base::IpAddress& address, std::uint16_t port, const std::string& path);

}  // namespace gatehouse::http
