#pragma once

#include "http/chunked.h"
#include "http/loop.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::http {

/// One client: reads a request, has it answered, writes the answer, begins again. One request at a time; what a client
/// sends ahead waits in the buffer and in the kernel. All of it runs on the thread of its loop, except that a worker
/// reads `plan_` and calls `next_part_` while the state is `handling`.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Shared& shared, Socket socket, const base::IpAddress& peer);

  void start();
  bool is_late(SteadyClock::time_point now) const { return now >= deadline_; }
  /// The deadline has passed: answers 408 where half a request is there, closes otherwise.
  void time_out();
  /// No more requests after the one that has begun.
  void drain();
  void close();

 private:
  enum class State { idle, head, body, handling, writing, lingering, closed };

  void enter(State state, SteadyClock::duration time);
  std::string_view unread() const;
  bool has_read_all();
  void consume(std::size_t bytes);

  void read();
  void make_room();
  void advance();
  void advance_head();
  void on_head(std::size_t bytes);
  void begin_body();
  void advance_body();
  void ask_for_body();
  void handle();
  void submit(base::WorkerPool& pool);

  Response overloaded() const;
  void hold(std::size_t bytes);
  bool may_hold(std::size_t bytes);
  void refuse(const base::ErrorCode& code);
  void fail(const base::Refusal& refusal);
  void respond(Response response, bool must_close);
  void make_next_part();
  void write_part(std::optional<std::string> part);
  void write();
  void on_written();
  void linger();

  template <class Step>
  void guard(Step step);

  Loop& loop_;
  Shared& shared_;
  Socket socket_;
  const base::IpAddress peer_;
  State state_ = State::idle;
  SteadyClock::time_point deadline_;
  /// Counts what was given up: an operation that was begun before then no longer matters when it completes.
  std::uint32_t epoch_ = 0;

  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  HeadScanner scanner_;
  bool has_skipped_empty_line_ = false;

  Framing framing_;
  Plan plan_;
  SteadyClock::time_point started_at_;
  std::optional<ChunkedReader> chunks_;

  std::string head_out_;
  std::string body_out_;
  /// What it has in Shared::unsent_bytes.
  std::size_t held_bytes_ = 0;
  /// Of an answer in parts, until its last; belongs to a worker while the state is `handling`.
  std::function<std::string()> next_part_;
  bool keep_alive_ = false;
  bool must_linger_ = false;
  std::size_t lingered_bytes_ = 0;
};

}  // namespace gatehouse::http
