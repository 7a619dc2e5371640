#pragma once

#include "base/text.h"
#include "http/chunked.h"

#include <arpa/inet.h>
#include <chrono>
#include <limits>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gatehouse::http {

/// An answer as it stood on the wire. For tests.
struct RawAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::optional<std::string> header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
};

/// A socket that sends exactly the bytes it is told to. For tests.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("can't connect");
    }
  }
  RawClient(RawClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(std::size_t(sent));
    }
    return true;
  }

  /// The next answer; status 0 when the server closed or said nothing for `patience`.
  RawAnswer answer(bool to_head_request = false, std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    RawAnswer result;
    std::size_t end;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(patience)) return result;
    }
    const std::string head = received_.substr(0, end);
    received_.erase(0, end + 4);
    bool is_first = true;
    for (std::string_view line : base::split(head, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (std::exchange(is_first, false)) {
        result.status = std::stoi(std::string(line.substr(9, 3)));
        continue;
      }
      const auto colon = line.find(": ");
      result.headers.emplace_back(base::to_lower_ascii(line.substr(0, colon)), line.substr(colon + 2));
    }
    if (to_head_request) return result;
    if (result.header("transfer-encoding") == "chunked") {
      ChunkedReader chunks(std::numeric_limits<std::size_t>::max());
      for (;;) {
        std::string_view input = received_;
        const auto state = chunks.read(input, result.body);
        received_ = std::string(input);
        if (state == ChunkedReader::State::done) return result;
        if (state != ChunkedReader::State::more || !receive(patience)) return RawAnswer();
      }
    }
    const auto length = result.header("content-length");
    if (!length) return result;
    while (received_.size() < std::stoul(*length)) {
      if (!receive(patience)) return RawAnswer();
    }
    result.body = received_.substr(0, std::stoul(*length));
    received_.erase(0, result.body.size());
    return result;
  }

  RawAnswer ask(std::string_view request) {
    send(request);
    return answer();
  }

  /// True when the server ends the connection within `patience` and sends nothing more before.
  bool is_closed(std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    while (receive(patience)) {
    }
    return is_ended_ && received_.empty();
  }

  /// Bytes that came and were not taken as an answer.
  const std::string& left() const { return received_; }

  /// True when something came, or the other side ended, within `patience`.
  bool wait(std::chrono::milliseconds patience) {
    pollfd poll{fd_, POLLIN, 0};
    return ::poll(&poll, 1, int(patience.count())) > 0;
  }

 private:
  bool receive(std::chrono::milliseconds patience) {
    if (is_ended_ || !wait(patience)) return false;
    char bytes[16384];
    const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      is_ended_ = true;
      return false;
    }
    received_.append(bytes, std::size_t(count));
    return true;
  }

  int fd_;
  std::string received_;
  bool is_ended_ = false;
};

/// "GET /path" and fields as a whole request with a Host.
inline std::string request(std::string_view start, std::string_view fields = {}, std::string_view body = {}) {
  return std::string(start) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace gatehouse::http
