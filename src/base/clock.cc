#include "base/clock.h"

#include <fmt/compile.h>

namespace gatehouse::base {

using namespace std::chrono;

Time SystemClock::now() const { return floor<microseconds>(system_clock::now()); }

Time ManualClock::now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

void ManualClock::advance(Duration by) {
  std::lock_guard lock(mutex_);
  now_ += by;
}

std::string to_rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(time - day));
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"), int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count(), clock.subseconds().count());
}

namespace {

/// Reads a fixed number of decimal digits off the front of what is left.
class Digits {
 public:
  explicit Digits(std::string_view text) : left_(text) {}

  bool number(int width, int& out) {
    if (left_.size() < std::size_t(width)) return false;
    out = 0;
    for (int i = 0; i < width; ++i) {
      if (left_[i] < '0' || left_[i] > '9') return false;
      out = out * 10 + (left_[i] - '0');
    }
    left_.remove_prefix(width);
    return true;
  }

  bool one_of(std::string_view characters, char& out) {
    if (left_.empty() || characters.find(left_[0]) == std::string_view::npos) return false;
    out = left_[0];
    left_.remove_prefix(1);
    return true;
  }

  bool literal(char character) {
    char ignored;
    return one_of(std::string_view(&character, 1), ignored);
  }

  std::string_view left() const { return left_; }

 private:
  std::string_view left_;
};

std::optional<minutes> read_offset(Digits& digits) {
  char sign;
  if (!digits.one_of("Zz+-", sign)) return std::nullopt;
  if (sign == 'Z' || sign == 'z') return minutes(0);
  int offset_hours, offset_minutes;
  if (!digits.number(2, offset_hours) || !digits.literal(':') || !digits.number(2, offset_minutes)) return std::nullopt;
  if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
  const auto offset = hours(offset_hours) + minutes(offset_minutes);
  return sign == '+' ? offset : -offset;
}

/// The end of the years that a time can be written in.
constexpr Time kEndOfTime = sys_days(year(10'000) / January / 1);

/// The digits behind the point, as microseconds, with the time that the last one stands for. What is finer is cut off:
/// clients write as many digits as their clocks have, seven (.NET) or nine (Go, Java).
std::optional<std::pair<microseconds, microseconds>> read_fraction(Digits& digits) {
  if (!digits.literal('.')) return std::pair{microseconds(0), microseconds(1'000'000)};
  std::int64_t value = 0, unit = 1'000'000;
  int digit;
  while (digits.number(1, digit)) {
    if (unit == 1) continue;
    unit /= 10;
    value += digit * unit;
  }
  if (unit == 1'000'000) return std::nullopt;
  return std::pair{microseconds(value), microseconds(unit)};
}

}  // namespace

std::optional<ParsedTime> parse_rfc3339(std::string_view text, int first_year) {
  Digits digits(text);
  int y, mo, d, h, mi, s;
  char separator;
  if (!digits.number(4, y) || !digits.literal('-') || !digits.number(2, mo) || !digits.literal('-') ||
      !digits.number(2, d) || !digits.one_of("Tt ", separator) || !digits.number(2, h) || !digits.literal(':') ||
      !digits.number(2, mi) || !digits.literal(':') || !digits.number(2, s)) {
    return std::nullopt;
  }
  const auto fraction = read_fraction(digits);
  if (!fraction) return std::nullopt;
  const auto offset = read_offset(digits);
  if (!offset || !digits.left().empty()) return std::nullopt;
  const year_month_day date{year(y), month(mo), day(d)};
  if (!date.ok() || y < first_year || h > 23 || mi > 59 || s > 59) return std::nullopt;
  const Time time = sys_days(date) + hours(h) + minutes(mi) + seconds(s) + fraction->first - *offset;
  // An offset may lead out of the years that a time can be written in.
  if (time < Time(sys_days(year(first_year) / January / 1)) || time >= kEndOfTime) return std::nullopt;
  return ParsedTime{time, fraction->second};
}

std::optional<ParsedTime> parse_unix_seconds(std::string_view text) {
  Digits digits(text);
  std::int64_t whole = 0;
  int digit;
  if (!digits.number(1, digit)) return std::nullopt;
  do {
    whole = whole * 10 + digit;
    if (Time(seconds(whole)) >= kEndOfTime) return std::nullopt;
  } while (digits.number(1, digit));
  const auto fraction = read_fraction(digits);
  if (!fraction || !digits.left().empty()) return std::nullopt;
  return ParsedTime{Time(seconds(whole)) + fraction->first, fraction->second};
}

std::int64_t to_unix_seconds(Time time) { return floor<seconds>(time).time_since_epoch().count(); }

}  // namespace gatehouse::base
