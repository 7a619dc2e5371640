#include "console/console.h"

#include "base/embedded.h"
#include "base/errors.h"
#include "base/text.h"
#include "console/encoding.h"
#include "crypto/keys.h"
#include "http/problem.h"

#include <array>
#include <map>
#include <span>
#include <stdexcept>

namespace gatehouse::console {

/// Made by web/console/build.mjs: each file of the console as it is, and compressed under its name with .gz and .br.
std::span<const base::EmbeddedFile> embedded_files();

namespace {

constexpr std::string_view kShell = "index.html";
constexpr std::size_t kTagBytes = 12;

/// No inline script, nothing that makes script of text, nothing foreign.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

struct Encoding {
  std::string_view name;    // in Content-Encoding
  std::string_view suffix;  // of the file
};
constexpr std::array kEncodings{Encoding{"br", ".br"}, Encoding{"gzip", ".gz"}, Encoding{"", ""}};

std::string_view content_type(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  throw std::logic_error("no content type is known for " + std::string(name));
}

struct File {
  std::string_view content;
  std::string tag;
};

/// By name with suffix. Made once.
const std::map<std::string_view, File>& files() {
  static const auto all = [] {
    std::map<std::string_view, File> made;
    for (const base::EmbeddedFile& file : embedded_files()) {
      const std::string tag = base::to_base64url(crypto::sha256(file.content).substr(0, kTagBytes));
      made.emplace(file.name, File{file.content, "\"" + tag + "\""});
    }
    return made;
  }();
  return all;
}

http::Response serve(const http::Request& request, const std::string& name, std::string_view cache_control) {
  if (!files().contains(name)) {
    return http::problem({&base::kNotFound, std::string(base::kNotFound.title), {}, std::nullopt}, request);
  }
  for (const Encoding& encoding : kEncodings) {
    if (!encoding.name.empty() && !accepts_encoding(request.headers, encoding.name)) continue;
    const auto found = files().find(name + std::string(encoding.suffix));
    if (found == files().end()) continue;  // it did not get smaller
    const File& file = found->second;
    http::Response response;
    response.headers = {{"Cache-Control", std::string(cache_control)}, {"ETag", file.tag}, {"Vary", "Accept-Encoding"}};
    if (request.header("if-none-match").value_or("").find(file.tag) != std::string_view::npos) {
      response.status = 304;
      return response;
    }
    response.content_type = content_type(name);
    response.body = file.content;
    if (!encoding.name.empty()) response.headers.emplace_back("Content-Encoding", std::string(encoding.name));
    return response;
  }
  throw std::logic_error(name + " is embedded compressed only");
}

http::Response serve_shell(const http::Request& request) {
  http::Response response = serve(request, std::string(kShell), "no-cache");
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  return response;
}

http::Response serve_asset(const http::Request& request) {
  // Their names hold a hash of what is in them, so that a name never means anything else.
  return serve(request, request.path.back(), "public, max-age=31536000, immutable");
}

http::Route row(std::string path, std::string name, http::Response (*handle)(const http::Request&)) {
  http::Route route{.method = http::Method::get, .path = std::move(path), .handle = handle, .name = std::move(name)};
  route.produces = http::Produces::page;
  route.lane = http::Lane::memory;
  return route;
}

}  // namespace

std::vector<http::Route> console_routes() {
  std::vector<http::Route> rows{row("/console/assets/{file}", "console_asset", serve_asset)};
  // As deep as the console's own addresses go.
  for (const char* path :
       {"/console", "/console/", "/console/{area}", "/console/{area}/{place}", "/console/{area}/{place}/{thing}"}) {
    rows.push_back(row(path, "console", serve_shell));
  }
  return rows;
}

}  // namespace gatehouse::console
