#pragma once

#include "http/router.h"
#include "http/server_options.h"

#include <memory>

namespace gatehouse::http {

/// An HTTP/1.1 server (RFC 9110, RFC 9112) on one address. A program may have several of them. start() and stop() are
/// called from one thread.
class Server {
 public:
  /// Throws std::logic_error when a row's lane has no workers.
  Server(ServerOptions options, Router router, ServerCallbacks callbacks = {});
  /// Stops without waiting for clients.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and returns. Throws std::system_error when the address can't be had. Called once.
  void start();
  /// The port that is listened on, once started.
  std::uint16_t port() const;
  /// Takes no more connections, closes idle ones, lets requests that have begun finish for up to `drain_time`, then
  /// cuts what is left. Handlers that have started are waited for even then; those still waiting for a worker are
  /// dropped. May be called more than once.
  void stop(std::chrono::milliseconds drain_time);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::http
