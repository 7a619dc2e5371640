#include "base/time_zone.h"

#include <date/tz.h>
#include <fmt/format.h>

namespace gatehouse::base {

namespace {

/// Whole numbers of that many digits.
std::optional<unsigned> parse_digits(std::string_view text) {
  unsigned number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + unsigned(digit - '0');
  }
  return number;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4)), month = parse_digits(text.substr(5, 2)),
             day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(int(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

std::string to_string(Day day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  date::get_tzdb();  // throws for another reason than locate_zone() does
  // It stands among the others, and is whatever the machine is set to.
  if (name == "localtime") return std::nullopt;
  try {
    return TimeZone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string TimeZone::name() const { return zone_->name(); }

LocalTime TimeZone::local_time_of(Time time) const {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const date::sys_info info = zone_->get_info(second);
  return {std::chrono::local_seconds(second.time_since_epoch() + info.offset), info.abbrev};
}

Day TimeZone::day_of(Time time) const { return std::chrono::floor<std::chrono::days>(local_time_of(time).time); }

Time TimeZone::start_of(Day day) const {
  const date::local_seconds midnight{day.time_since_epoch()};
  const date::local_info info = zone_->get_info(midnight);
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return date::sys_seconds(midnight.time_since_epoch() - info.first.offset);
}

}  // namespace gatehouse::base
