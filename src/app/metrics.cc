#include "app/metrics.h"

#include "store/letters.h"

#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <shared_mutex>

namespace gatehouse::app {

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("gatehouse_http_requests_total").Help("Answered requests.").Register(registry);
  prometheus::Family<prometheus::Histogram>& durations = prometheus::BuildHistogram()
                                                             .Name("gatehouse_http_request_seconds")
                                                             .Help("Time from a whole request to its answer.")
                                                             .Register(registry);
  prometheus::Family<prometheus::Gauge>& outbox =
      prometheus::BuildGauge().Name("gatehouse_outbox_letters").Help("Letters by state.").Register(registry);
  prometheus::Gauge& queued = outbox.Add({{"status", "queued"}});
  prometheus::Gauge& failed = outbox.Add({{"status", "failed"}});

  /// What is counted of one route and status. The registry finds it by its labels, which takes longer than some
  /// requests.
  struct Series {
    prometheus::Counter& requests;
    prometheus::Histogram& durations;
  };
  const Series& series(std::string_view route, int status);
  std::shared_mutex mutex;                                          // of what is below
  std::map<int, std::map<std::string, Series, std::less<>>> known;  // by status and route
};

const Metrics::Impl::Series& Metrics::Impl::series(std::string_view route, int status) {
  static const prometheus::Histogram::BucketBoundaries kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,    0.25,  0.5,    1,     2.5,  10};
  {
    const std::shared_lock lock(mutex);
    if (const auto routes = known.find(status); routes != known.end()) {
      if (const auto found = routes->second.find(route); found != routes->second.end()) return found->second;
    }
  }
  const std::string name(route);
  const Series made{requests.Add({{"route", name}, {"status", std::to_string(status)}}),
                    durations.Add({{"route", name}}, kBounds)};
  const std::unique_lock lock(mutex);
  return known[status].emplace(name, made).first->second;
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::observe(std::string_view route, int status, double seconds) {
  const Impl::Series& series = impl_->series(route, status);
  series.requests.Increment();
  series.durations.Observe(seconds);
}

std::string Metrics::text(const domain::Services& services) {
  const auto depth = services.database.read([](db::Transaction& tx) { return store::outbox_depth(tx); });
  impl_->queued.Set(double(depth.queued));
  impl_->failed.Set(double(depth.failed));
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace gatehouse::app
