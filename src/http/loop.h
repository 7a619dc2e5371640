#pragma once

#include "base/worker_pool.h"
#include "http/dispatcher.h"

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <unordered_set>

namespace gatehouse::http {

using SteadyClock = std::chrono::steady_clock;
// Typed executors: the type-erased default one costs an allocation or a virtual call for each operation.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<SteadyClock, boost::asio::wait_traits<SteadyClock>, Executor>;

class Connection;

/// What all loops and connections of one server share.
struct Shared {
  Shared(ServerOptions given, Router router, ServerCallbacks callbacks)
      : options(std::move(given)), dispatcher(options, std::move(router), std::move(callbacks)) {}

  const ServerOptions options;
  const Dispatcher dispatcher;
  std::unique_ptr<base::WorkerPool> store;
  std::unique_ptr<base::WorkerPool> hash;
  std::atomic<std::size_t> connections{0};
  /// Of large answers that their clients have not taken yet.
  std::atomic<std::size_t> unsent_bytes{0};
  std::atomic<bool> is_draining{false};
  /// The drain is over: what still waits for a worker is not worth beginning.
  std::atomic<bool> is_abandoned{false};
};

/// One thread's share of a server: a listening socket, its connections and one timer that sweeps their deadlines.
/// Everything but run(), drain(), cut() and finish() is for the loop's own thread.
class Loop {
 public:
  explicit Loop(Shared& shared);
  ~Loop();

  /// Before run(). Returns the endpoint that was bound; throws boost::system::system_error.
  boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& endpoint);
  /// Serves until finish().
  void run();
  /// Closes the listening socket and idle connections.
  void drain();
  /// Closes all connections.
  void cut();
  void finish();

  Executor executor() { return io_.get_executor(); }
  void remove(const std::shared_ptr<Connection>& connection);
  /// The Date field of now.
  std::string_view date();

 private:
  void accept();
  void on_accept(const boost::system::error_code& error);
  void welcome();
  void sweep();

  Shared& shared_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<Executor> work_;
  Acceptor acceptor_;
  Socket next_socket_;
  boost::asio::ip::tcp::endpoint next_peer_;
  Timer retry_timer_;
  Timer sweep_timer_;
  SteadyClock::duration sweep_interval_;
  bool has_accept_error_ = false;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::time_t date_second_ = 0;
  std::string date_;
};

}  // namespace gatehouse::http
