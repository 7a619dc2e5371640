#include "pages/page.h"

#include "http/problem.h"
#include "pages/assets.h"
#include "pages/brand.h"
#include "pages/pages.h"

namespace gatehouse::pages {

namespace {

constexpr std::size_t kFormLimitBytes = 16 * 1024;

}  // namespace

std::string_view field_name(const base::FieldProblem& problem) {
  std::string_view name = problem.pointer;
  if (name.starts_with('{') && name.ends_with('}')) return name.substr(1, name.size() - 2);
  if (name.starts_with('/') || name.starts_with('?')) name.remove_prefix(1);
  return name;
}

std::string to_sentence(std::string_view detail, const Words& words) {
  std::string text(detail);
  constexpr std::string_view kExpected = "expected ";
  if (text.starts_with(kExpected)) text = "This should be " + text.substr(kExpected.size());
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text = "This " + text;
  if (!text.empty() && !text.ends_with('.')) text += '.';
  return words.retell(text);
}

http::Response to_response(const Page& page, const Words& words) {
  const text::Language& language = words.language();
  const Html title = page.status < 400 ? html("{}", page.title) : words("common.error_title", {{"title", page.title}});
  Html head = page.head, mark, foot;
  std::string_view whose = "Gatehouse";
  if (page.brand) {
    head += brand_head(*page.brand);
    mark = brand_mark(*page.brand);
    foot = brand_foot(*page.brand, words);
    whose = page.brand->brand.name;
  }
  const Html document = html(
      "<!doctype html>\n"
      "<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{} · {}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<link rel=\"stylesheet\" href=\"{}\">\n{}</head>\n"
      "<body>\n<main class=\"{}\">\n{}<h1>{}</h1>\n{}</main>\n{}</body>\n</html>\n",
      language.tag(), language.direction(), title, whose, asset_url("pages.css"), head,
      page.is_wide ? "wide" : "narrow", mark, page.title, page.body, foot);
  http::Response response;
  response.status = page.status;
  response.content_type = "text/html; charset=utf-8";
  response.body = document.text();
  response.headers.emplace_back("Content-Security-Policy", page.policy);
  response.headers.emplace_back("Content-Language", language.tag());
  response.headers.emplace_back("Vary", "Accept-Language");
  return response;
}

Html continue_link(const domain::Settings& settings, const Words& words) {
  if (settings.app_url.empty()) return {};
  return html("<p><a class=\"button\" href=\"{}\">{}</a></p>\n", settings.app_url, words["common.continue"]);
}

Html sign_in_link(const Words& words) {
  return html("<p><a href=\"{}\">{}</a></p>\n", with_language("/sign-in", words), words["common.sign_in"]);
}

http::Response result_page(const domain::Settings& settings, std::string_view title, const Html& sentence,
                           const Words& words) {
  Page page;
  page.title = title;
  page.body = html("<p>{}</p>\n{}{}", sentence, continue_link(settings, words), sign_in_link(words));
  return to_response(page, words);
}

Html retry_sentence(const base::Refusal& refusal, const Words& words) {
  if (!refusal.retry_after_seconds) return {};
  return words.counted("common.retry", *refusal.retry_after_seconds);
}

std::string sentence_of(const base::Refusal& refusal, const Words& words) {
  if (refusal.detail == refusal.code->title) return std::string(words["problem." + std::string(refusal.code->name)]);
  return words.retell(refusal.detail);
}

void add_problem_headers(http::Response& response, const base::Refusal& refusal, const http::Request& request) {
  for (auto& field : http::problem(refusal, request).headers) response.headers.push_back(std::move(field));
}

http::Response problem_page(const base::Refusal& refusal, const http::Request& request, const Words& words,
                            const Html& advice) {
  Page page;
  page.status = refusal.code->status;
  page.title = words["problem." + std::string(refusal.code->name)];
  if (page.title.ends_with('.')) page.title.pop_back();
  if (refusal.detail != refusal.code->title) page.body += html("<p>{}</p>\n", sentence_of(refusal, words));
  if (!refusal.problems.empty()) {
    Html items;
    for (const base::FieldProblem& problem : refusal.problems) {
      items += html("<li><code>{}</code>: {}</li>\n", field_name(problem), to_sentence(problem.detail, words));
    }
    page.body += html("<ul>\n{}</ul>\n", items);
  }
  if (refusal.retry_after_seconds) page.body += html("<p>{}</p>\n", retry_sentence(refusal, words));
  page.body += advice;
  page.body += html("<p class=\"quiet\">{}</p>\n",
                    words("common.request", {{"status", std::to_string(page.status)},
                                             {"request", html("<code>{}</code>", request.request_id)}}));
  http::Response response = to_response(page, words);
  add_problem_headers(response, refusal, request);
  return response;
}

http::Response problem_page(const base::Refusal& refusal, const http::Request& request) {
  return problem_page(refusal, request, Words(request));
}

http::Route page_row(http::Method method, std::string path, std::string name, http::Lane lane, PageHandler handle) {
  http::Route route;
  route.method = method;
  route.path = std::move(path);
  route.produces = http::Produces::page;
  route.lane = lane;
  route.body_limit = kFormLimitBytes;
  route.takes_body = method == http::Method::post;
  route.handle = [handle = std::move(handle)](const http::Request& request) {
    const Words words(request);
    http::Response response = handle(without_language(request), words);
    for (auto& [field, value] : response.headers) {
      if (field == "Location") value = with_language(std::move(value), words);
    }
    return response;
  };
  route.name = std::move(name);
  return route;
}

}  // namespace gatehouse::pages
