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

/// Reads RFC 3339 with any offset and up to six digits of a second; years 1970 to 9999. Nothing else is a time.
std::optional<ParsedTime> parse_rfc3339(std::string_view text);

std::int64_t to_unix_seconds(Time time);

}  // namespace gatehouse::base
