#pragma once

#include "base/network.h"
#include "http/message.h"

#include <vector>

namespace gatehouse::http {

struct ClientAddress {
  base::IpAddress address;
  /// False when the walk ended at a trusted proxy: it did not say, or not readably, for whom it asks.
  bool is_certain;
};

/// Who asks: the peer itself or, when the peer is a trusted proxy, the rightmost hop of X-Forwarded-For that is not
/// one. A hop that can't be read ends the walk at the last good one, so that nonsense never counts as a client of its
/// own.
ClientAddress client_address(const base::IpAddress& peer, const Headers& headers,
                             const std::vector<base::Network>& trusted_proxies);

bool is_forwarding_field(std::string_view name);

}  // namespace gatehouse::http
