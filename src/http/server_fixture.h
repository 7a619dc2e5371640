#pragma once

#include "http/raw_client.h"
#include "http/server.h"

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <stdexcept>

namespace gatehouse::http {

/// A latch that tests hold closed while a handler waits behind it.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void await_waiting(int count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(5), [&] { return waiting_ >= count; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int waiting_ = 0;
};

/// A server with one row of each kind, on a port of its own. Tests change `options` before start().
class ServerFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    options.threads = 2;
    options.store_workers = 2;
    options.hash_workers = 1;
    options.hash_queue = 1;
  }
  void TearDown() override { gate.open(); }

  void start() {
    server.emplace(options, Router(rows()), callbacks);
    server->start();
  }
  RawClient connect() { return RawClient(server->port()); }
  RawAnswer ask(std::string_view bytes) { return connect().ask(bytes); }

  ServerOptions options;
  ServerCallbacks callbacks;
  Gate gate;
  std::atomic<int> handled{0};
  std::atomic<int> parts{0};
  std::optional<Server> server;

 private:
  using Handler = std::function<Response(const Request&)>;

  Route row(Method method, std::string path, std::string name, Lane lane, Handler handle) {
    Route route{.method = method, .path = std::move(path), .lane = lane, .name = std::move(name)};
    route.takes_body = method != Method::get;
    route.handle = [this, handle = std::move(handle)](const Request& request) {
      ++handled;
      return handle(request);
    };
    return route;
  }

  static Response text(std::string body) { return Response{.content_type = "text/plain", .body = std::move(body)}; }

  std::vector<Route> rows() {
    std::vector<Route> table;
    const auto add = [&](Method method, const char* path, const char* name, Lane lane, Handler handle) {
      table.push_back(row(method, path, name, lane, std::move(handle)));
    };
    add(Method::get, "/hello", "hello", Lane::memory, [](const Request&) { return text("hello"); });
    add(Method::get, "/client", "client", Lane::memory, [](const Request& request) {
      return text(request.client.to_string() + (request.is_client_uncertain ? " untrusted" : "") +
                  (request.header("x-forwarded-host") || request.header("forwarded") ? " leaked" : ""));
    });
    add(Method::get, "/items/{id}", "item", Lane::store,
        [](const Request& request) { return text(request.path_parameters.at(0).second); });
    add(Method::post, "/echo", "echo", Lane::store, [](const Request& request) { return text(request.body); });
    add(Method::post, "/hash", "hash", Lane::hash, [this](const Request&) {
      gate.wait();
      return text("hashed");
    });
    add(Method::get, "/remembered", "remembered", Lane::store, [](const Request&) { return text("looked up"); });
    table.back().answer_from_memory = [](const Request& request) -> std::optional<Response> {
      if (request.header("x-throw")) throw std::runtime_error("password is hunter2");
      if (request.header("x-known")) return text("remembered");
      return std::nullopt;
    };
    add(Method::get, "/throw", "throw", Lane::store,
        [](const Request&) -> Response { throw std::runtime_error("password is hunter2"); });
    add(Method::get, "/throw-int", "throw-int", Lane::memory, [](const Request&) -> Response { throw 42; });
    add(Method::get, "/inject", "inject", Lane::memory, [](const Request& request) {
      Response response = text("x");
      response.headers.emplace_back("Location", "/" + request.query.at(0).second);
      return response;
    });
    add(Method::get, "/own", "own", Lane::memory, [](const Request&) {
      Response response = text("x");
      response.headers = {{"cache-control", "public, max-age=60"}, {"Content-Security-Policy", "default-src 'self'"}};
      return response;
    });
    add(Method::get, "/nothing", "nothing", Lane::memory, [](const Request&) { return Response{.status = 204}; });
    add(Method::get, "/large", "large", Lane::memory, [](const Request&) { return text(std::string(32 << 20, 'x')); });
    add(Method::get, "/parts", "parts", Lane::store, [this](const Request& request) {
      Response response = text("0");
      const int last = std::stoi(request.query.at(0).second);
      response.next_part = [this, last, i = 0]() mutable -> std::string {
        ++parts;
        if (++i > last) return "";
        if (i == 13) throw std::runtime_error("password is hunter2");
        return "," + std::to_string(i);
      };
      return response;
    });
    add(Method::get, "/endless", "endless", Lane::store, [this](const Request&) {
      Response response = text("x");
      response.next_part = [this] {
        ++parts;
        return std::string(1 << 20, 'x');
      };
      return response;
    });
    add(Method::get, "/health", "health", Lane::memory, [](const Request&) { return Response{.status = 204}; });
    add(Method::get, "/both", "both_json", Lane::memory, [](const Request&) { return text("json"); });
    Route page = row(Method::get, "/both", "both_page", Lane::memory, [](const Request&) { return text("page"); });
    page.produces = Produces::page;
    table.push_back(std::move(page));
    Route small =
        row(Method::put, "/small", "small", Lane::memory, [](const Request& request) { return text(request.body); });
    small.body_limit = 10;
    table.push_back(std::move(small));
    return table;
  }
};

}  // namespace gatehouse::http
