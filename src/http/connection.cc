#include "http/connection.h"

#include "base/log.h"
#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

namespace gatehouse::http {

namespace {

using boost::system::error_code;

constexpr std::size_t kBufferBytes = 4096;
/// Up to it an answer is not counted in Shared::unsent_bytes.
constexpr std::size_t kSmallAnswerBytes = 64 * 1024;
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kMaxLingerBytes = 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

HeadLimits head_limits(const ServerLimits& limits) { return {limits.header_bytes, limits.target_bytes}; }

}  // namespace

Connection::Connection(Loop& loop, Shared& shared, Socket socket, const base::IpAddress& peer)
    : loop_(loop),
      shared_(shared),
      socket_(std::move(socket)),
      peer_(peer),
      buffer_(kBufferBytes),
      scanner_(head_limits(shared.options.limits)) {}

/// What is thrown on the loop's thread ends the one connection, not the loop.
template <class Step>
void Connection::guard(Step step) {
  try {
    step();
  } catch (const std::exception& error) {
    base::log::error("a connection failed", {{"error", error.what()}});
    close();
  }
}

void Connection::enter(State state, SteadyClock::duration time) {
  state_ = state;
  deadline_ = time == SteadyClock::duration::max() ? SteadyClock::time_point::max() : SteadyClock::now() + time;
}

std::string_view Connection::unread() const { return {buffer_.data() + begin_, end_ - begin_}; }

void Connection::consume(std::size_t bytes) { begin_ += bytes; }

void Connection::start() {
  enter(State::idle, shared_.options.limits.header_time);
  guard([this] { read(); });
}

void Connection::make_room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > kBufferBytes && state_ == State::idle) {
      buffer_ = std::vector<char>(kBufferBytes);
    }
  }
  if (end_ < buffer_.size()) return;
  if (begin_ == 0) {
    // Only a head is kept here as a whole, and the scanner refuses one that is too long.
    buffer_.resize(buffer_.size() * 2);
    return;
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
}

void Connection::read() {
  make_room();
  socket_.async_read_some(boost::asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                          [self = shared_from_this(), epoch = epoch_](const error_code& error, std::size_t bytes) {
                            if (epoch != self->epoch_) return;
                            if (error) return self->close();
                            self->end_ += bytes;
                            self->guard([&] { self->advance(); });
                          });
}

void Connection::advance() {
  switch (state_) {
    case State::idle: enter(State::head, shared_.options.limits.header_time); return advance_head();
    case State::head: return advance_head();
    case State::body: return advance_body();
    case State::lingering:
      lingered_bytes_ += end_ - begin_;
      begin_ = end_ = 0;
      return lingered_bytes_ > kMaxLingerBytes ? close() : read();
    case State::handling:
    case State::writing:
    case State::closed: return;
  }
}

void Connection::advance_head() {
  const auto size = scanner_.scan(unread());
  if (!size) return fail(size.error());
  if (!*size) return read();
  constexpr std::size_t kEmptyLineBytes = 2;
  if (**size > kEmptyLineBytes) return on_head(**size);
  // RFC 9112 section 2.2: one empty line before a request is the mistake of an old client.
  if (std::exchange(has_skipped_empty_line_, true)) return refuse(base::kMalformedRequest);
  consume(kEmptyLineBytes);
  scanner_ = HeadScanner(head_limits(shared_.options.limits));
  advance_head();
}

void Connection::on_head(std::size_t bytes) {
  started_at_ = SteadyClock::now();
  auto head = parse_head(unread().substr(0, bytes), head_limits(shared_.options.limits));
  consume(bytes);
  if (!head) return fail(head.error());
  framing_ = head->framing;
  plan_ = shared_.dispatcher.plan(std::move(*head), peer_);
  if (plan_.route == nullptr) return respond(std::move(plan_.answer), plan_.must_close);
  if (framing_.has_body()) return begin_body();
  handle();
}

void Connection::begin_body() {
  enter(State::body, shared_.options.limits.body_time);
  if (framing_.is_chunked) {
    chunks_.emplace(plan_.route->body_limit);
  } else {
    plan_.request.body.reserve(std::size_t(framing_.content_length));
  }
  if (framing_.expects_continue && unread().empty()) return ask_for_body();
  advance_body();
}

void Connection::ask_for_body() {
  boost::asio::async_write(socket_, boost::asio::buffer(kContinue.data(), kContinue.size()),
                           [self = shared_from_this(), epoch = epoch_](const error_code& error, std::size_t) {
                             if (epoch != self->epoch_) return;
                             if (error) return self->close();
                             self->guard([&] { self->read(); });
                           });
}

void Connection::advance_body() {
  std::string& body = plan_.request.body;
  std::string_view input = unread();
  if (framing_.is_chunked) {
    const std::size_t before = input.size();
    const auto state = chunks_->read(input, body);
    consume(before - input.size());
    switch (state) {
      case ChunkedReader::State::more: return read();
      case ChunkedReader::State::bad: return refuse(base::kMalformedRequest);
      case ChunkedReader::State::too_large: return refuse(base::kPayloadTooLarge);
      case ChunkedReader::State::done: return handle();
    }
  }
  const std::size_t taken = std::min(std::size_t(framing_.content_length) - body.size(), input.size());
  body.append(input.substr(0, taken));
  consume(taken);
  if (body.size() < framing_.content_length) return read();
  handle();
}

void Connection::handle() {
  enter(State::handling, SteadyClock::duration::max());
  if (auto response = shared_.dispatcher.run_from_memory(*plan_.route, plan_.request)) {
    return respond(std::move(*response), false);
  }
  switch (plan_.route->lane) {
    case Lane::memory: return respond(shared_.dispatcher.run(*plan_.route, plan_.request), false);
    case Lane::store: return submit(*shared_.store);
    case Lane::hash: return submit(*shared_.hash);
  }
}

void Connection::submit(base::WorkerPool& pool) {
  const bool is_taken = pool.try_submit(base::network_of(plan_.request.client), [self = shared_from_this()]() mutable {
    if (self->shared_.is_abandoned) return;
    Response response = self->shared_.dispatcher.run(*self->plan_.route, self->plan_.request);
    const Executor executor = self->loop_.executor();
    boost::asio::post(executor, [self = std::move(self), response = std::move(response)]() mutable {
      if (self->state_ != State::handling) return;
      self->guard([&] { self->respond(std::move(response), false); });
    });
  });
  if (!is_taken) respond(overloaded(), false);
}

Response Connection::overloaded() const {
  const base::Refusal refusal{&base::kOverloaded, std::string(base::kOverloaded.title), {}, 1};
  return shared_.dispatcher.refuse(refusal, plan_.request, plan_.route);
}

/// Gives back what it held before.
void Connection::hold(std::size_t bytes) {
  shared_.unsent_bytes -= std::exchange(held_bytes_, 0);
  if (bytes <= kSmallAnswerBytes) return;
  shared_.unsent_bytes += bytes;
  held_bytes_ = bytes;
}

/// Clients that take no answer must not fill the memory with them.
bool Connection::may_hold(std::size_t bytes) {
  hold(bytes);
  if (held_bytes_ == 0 || shared_.unsent_bytes <= shared_.options.limits.unsent_bytes) return true;
  hold(0);
  return false;
}

void Connection::refuse(const base::ErrorCode& code) { fail({&code, std::string(code.title), {}, std::nullopt}); }

void Connection::fail(const base::Refusal& refusal) {
  if (state_ == State::body) {
    respond(shared_.dispatcher.refuse(refusal, plan_.request, plan_.route), true);
  } else {
    started_at_ = SteadyClock::now();
    framing_ = Framing();
    plan_ = shared_.dispatcher.plan_refusal(refusal, peer_);
    respond(std::move(plan_.answer), true);
  }
}

void Connection::respond(Response response, bool must_close) {
  if (!may_hold(response.body.size())) response = overloaded();
  shared_.dispatcher.finish(response, plan_);
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - started_at_).count();
  if (!is_sendable(response)) {
    base::log::error("an answer was dropped because it can't be sent safely",
                     {{"request_id", plan_.request.request_id}, {"status", response.status}});
    shared_.dispatcher.report(plan_, 500, seconds);
    return close();
  }
  must_linger_ = must_close;
  keep_alive_ = framing_.keep_alive && !must_close && !shared_.is_draining;
  const BodyEnd end = !response.next_part     ? BodyEnd::length
                      : framing_.takes_chunks ? BodyEnd::last_chunk
                                              : BodyEnd::close;
  head_out_ = write_head(response, {plan_.request.request_id, loop_.date(), keep_alive_, shared_.options.hsts, end});
  body_out_.clear();
  if (has_body(response) && plan_.request.method != Method::head) {
    next_part_ = std::move(response.next_part);
    const bool is_chunk = end == BodyEnd::last_chunk && !response.body.empty();
    body_out_ = is_chunk ? to_chunk(response.body) : std::move(response.body);
  }
  shared_.dispatcher.report(plan_, response.status, seconds);
  write();
}

void Connection::make_next_part() {
  enter(State::handling, SteadyClock::duration::max());
  auto make = [self = shared_from_this()]() mutable {
    if (self->shared_.is_abandoned) return;
    auto part = self->shared_.dispatcher.run_part(self->plan_, self->next_part_);
    const Executor executor = self->loop_.executor();
    boost::asio::post(executor, [self = std::move(self), part = std::move(part)]() mutable {
      if (self->state_ != State::handling) return;
      self->guard([&] { self->write_part(std::move(part)); });
    });
  };
  if (!shared_.store->submit_more(base::network_of(plan_.request.client), std::move(make))) close();
}

void Connection::write_part(std::optional<std::string> part) {
  if (!part) return close();
  if (part->empty()) next_part_ = nullptr;
  head_out_.clear();
  body_out_ = framing_.takes_chunks ? to_chunk(*part) : std::move(*part);
  hold(body_out_.size());
  write();
}

void Connection::write() {
  const std::chrono::seconds extra(body_out_.size() / shared_.options.limits.write_bytes_per_second);
  enter(State::writing, shared_.options.limits.write_time + extra);
  const std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(head_out_), boost::asio::buffer(body_out_)};
  boost::asio::async_write(socket_, parts,
                           [self = shared_from_this(), epoch = epoch_](const error_code& error, std::size_t) {
                             if (epoch != self->epoch_) return;
                             if (error) return self->close();
                             self->guard([&] { self->on_written(); });
                           });
}

void Connection::on_written() {
  if (next_part_) return make_next_part();
  hold(0);
  // An assignment would keep their memory for as long as the client is idle.
  std::string().swap(head_out_);
  std::string().swap(body_out_);
  if (!keep_alive_) return must_linger_ ? linger() : close();
  // Drained between the answer and now: nothing told the client, but it has begun no other request either.
  if (shared_.is_draining && has_read_all()) return close();
  plan_ = Plan();
  chunks_.reset();
  scanner_ = HeadScanner(head_limits(shared_.options.limits));
  has_skipped_empty_line_ = false;
  enter(State::idle, shared_.options.limits.idle_time);
  if (unread().empty()) return read();
  advance();
}

/// Closing while bytes of the client are unread makes the kernel reset the connection, and the answer may be lost on
/// the way: so what comes is thrown away for a moment (RFC 9112 section 9.6).
void Connection::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  enter(State::lingering, kLingerTime);
  begin_ = end_ = 0;
  read();
}

void Connection::time_out() {
  if (state_ != State::head && state_ != State::body) return close();
  ++epoch_;
  error_code ignored;
  socket_.cancel(ignored);
  guard([this] { refuse(base::kRequestTimeout); });
}

void Connection::drain() {
  if (state_ == State::lingering || (state_ == State::idle && has_read_all())) close();
}

/// Of what the client has sent, in the kernel too.
bool Connection::has_read_all() {
  error_code ignored;
  return unread().empty() && socket_.available(ignored) == 0;
}

void Connection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  hold(0);
  ++epoch_;
  error_code ignored;
  socket_.close(ignored);
  loop_.remove(shared_from_this());
}

}  // namespace gatehouse::http
