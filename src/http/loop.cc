#include "http/loop.h"

#include "base/log.h"
#include "base/log_batch.h"
#include "http/connection.h"
#include "http/response_head.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <sys/socket.h>

namespace gatehouse::http {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::chrono::milliseconds kAcceptRetryTime{100};
constexpr std::chrono::milliseconds kMaxSweepTime{500};
constexpr std::chrono::milliseconds kMinSweepTime{5};

/// Often enough that no limit is overrun by more than a quarter.
SteadyClock::duration sweep_interval(const ServerLimits& limits) {
  const auto least = std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time});
  return std::clamp(least / 4, kMinSweepTime, kMaxSweepTime);
}

base::IpAddress to_ip_address(const boost::asio::ip::address& address) {
  base::IpAddress result;
  result.bytes = address.is_v6()
                     ? address.to_v6().to_bytes()
                     : boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, address.to_v4()).to_bytes();
  return result;
}

}  // namespace

Loop::Loop(Shared& shared)
    : shared_(shared),
      io_(1),
      work_(io_.get_executor()),
      acceptor_(io_),
      next_socket_(io_),
      retry_timer_(io_),
      sweep_timer_(io_),
      sweep_interval_(sweep_interval(shared.options.limits)) {}

Loop::~Loop() = default;

tcp::endpoint Loop::listen(const tcp::endpoint& endpoint) {
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.set_option(ReusePort(true));
  acceptor_.bind(endpoint);
  acceptor_.listen();
  return acceptor_.local_endpoint();
}

void Loop::run() {
  base::log::Batch lines([this, &lines] { boost::asio::post(io_, [&lines] { lines.flush(); }); });
  boost::asio::post(io_, [this] {
    accept();
    sweep();
  });
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& error) {
      base::log::error("a loop of the HTTP server caught an exception", {{"error", error.what()}});
    }
  }
}

void Loop::drain() {
  boost::asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    retry_timer_.cancel();
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->drain();
  });
}

void Loop::cut() {
  boost::asio::post(io_, [this] {
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->close();
  });
}

void Loop::finish() {
  boost::asio::post(io_, [this] {
    sweep_timer_.cancel();
    work_.reset();
    io_.stop();
  });
}

void Loop::accept() {
  acceptor_.async_accept(next_socket_, next_peer_, [this](const error_code& error) { on_accept(error); });
}

void Loop::on_accept(const error_code& error) {
  if (!acceptor_.is_open()) {
    error_code ignored;
    next_socket_.close(ignored);
    return;
  }
  if (!error) {
    has_accept_error_ = false;
    welcome();
    return accept();
  }
  if (error == boost::asio::error::connection_aborted) return accept();
  // Out of descriptors or memory: the connection stays in the backlog, so asking again at once would spin.
  if (!std::exchange(has_accept_error_, true)) {
    base::log::error("connections can't be accepted", {{"error", error.message()}});
  }
  retry_timer_.expires_after(kAcceptRetryTime);
  retry_timer_.async_wait([this](const error_code& cancelled) {
    if (!cancelled && acceptor_.is_open()) accept();
  });
}

void Loop::welcome() {
  Socket socket = std::move(next_socket_);
  next_socket_ = Socket(io_);
  if (shared_.connections.fetch_add(1) >= shared_.options.limits.connections) {
    --shared_.connections;
    return;
  }
  try {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection =
        std::make_shared<Connection>(*this, shared_, std::move(socket), to_ip_address(next_peer_.address()));
    connections_.insert(connection);
    connection->start();
  } catch (const std::bad_alloc&) {
    --shared_.connections;
    base::log::error("a connection was dropped for want of memory");
  }
}

void Loop::sweep() {
  const auto now = SteadyClock::now();
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& connection : connections_) {
    if (connection->is_late(now)) late.push_back(connection);
  }
  for (const auto& connection : late) connection->time_out();
  sweep_timer_.expires_after(sweep_interval_);
  sweep_timer_.async_wait([this](const error_code& cancelled) {
    if (!cancelled) sweep();
  });
}

void Loop::remove(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) > 0) --shared_.connections;
}

std::string_view Loop::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    date_ = format_date(now);
  }
  return date_;
}

}  // namespace gatehouse::http
