#pragma once

#include "domain/services.h"

#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::app {

/// What /metrics shows, in Prometheus' text format. No label names a tenant or a person. Thread safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  /// One answered request.
  void observe(std::string_view route, int status, double seconds);
  /// Reads the depth of the outbox from the database.
  std::string text(const domain::Services& services);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::app
