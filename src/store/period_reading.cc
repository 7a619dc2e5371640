#include "store/period_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace gatehouse::store {

namespace {

/// To look for a piece costs about as much as to read so many buckets.
constexpr std::int64_t kCostOfPiece = 2;
/// In buckets: where periods are as wide as this on average, their sums cost less than their buckets.
constexpr std::int64_t kWidePeriod = 4;

struct Piece {
  Level level;
  std::int64_t first;
  std::int64_t until;
};
constexpr Level kPlacesOfHours{9};

struct Plan {
  PeriodReading reading;
  std::vector<Piece> pieces;
  std::int64_t cost = 0;
};

Plan plan_level(const std::vector<base::Time>& edges, Level level) {
  Plan plan{.reading = {.level = level}};
  auto& bounds = plan.reading.bounds;
  for (const base::Time edge : edges) {
    std::int64_t bucket = nearest_bucket(edge, level);
    bounds.at(std::size_t(level)).push_back(bucket);
    for (auto finer = std::size_t(level); finer-- > 0;) {
      const std::int64_t from = bucket * (kLevelSeconds.at(finer + 1) / kLevelSeconds.at(finer));
      bucket = nearest_bucket(edge, Level(finer));
      bounds.at(finer).push_back(bucket);
      if (from == bucket) continue;
      plan.pieces.push_back({Level(finer), std::min(from, bucket), std::max(from, bucket)});
      plan.cost += std::abs(bucket - from) + kCostOfPiece;
    }
  }
  plan.cost += bounds.at(std::size_t(level)).back() - bounds.at(std::size_t(level)).front();
  return plan;
}

/// Pieces of edges that are close to each other overlap. Cut where any begins or ends, each is read once, and counts
/// for one period.
std::vector<Piece> cut(const std::vector<Piece>& pieces) {
  std::set<std::pair<Level, std::int64_t>> ends;
  for (const Piece& piece : pieces) ends.insert({{piece.level, piece.first}, {piece.level, piece.until}});
  std::vector<Piece> parts;
  for (const Piece& piece : pieces) {
    for (auto end = ends.find({piece.level, piece.first}); end->second < piece.until; ++end) {
      parts.push_back({piece.level, end->second, std::next(end)->second});
    }
  }
  const auto place = [](const Piece& piece) { return std::tie(piece.level, piece.first); };
  std::ranges::sort(parts, {}, place);
  const auto doubles = std::ranges::unique(parts, {}, place);
  parts.erase(doubles.begin(), doubles.end());
  return parts;
}

/// As PLACE_OF_HOUR in store/statistics.cc has it.
std::int64_t place_of_hour(std::int64_t bucket) { return bucket % 24 * 10'000'000 + bucket / 24; }

/// The pieces of hours by their places where those are fewer. They are added up by the midnight that is nearest, so
/// where that has two pieces these stay.
std::vector<Piece> by_places(const std::vector<Piece>& pieces) {
  const auto midnight_of = [](const Piece& piece) {
    return std::chrono::floor<std::chrono::days>(std::chrono::hours(piece.first + 12));
  };
  std::map<std::chrono::days, int> pieces_of_midnight;
  for (const Piece& piece : pieces) {
    if (piece.level == Level::hour) ++pieces_of_midnight[midnight_of(piece)];
  }
  std::vector<Piece> out;
  std::vector<std::int64_t> places;
  for (const Piece& piece : pieces) {
    if (piece.level != Level::hour || pieces_of_midnight[midnight_of(piece)] > 1) {
      out.push_back(piece);
      continue;
    }
    for (std::int64_t bucket = piece.first; bucket < piece.until; ++bucket) places.push_back(place_of_hour(bucket));
  }
  std::ranges::sort(places);
  for (const std::int64_t place : places) {
    if (out.empty() || out.back().level != kPlacesOfHours || out.back().until != place) {
      out.push_back({kPlacesOfHours, place, place});
    }
    ++out.back().until;
  }
  return out.size() < pieces.size() ? out : pieces;
}

}  // namespace

std::int64_t nearest_bucket(base::Time time, Level level) {
  return bucket_of(time + std::chrono::seconds(kLevelSeconds.at(std::size_t(level)) / 2), level);
}

PeriodReading plan_reading(Series series, const std::vector<base::Time>& edges) {
  Plan plan = plan_level(edges, Level::day);
  for (const Level level : {Level::hour, Level::minute, Level::second}) {
    if (level < finest_level(series)) break;
    Plan finer = plan_level(edges, level);
    if (finer.cost < plan.cost) plan = std::move(finer);
  }
  PeriodReading& reading = plan.reading;
  plan.pieces = cut(plan.pieces);
  if (series == Series::growth && reading.level == Level::day) plan.pieces = by_places(plan.pieces);
  const std::vector<std::int64_t>& bounds = reading.bounds.at(std::size_t(reading.level));
  if (bounds.back() - bounds.front() < kWidePeriod * std::int64_t(edges.size() - 1)) {
    reading.first = bounds.front();
    reading.until = bounds.back();
  } else {
    for (std::size_t i = 1; i < bounds.size(); ++i) plan.pieces.push_back({reading.level, bounds[i - 1], bounds[i]});
  }
  for (const Piece& piece : plan.pieces) {
    reading.pieces.data += fmt::format("{}{:013}{:013}", int(piece.level), piece.first, piece.until);
  }
  return std::move(plan.reading);
}

}  // namespace gatehouse::store
