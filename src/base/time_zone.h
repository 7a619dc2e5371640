#pragma once

#include "base/clock.h"

namespace date {
class time_zone;
}

namespace gatehouse::base {

/// A day of the calendar, wherever it is.
using Day = std::chrono::local_days;

/// "2026-10-25"; years 1970 to 9999. Nothing else is a day.
std::optional<Day> parse_day(std::string_view text);
std::string to_string(Day day);

/// What clocks and calendars show somewhere, and what people call that: "CET", or "+03" where it has no name.
struct LocalTime {
  std::chrono::local_seconds time;
  std::string zone;
};

/// When days begin somewhere, by the system's tzdata. Cheap to copy, thread safe. Of the changes that a zone will make
/// again and again, those until 2037 are known; from then on its standard time holds (date 3.0.1 reads no further).
class TimeZone {
 public:
  /// By its name in the IANA database, "Europe/Berlin". Nothing when there is none of that name. Throws
  /// std::runtime_error on a system without tzdata.
  static std::optional<TimeZone> find(std::string_view name);

  std::string name() const;
  /// The day that it is there at that instant.
  Day day_of(Time time) const;
  LocalTime local_time_of(Time time) const;
  /// The day's first instant. It need not be midnight: where clocks are put forward then, the day begins at one. Of a
  /// day that a zone has skipped, the first instant of the next.
  Time start_of(Day day) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}

  const date::time_zone* zone_;  // lives as long as the program
};

}  // namespace gatehouse::base
