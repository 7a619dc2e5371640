#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::base {

/// An instant in UTC, to the microsecond: what the databases keep.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// Where "now" comes from, so that expiry and retries are tested without waiting. Thread safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

/// Stands still until it is told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override;
  void advance(Duration by);

 private:
  mutable std::mutex mutex_;
  Time now_;
};

/// RFC 3339 in UTC with milliseconds, "2026-11-22T11:50:34.123Z".
std::string to_rfc3339(Time time);

/// An instant and how much time its text names: "…:34Z" names a whole second.
struct ParsedTime {
  Time time;
  Duration precision;
};

/// Reads RFC 3339 with any offset and any number of digits of a second, of which six count; years `first_year` (0 or
/// later) to 9999, by UTC. Nothing else is a time.
std::optional<ParsedTime> parse_rfc3339(std::string_view text, int first_year = 1970);

/// Reads Unix seconds up to the year 9999: decimal digits, and behind a point any number of more, of which six count.
std::optional<ParsedTime> parse_unix_seconds(std::string_view text);

std::int64_t to_unix_seconds(Time time);

}  // namespace gatehouse::base
