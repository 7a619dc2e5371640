#include "text/reader.h"

#include "text/pattern.h"

#include <fmt/format.h>

namespace gatehouse::text {

namespace {

using namespace std::chrono;

base::LocalTime local_time(const Reader& reader, base::Time time) {
  if (reader.zone) return reader.zone->local_time_of(time);
  return {local_seconds(floor<seconds>(time).time_since_epoch()), "UTC"};
}

}  // namespace

std::string moment(const Reader& reader, base::Time time) {
  const base::LocalTime local = local_time(reader, time);
  const auto day = floor<days>(local.time);
  const year_month_day date(day);
  const hh_mm_ss clock(local.time - day);
  const Language& language = *reader.language;
  return fill(language.words("date.moment"), [&](std::string_view name) -> std::string {
    if (name == "day") return std::to_string(unsigned(date.day()));
    if (name == "month") return std::string(language.words(fmt::format("date.month.{}", unsigned(date.month()))));
    if (name == "year") return std::to_string(int(date.year()));
    if (name == "time") return fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
    return local.zone;
  });
}

std::optional<base::TimeZone> zone_of(const std::optional<std::string>& name) {
  return name ? base::TimeZone::find(*name) : std::nullopt;
}

}  // namespace gatehouse::text
