#include "pages/assets.h"

#include "base/embedded.h"
#include "base/text.h"
#include "crypto/keys.h"
#include "pages/page.h"
#include "pages/pages.h"

#include <map>
#include <span>
#include <stdexcept>

namespace gatehouse::pages {

std::span<const base::EmbeddedFile> embedded_assets();

namespace {

constexpr std::size_t kFingerprintBytes = 6;

std::map<std::string_view, std::string> make_urls() {
  std::map<std::string_view, std::string> urls;
  for (const base::EmbeddedFile& file : embedded_assets()) {
    const std::string fingerprint = base::to_base64url(crypto::sha256(file.content).substr(0, kFingerprintBytes));
    urls.emplace(file.name, "/assets/" + std::string(file.name) + "?" + fingerprint);
  }
  return urls;
}

std::string_view content_type(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  throw std::logic_error("no content type is known for " + std::string(name));
}

http::Response serve_asset(const http::Request& request, const Words& words) {
  for (const base::EmbeddedFile& file : embedded_assets()) {
    if (file.name != request.path.back()) continue;
    return {.content_type = std::string(content_type(file.name)),
            .body = std::string(file.content),
            .headers = {{"Cache-Control", "public, max-age=86400"}}};
  }
  return problem_page({&base::kNotFound, std::string(base::kNotFound.title), {}, std::nullopt}, request, words);
}

}  // namespace

const std::string& asset_url(std::string_view file) {
  static const auto urls = make_urls();
  const auto found = urls.find(file);
  if (found == urls.end()) throw std::logic_error("there is no asset " + std::string(file));
  return found->second;
}

http::Route asset_row() {
  return page_row(http::Method::get, "/assets/{file}", "page_asset", http::Lane::memory, serve_asset);
}

}  // namespace gatehouse::pages
