#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::support {

/// Stands between a client and PostgreSQL and, when told to, breaks the connection at a chosen moment, once. Listens on
/// 127.0.0.1, at a port of its own.
class TcpProxy {
 public:
  /// `url` names the server as libpq does: a TCP host, or the directory of a Unix socket.
  explicit TcpProxy(const std::string& url);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  /// The server's URL with the proxy in its place.
  std::string url() const { return url_ + "&host=127.0.0.1&sslmode=disable&port=" + std::to_string(port_); }
  /// The next request reaches the server, but its answer is thrown away and the connection closed.
  void lose_next_answer() { mode_ = Mode::lose_answer; }
  /// The next request does not reach the server; the connection is closed.
  void lose_next_request() { mode_ = Mode::lose_request; }
  /// From now on nothing passes, but all stays open.
  void fall_silent() { mode_ = Mode::silent; }

 private:
  enum class Mode { pass, lose_answer, lose_request, silent };

  void accept_all();
  void carry(int client);
  int connect_to_server() const;

  const std::string url_;
  std::string host_;
  std::string server_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<Mode> mode_ = Mode::pass;
  std::atomic<bool> stops_ = false;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

}  // namespace gatehouse::support
