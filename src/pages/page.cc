#include "pages/page.h"

#include "http/problem.h"
#include "pages/assets.h"
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

std::string to_sentence(std::string_view detail) {
  std::string text(detail);
  if (text.starts_with("is ")) text = "This " + text;
  if (text.starts_with("expected ")) text = "This should be " + text.substr(std::string_view("expected ").size());
  if (!text.empty() && !text.ends_with('.')) text += '.';
  return text;
}

http::Response to_response(const Page& page) {
  const Html document = html(
      "<!doctype html>\n"
      "<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}{} · Gatehouse</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<link rel=\"stylesheet\" href=\"{}\">\n{}</head>\n"
      "<body>\n<main class=\"{}\">\n<h1>{}</h1>\n{}</main>\n</body>\n</html>\n",
      page.status < 400 ? "" : "Error: ", page.title, asset_url("pages.css"), page.head,
      page.is_wide ? "wide" : "narrow", page.title, page.body);
  http::Response response;
  response.status = page.status;
  response.content_type = "text/html; charset=utf-8";
  response.body = document.text();
  response.headers.emplace_back("Content-Security-Policy", page.policy);
  return response;
}

Html continue_link(const domain::Settings& settings) {
  if (settings.app_url.empty()) return {};
  return html("<p><a class=\"button\" href=\"{}\">Continue</a></p>\n", settings.app_url);
}

Html sign_in_link() { return html("<p><a href=\"/sign-in\">Sign in</a></p>\n"); }

http::Response result_page(const domain::Settings& settings, std::string title, std::string_view sentence) {
  Page page;
  page.title = std::move(title);
  page.body = html("<p>{}</p>\n{}{}", sentence, continue_link(settings), sign_in_link());
  return to_response(page);
}

Html retry_sentence(const base::Refusal& refusal) {
  if (!refusal.retry_after_seconds) return {};
  const std::int64_t seconds = *refusal.retry_after_seconds;
  return html("Try again in {} {}.", std::to_string(seconds), seconds == 1 ? "second" : "seconds");
}

void add_problem_headers(http::Response& response, const base::Refusal& refusal, const http::Request& request) {
  for (auto& field : http::problem(refusal, request).headers) response.headers.push_back(std::move(field));
}

http::Response problem_page(const base::Refusal& refusal, const http::Request& request, const Html& advice) {
  Page page;
  page.status = refusal.code->status;
  page.title = refusal.code->title;
  if (page.title.ends_with('.')) page.title.pop_back();
  if (refusal.detail != refusal.code->title) page.body += html("<p>{}</p>\n", refusal.detail);
  if (!refusal.problems.empty()) {
    Html items;
    for (const base::FieldProblem& problem : refusal.problems) {
      items += html("<li><code>{}</code>: {}</li>\n", field_name(problem), to_sentence(problem.detail));
    }
    page.body += html("<ul>\n{}</ul>\n", items);
  }
  if (refusal.retry_after_seconds) page.body += html("<p>{}</p>\n", retry_sentence(refusal));
  page.body += advice;
  page.body += html("<p class=\"quiet\">Status {} · Request <code>{}</code></p>\n", std::to_string(page.status),
                    request.request_id);
  http::Response response = to_response(page);
  add_problem_headers(response, refusal, request);
  return response;
}

http::Response problem_page(const base::Refusal& refusal, const http::Request& request) {
  return problem_page(refusal, request, {});
}

http::Route page_row(http::Method method, std::string path, std::string name, http::Lane lane,
                     std::function<http::Response(const http::Request&)> handle) {
  http::Route route;
  route.method = method;
  route.path = std::move(path);
  route.produces = http::Produces::page;
  route.lane = lane;
  route.body_limit = kFormLimitBytes;
  route.takes_body = method == http::Method::post;
  route.handle = std::move(handle);
  route.name = std::move(name);
  return route;
}

}  // namespace gatehouse::pages
