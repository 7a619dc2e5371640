#pragma once

#include "http/message.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::http {

/// Which threads run a route: `memory` on the loop itself (never touches the database, never blocks), `store` on
/// workers with blocking database code, `hash` on workers that may wait for a password hash.
enum class Lane { memory, store, hash };

/// Who gets this answer, by the Accept header: `page` is for browsers (text/html named in Accept), `json` for all
/// others. Two rows may share a method and a path when they differ in this.
enum class Produces { json, page };

/// One row of the route table. The row, not the text of the path, decides limits and lane.
struct Route {
  Method method;
  std::string path;  // "/v1/organizations/{organization}/members"
  Produces produces = Produces::json;
  Lane lane = Lane::store;
  std::size_t body_limit = 64 * 1024;
  /// False for GET rows that take no body: one is refused with 413 then.
  bool takes_body = false;
  /// Must not throw for bad input; anything thrown is answered as 500 (503 for db and hasher trouble) by the server's
  /// error handler.
  std::function<Response(const Request&)> handle;
  /// Of a row of another lane: what it answers from memory, on the loop itself; nothing when handle() has to be asked.
  /// Throws as handle() does.
  std::function<std::optional<Response>(const Request&)> answer_from_memory = {};
  /// For humans and metrics: "sign_up".
  std::string name;
};

}  // namespace gatehouse::http
