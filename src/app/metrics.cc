#include "app/metrics.h"

#include "store/letters.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

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
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::observe(std::string_view route, int status, double seconds) {
  static const prometheus::Histogram::BucketBoundaries kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,    0.25,  0.5,    1,     2.5,  10};
  const std::string name(route);
  impl_->requests.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  impl_->durations.Add({{"route", name}}, kBounds).Observe(seconds);
}

std::string Metrics::text(const domain::Services& services) {
  const auto depth = services.database.read([](db::Transaction& tx) { return store::outbox_depth(tx); });
  impl_->queued.Set(double(depth.queued));
  impl_->failed.Set(double(depth.failed));
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace gatehouse::app
