#pragma once

#include "app/metrics.h"
#include "http/route.h"

#include <atomic>
#include <vector>

namespace gatehouse::app {

/// What the management listener serves: /livez, /readyz, /metrics, /version. `is_draining` turns /readyz to 503.
std::vector<http::Route> management_routes(const domain::Services& services, Metrics& metrics,
                                           const std::atomic<bool>& is_draining);

}  // namespace gatehouse::app
