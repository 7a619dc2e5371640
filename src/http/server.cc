#include "http/server.h"

#include "base/scheduling.h"
#include "http/connection.h"

#include <algorithm>
#include <pthread.h>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace gatehouse::http {

namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::milliseconds kDrainPollTime{5};

tcp::endpoint to_endpoint(const base::IpAddress& address, std::uint16_t port) {
  const boost::asio::ip::address_v6 v6(address.bytes);
  if (address.is_v4()) return {boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6), port};
  return {v6, port};
}

/// SO_REUSEPORT would let a second server of the same user share the port in silence; without it, a port that somebody
/// listens on is refused.
void check_free(const tcp::endpoint& endpoint) {
  boost::asio::io_context io;
  Acceptor probe(io);
  probe.open(endpoint.protocol());
  probe.set_option(tcp::acceptor::reuse_address(true));
  probe.bind(endpoint);
}

void check_lane(const Router& router, Lane lane, std::size_t workers, const char* name) {
  const auto& routes = router.routes();
  const bool is_used =
      std::any_of(routes.begin(), routes.end(), [&](const Route& route) { return route.lane == lane; });
  if (is_used && workers == 0)
    throw std::logic_error("rows use the " + std::string(name) + " lane, which has no workers");
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Router router, ServerCallbacks callbacks)
      : shared(std::move(options), std::move(router), std::move(callbacks)) {}

  void listen();

  Shared shared;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
};

void Server::Impl::listen() {
  const ServerOptions& options = shared.options;
  tcp::endpoint endpoint = to_endpoint(options.address, options.port);
  const std::size_t count = options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  try {
    if (options.port != 0) check_free(endpoint);
    for (std::size_t i = 0; i < count; ++i) {
      loops.push_back(std::make_unique<Loop>(shared));
      endpoint = loops.back()->listen(endpoint);
    }
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(),
                            "can't listen on " + options.address.to_string() + " port " + std::to_string(options.port));
  }
  port = endpoint.port();
}

Server::Server(ServerOptions options, Router router, ServerCallbacks callbacks) {
  check_lane(router, Lane::store, options.store_workers, "store");
  check_lane(router, Lane::hash, options.hash_workers, "hash");
  impl_ = std::make_unique<Impl>(std::move(options), std::move(router), std::move(callbacks));
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

void Server::start() {
  Shared& shared = impl_->shared;
  const ServerOptions& options = shared.options;
  impl_->listen();
  shared.store =
      std::make_unique<base::WorkerPool>("store", options.store_workers, options.store_queue, options.store_queue);
  shared.hash = std::make_unique<base::WorkerPool>("hash", options.hash_workers, options.hash_queue,
                                                   options.hash_queue_of_one_network);
  for (const auto& loop : impl_->loops) {
    impl_->threads.emplace_back([&loop = *loop] {
      base::ask_for_short_slices();
      loop.run();
    });
    ::pthread_setname_np(impl_->threads.back().native_handle(), "http");
  }
}

std::uint16_t Server::port() const { return impl_->port; }

void Server::stop(std::chrono::milliseconds drain_time) {
  if (impl_->threads.empty()) return;
  Shared& shared = impl_->shared;
  const auto deadline = SteadyClock::now() + drain_time;
  shared.is_draining = true;
  for (const auto& loop : impl_->loops) loop->drain();
  while (shared.connections > 0 && SteadyClock::now() < deadline) std::this_thread::sleep_for(kDrainPollTime);

  shared.is_abandoned = true;
  for (const auto& loop : impl_->loops) loop->cut();
  shared.store->stop();
  shared.hash->stop();
  for (const auto& loop : impl_->loops) loop->finish();
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
  impl_->loops.clear();
}

}  // namespace gatehouse::http
