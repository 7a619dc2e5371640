#include "tests/support/tcp_proxy.h"

#include <arpa/inet.h>
#include <array>
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::support {
namespace {

constexpr int kPollMilliseconds = 5;

bool send_all(int socket, const char* data, ssize_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, data, std::size_t(size), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= sent;
  }
  return true;
}

}  // namespace

TcpProxy::TcpProxy(const std::string& url) : url_(url), host_("127.0.0.1"), server_port_("5432") {
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view(option->keyword) == "host") host_ = option->val;
    if (std::string_view(option->keyword) == "port") server_port_ = option->val;
  }
  PQconninfoFree(options);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the proxy can't listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { accept_all(); });
}

TcpProxy::~TcpProxy() {
  stops_ = true;
  acceptor_.join();
  connections_.clear();
  ::close(listener_);
}

void TcpProxy::accept_all() {
  while (!stops_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client >= 0) connections_.emplace_back([this, client] { carry(client); });
  }
}

int TcpProxy::connect_to_server() const {
  if (host_.starts_with('/')) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = host_ + "/.s.PGSQL." + server_port_;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? server : -1;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host_.c_str(), server_port_.c_str(), &hints, &found) != 0) return -1;
  const int server = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = ::connect(server, found->ai_addr, found->ai_addrlen) == 0;
  ::freeaddrinfo(found);
  return connected ? server : -1;
}

void TcpProxy::carry(int client) {
  const int server = connect_to_server();
  std::array<char, 16384> buffer{};
  for (bool open = server >= 0; open && !stops_;) {
    std::array<pollfd, 2> sides{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(sides.data(), sides.size(), kPollMilliseconds) <= 0) continue;
    for (std::size_t side = 0; side < 2 && open; ++side) {
      if (sides[side].revents == 0) continue;
      const ssize_t size = ::recv(sides[side].fd, buffer.data(), buffer.size(), 0);
      const Mode mode = mode_;
      if (mode == Mode::silent) continue;
      const bool lost = mode == (side == 0 ? Mode::lose_request : Mode::lose_answer);
      if (lost) mode_ = Mode::pass;
      open = size > 0 && !lost && send_all(sides[1 - side].fd, buffer.data(), size);
    }
  }
  ::close(client);
  if (server >= 0) ::close(server);
}

}  // namespace gatehouse::support
