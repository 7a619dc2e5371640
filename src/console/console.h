#pragma once

#include "http/route.h"

#include <vector>

/// Serves the web console, which is made of web/console/ when the program is built and talks to /v1 alone.
namespace gatehouse::console {

/// The shell at /console and below it, and what it loads from /console/assets. All of it is the same for everybody and
/// answered from memory: who is signed in, the console asks /v1.
std::vector<http::Route> console_routes();

}  // namespace gatehouse::console
