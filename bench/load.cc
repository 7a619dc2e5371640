// Load over HTTP/1.1 for the benchmarks: one thread, many connections that are kept alive, little work for each
// request, since it shares the cores with what it measures. Prints one JSON object.
//
// With a rate, requests are due at even distances whatever the answers do, and each one's latency counts from when it
// was due: an answer that is late delays the next requests on the paper too (no coordinated omission). Without a rate,
// each connection asks again as soon as it has been answered, which finds the greatest throughput.
//
// A file of requests has one for each line: method, path, bearer token, another header field, body, between tabs; "-"
// for none.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <map>
#include <netinet/tcp.h>
#include <optional>
#include <random>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port = 0;
  std::size_t connections = 32;
  double seconds = 5;
  double rate = 0;
  std::string requests;
  std::string fresh;
  double fresh_share = 0.05;
  bool is_once = false;
  std::string answers;
};

[[noreturn]] void fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words{""};
  for (const char c : line) {
    if (c == '\t') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::vector<std::string> read_requests(const std::string& path, std::uint16_t port) {
  std::vector<std::string> requests;
  if (path.empty()) return requests;
  std::ifstream file(path);
  if (!file) fail("can't read " + path);
  for (std::string line; std::getline(file, line);) {
    auto words = split(line);
    if (words.size() != 5) fail("not a request: " + line);
    std::string text =
        fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept: application/json\r\n", words[0], words[1], port);
    if (words[2] != "-") text += "Authorization: Bearer " + words[2] + "\r\n";
    if (words[3] != "-") text += words[3] + "\r\n";
    if (words[4] == "-") words[4].clear();
    if (!words[4].empty()) {
      text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", words[4].size());
    }
    requests.push_back(text + "\r\n" + words[4]);
  }
  return requests;
}

/// What is asked next.
class Source {
 public:
  explicit Source(const Options& options)
      : known_(read_requests(options.requests, options.port)),
        fresh_(read_requests(options.fresh, options.port)),
        share_(options.fresh_share),
        is_once_(options.is_once) {
    if (known_.empty()) fail("there is nothing to ask");
  }

  /// Null when there is none left.
  const std::string* next() {
    if (is_once_) return next_known_ < known_.size() ? &known_[next_known_++] : nullptr;
    if (next_fresh_ < fresh_.size() && std::bernoulli_distribution(share_)(random_)) return &fresh_[next_fresh_++];
    return &known_[std::uniform_int_distribution<std::size_t>(0, known_.size() - 1)(random_)];
  }

 private:
  const std::vector<std::string> known_, fresh_;
  const double share_;
  const bool is_once_;
  std::size_t next_known_ = 0, next_fresh_ = 0;
  std::minstd_rand random_{4};  // NOLINT(cert-msc51-cpp): the same requests each time
};

struct Found {
  std::vector<std::uint32_t> microseconds;
  std::map<int, std::int64_t> statuses;
};

struct Connection {
  int socket = -1;
  bool is_waiting = false;
  Clock::time_point due;
  std::string in;
};

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("can't connect to port " + std::to_string(port));
  }
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

/// The status of the answer that stands in `in` as a whole.
std::optional<int> status_of(const std::string& in) {
  const std::size_t head = in.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  std::size_t length = 0;
  if (const std::size_t at = in.find(kLength); at < head) {
    std::from_chars(in.data() + at + kLength.size(), in.data() + head, length);
  }
  if (in.size() < head + 4 + length) return std::nullopt;
  int status = 0;
  std::from_chars(in.data() + 9, in.data() + 12, status);
  return status;
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), source_(options), poll_(::epoll_create1(0)) {
    if (!options.answers.empty()) answers_.open(options.answers);
    connections_.resize(options.connections);
    for (std::size_t i = 0; i < options.connections; ++i) idle_.push_back(i);
  }

  void run() {
    begin_ = Clock::now();
    const auto end =
        begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    while (Clock::now() < end && !(is_over_ && idle_.size() == connections_.size())) {
      send_what_is_due();
      receive();
    }
    print(std::chrono::duration<double>(Clock::now() - begin_).count());
  }

 private:
  void open(std::size_t number) {
    connections_[number].socket = connect_to(options_.port);
    epoll_event event{EPOLLIN, {.u64 = number}};
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[number].socket, &event);
  }

  Clock::time_point next_due() const {
    return begin_ +
           std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(double(sent_) / options_.rate));
  }

  void send_what_is_due() {
    while (!idle_.empty() && !is_over_) {
      auto due = Clock::now();
      if (options_.rate > 0) {
        if (next_due() > due) return;
        due = next_due();
      }
      const std::string* request = source_.next();
      if (request == nullptr) {
        is_over_ = true;
        return;
      }
      Connection& connection = connections_[idle_.back()];
      if (connection.socket < 0) open(idle_.back());
      idle_.pop_back();
      connection.is_waiting = true;
      connection.due = due;
      if (::send(connection.socket, request->data(), request->size(), MSG_NOSIGNAL) != ssize_t(request->size())) {
        fail("a request could not be sent");
      }
      ++sent_;
    }
  }

  void receive() {
    epoll_event events[64];
    auto longest = Clock::duration(std::chrono::milliseconds(50));
    // With a rate, the next request may be due before any answer comes.
    if (options_.rate > 0 && !idle_.empty() && !is_over_) {
      longest = std::clamp(next_due() - Clock::now(), Clock::duration(0), longest);
    }
    const timespec wait{0, std::chrono::nanoseconds(longest).count()};
    const int count = ::epoll_pwait2(poll_, events, 64, &wait, nullptr);
    for (int i = 0; i < count; ++i) {
      Connection& connection = connections_[events[i].data.u64];
      char buffer[16 * 1024];
      const ssize_t size = ::recv(connection.socket, buffer, sizeof buffer, 0);
      if (size <= 0 && !connection.is_waiting) {
        // The server closes what is idle for long.
        ::close(std::exchange(connection.socket, -1));
        continue;
      }
      if (size <= 0 || !connection.is_waiting) fail("the server closed a connection that waited, or answered twice");
      connection.in.append(buffer, std::size_t(size));
      const auto status = status_of(connection.in);
      if (!status) continue;
      ++found_.statuses[*status];
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.due);
      found_.microseconds.push_back(std::uint32_t(took.count()));
      if (answers_.is_open()) answers_ << connection.in.substr(connection.in.find("\r\n\r\n") + 4) << '\n';
      connection.in.clear();
      connection.is_waiting = false;
      idle_.push_back(events[i].data.u64);
    }
  }

  std::uint32_t quantile(double share) const {
    if (found_.microseconds.empty()) return 0;
    return found_.microseconds[std::size_t(double(found_.microseconds.size() - 1) * share)];
  }

  void print(double seconds) {
    std::ranges::sort(found_.microseconds);
    std::string statuses;
    for (const auto& [status, count] : found_.statuses) {
      statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
    }
    const double unsent = std::max(0.0, options_.rate * seconds - double(sent_));
    fmt::print(R"({{"requests":{},"seconds":{:.6f},"statuses":{{{}}},"p50_us":{},"p90_us":{},"p99_us":{},"max_us":{},)"
               R"("unsent":{:.0f}}})"
               "\n",
               found_.microseconds.size(), seconds, statuses, quantile(0.5), quantile(0.9), quantile(0.99), quantile(1),
               unsent);
  }

  const Options& options_;
  Source source_;
  const int poll_;
  std::vector<Connection> connections_;
  std::vector<std::size_t> idle_;
  Found found_;
  std::ofstream answers_;
  Clock::time_point begin_;
  std::int64_t sent_ = 0;
  bool is_over_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("load over HTTP/1.1");
  app.add_option("--port", options.port)->required();
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--rate", options.rate, "requests a second; as many as are answered when it is 0");
  app.add_option("--requests", options.requests, "a file of requests, asked at random")->required();
  app.add_option("--fresh", options.fresh, "a file of requests, each asked once at most, in order");
  app.add_option("--fresh-share", options.fresh_share, "how many of them among the others");
  app.add_flag("--once", options.is_once, "asks each of --requests once, in order, and ends");
  app.add_option("--answers", options.answers, "a file for the bodies of the answers, a line each");
  CLI11_PARSE(app, argc, argv);
  Load(options).run();
}
