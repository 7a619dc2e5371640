#include "pages/brand.h"

#include "base/text.h"
#include "domain/contrast.h"
#include "pages/form.h"

#include <array>
#include <fmt/format.h>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kForever = "public, max-age=31536000, immutable";

std::string without_mark(const std::string& color) { return color.substr(1); }

/// "0b6e4f-ffffff-7fd1ae-10141d.css", and back. Nothing for any other text, so that nothing but colors gets into a
/// style sheet of ours.
std::string file_of(const mail::BrandColors& colors) {
  return without_mark(colors.light.button) + "-" + without_mark(colors.light.text) + "-" +
         without_mark(colors.dark.button) + "-" + without_mark(colors.dark.text) + ".css";
}

std::optional<mail::BrandColors> colors_of(std::string_view file) {
  if (!file.ends_with(".css")) return std::nullopt;
  std::vector<std::string> colors;
  for (const std::string_view part : base::split(file.substr(0, file.size() - 4), '-')) {
    const auto color = domain::clean_color("#" + std::string(part));
    if (!color) return std::nullopt;
    colors.push_back(*color);
  }
  if (colors.size() != 4) return std::nullopt;
  mail::BrandColors found{{colors[0], colors[1]}, {colors[2], colors[3]}};
  if (file_of(found) != file) return std::nullopt;
  return found;
}

std::string button_style(const mail::ButtonColors& colors) {
  return fmt::format(
      ".button:not(.plain):not(.danger) {{ border-color: {0}; background: {0}; color: {1}; }}\n"
      // Brighter, the words on it could be harder to read than what was checked.
      ".button:not(.plain):not(.danger):hover {{ filter: none; text-decoration: underline; }}\n",
      colors.button, colors.text);
}

http::Response not_found(const http::Request& request, const Words& words) {
  return problem_page({&base::kNotFound, std::string(base::kNotFound.title), {}, std::nullopt}, request, words);
}

http::Response show_colors(const http::Request& request, const Words& words) {
  const auto colors = colors_of(request.path.back());
  if (!colors) return not_found(request, words);
  return {.content_type = "text/css; charset=utf-8",
          .body = button_style(colors->light) + "@media (prefers-color-scheme: dark) {\n" + button_style(colors->dark) +
                  "}\n",
          .headers = {{"Cache-Control", std::string(kForever)}}};
}

struct LogoPath {
  store::OrganizationId organization;
  std::string file;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &LogoPath::organization),
                        wire::field("file", &LogoPath::file).length(1, 40));
  }
};

/// Whatever else somebody made of a picture, no browser takes it for anything else.
http::Response show_logo(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto path = read_query<LogoPath>(request);
  auto logo = path ? domain::find_logo(services, path->organization, path->file) : std::nullopt;
  if (!logo) return not_found(request, words);
  return {.content_type = std::move(logo->media_type),
          .body = std::move(logo->content.data),
          .headers = {{"Cache-Control", std::string(kForever)},
                      {"Content-Security-Policy", "default-src 'none'; sandbox"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cross-Origin-Resource-Policy", "same-origin"}}};
}

}  // namespace

Html brand_head(const domain::PublicBrand& brand) {
  if (!brand.brand.colors) return {};
  return html("<link rel=\"stylesheet\" href=\"{}\">\n", "/brand/colors/" + file_of(*brand.brand.colors));
}

Html brand_mark(const domain::PublicBrand& brand) {
  if (!brand.logo) return html("<p class=\"brand\">{}</p>\n", name(brand.brand.name));
  return html("<p class=\"brand\"><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"></p>\n", brand.logo->url,
              std::to_string(brand.logo->width), std::to_string(brand.logo->height), brand.brand.name);
}

Html brand_foot(const domain::PublicBrand& brand, const Words& words) {
  Html links;
  const auto add = [&](std::string_view key, const std::string& url) {
    if (!url.empty()) links += html("<li><a href=\"{}\">{}</a></li>\n", url, words[key]);
  };
  add("brand.privacy", brand.brand.privacy_url);
  add("brand.terms", brand.brand.terms_url);
  add("brand.support", brand.brand.support_url);
  if (links.text().empty()) return {};
  return html("<footer>\n<ul>\n{}</ul>\n</footer>\n", links);
}

std::vector<http::Route> brand_rows(const domain::Services& services) {
  return {page_row(http::Method::get, "/brand/colors/{file}", "brand_colors", http::Lane::memory, show_colors),
          page_row(http::Method::get, "/brand/logos/{organization}/{file}", "brand_logo", http::Lane::store,
                   [&services](const http::Request& request, const Words& words) {
                     return show_logo(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
