#include "pages/visitor.h"

#include "base/text.h"
#include "crypto/token.h"
#include "domain/admit.h"
#include "domain/request_budget.h"
#include "domain/sessions.h"
#include "pages/return_to.h"
#include "pages/rows.h"

#include <algorithm>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kFormToken = "form_token";
/// Shows a form again with what it holds, and does nothing.
constexpr std::string_view kResumed = "resumed";
constexpr std::size_t kMostKeptBytes = 4096;

base::Result<domain::SignedIn> admit(const domain::Services& services, const http::Request& request) {
  return domain::Admission::signed_in(services, domain::origin_of(request),
                                      domain::page_proof_of(request, services.settings));
}

/// A form's body without the fields of that name.
std::string without(std::string_view body, std::string_view name) {
  std::string rest;
  for (const std::string_view pair : base::split(body, '&')) {
    if (base::unescape_url(pair.substr(0, pair.find('=')), true) == name) continue;
    if (!rest.empty()) rest += '&';
    rest += pair;
  }
  return rest;
}

http::Request without_own_fields(http::Request request) {
  request.body = without(without(request.body, kFormToken), kResumed);
  return request;
}

/// The session has ended while somebody filled in a form: the sign-in page leads back to it.
http::Response ask_to_sign_in(const domain::Services& services, const VisitorForm& form, const http::Request& request,
                              const Words& words) {
  const base::Refusal refusal{&base::kUnauthenticated, std::string(words["sign_in.expired"]), {}, std::nullopt};
  return sign_in_page(services, {.return_to = form.path, .kept = kept_fields(request, form.kept)}, &refusal, request,
                      words);
}

Html way_back(std::string_view path, const Words& words) {
  return html("<p><a href=\"{}\">{}</a></p>\n", with_language(std::string(path), words), words["common.back"]);
}

http::Response submit(const domain::Services& services, const VisitorForm& form, const http::Request& request,
                      const Words& asked) {
  const auto checked = [&]() -> base::Result<void> {
    TRY(http::check_same_site(request, services.settings.public_url));
    TRY(http::input_of(request, {.takes_json = false, .takes_form = true}));
    return {};
  }();
  if (!checked) return problem_page(checked.error(), request, asked);
  const auto person = visitor_of(services, request);
  if (!person && person.error().code != &base::kUnauthenticated) return problem_page(person.error(), request, asked);
  if (!person) return ask_to_sign_in(services, form, request, asked);
  const Visit visit = visit_of(services, *person, without_own_fields(request), asked);
  if (!domain::is_form_token_of(services, *person, typed(request, kFormToken))) {
    const base::Refusal refusal{&base::kCrossSite, std::string(visit.words["sign_in.changed"]), {}, std::nullopt};
    // A browser that does not say where the form came from gets nothing filled in by whoever sent it.
    const bool is_ours = http::is_from_own_page(request, services.settings.public_url);
    return is_ours ? form.show(visit, &refusal)
                   : problem_page(refusal, request, visit.words, way_back(form.path, visit.words));
  }
  if (!typed(request, kResumed).empty()) return form.show(visit, nullptr);
  auto answer = form.submit(visit);
  if (answer) return std::move(*answer);
  if (answer.error().code == &base::kUnauthenticated) return ask_to_sign_in(services, form, request, asked);
  if (is_mendable(answer.error())) return form.show(visit, &answer.error());
  return problem_page(answer.error(), request, visit.words, way_back(form.path, visit.words));
}

}  // namespace

base::Result<domain::SignedIn> visitor_of(const domain::Services& services, const http::Request& request) {
  auto person = TRY(admit(services, request));
  TRY(domain::count_request(services, person.origin(), person.session().uuid));
  return person;
}

Visit visit_of(const domain::Services& services, const domain::SignedIn& person, http::Request request,
               const Words& asked) {
  return {services, person, std::move(request), asked, asked.of(domain::speech_of(services, person))};
}

http::Response redirect(std::string_view path) { return {.status = 303, .headers = {{"Location", std::string(path)}}}; }

http::Response begin_visit(const domain::Services& services, const http::Request& request,
                           const domain::BrowserSession& session, http::Response response) {
  if (const auto before = admit(services, request)) {
    const auto ended = domain::sign_out(services, *before);
    static_cast<void>(ended);  // it never refuses
  }
  response.headers.emplace_back("Set-Cookie", domain::set_session_cookie(services, session));
  return response;
}

http::Route visitor_page(const domain::Services& services, std::string path, std::string name,
                         std::function<http::Response(const Visit&)> show) {
  return page_row(http::Method::get, std::move(path), std::move(name), http::Lane::store,
                  [&services, show](const http::Request& request, const Words& words) {
                    const auto person = visitor_of(services, request);
                    if (person) {
                      const auto shown = domain::page_proof_of(request, services.settings).cookie;
                      http::Response response = show(visit_of(services, *person, request, words));
                      if (auto renewed = domain::renew_session_cookie(services, *person, *shown)) {
                        response.headers.emplace_back("Set-Cookie", std::move(*renewed));
                      }
                      return response;
                    }
                    if (person.error().code != &base::kUnauthenticated) {
                      return problem_page(person.error(), request, words);
                    }
                    return redirect(with_return_to("/sign-in", target_of(request)));
                  });
}

std::vector<http::Route> visitor_form(const domain::Services& services, VisitorForm form) {
  http::Route page = visitor_page(services, form.path, form.name + "_page",
                                  [show = form.show](const Visit& visit) { return show(visit, nullptr); });
  http::Route taker = page_row(http::Method::post, form.path, form.name + "_form", form.lane,
                               [&services, form](const http::Request& request, const Words& words) {
                                 return submit(services, form, request, words);
                               });
  return {std::move(page), std::move(taker)};
}

std::optional<domain::PublicBrand> brand_of(const Visit& visit) {
  const auto organization = visit.person.active_organization();
  return organization ? domain::find_brand(visit.services, *organization) : std::nullopt;
}

FormField form_token_field(const Visit& visit) {
  return {.kind = FormField::Kind::hidden,
          .name = kFormToken,
          .value = domain::form_token_of(visit.services, visit.person)};
}

Html button_form(const Visit& visit, std::string_view action, const HiddenFields& fields, std::string_view label,
                 std::string_view style) {
  Html inputs = language_field(visit.words);
  inputs += html("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", kFormToken,
                 domain::form_token_of(visit.services, visit.person));
  for (const auto& [name, value] : fields) {
    inputs += html("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, value);
  }
  return html("<form method=\"post\" action=\"{}\">\n{}<button class=\"{}\" type=\"submit\">{}</button>\n</form>\n",
              action, inputs, style, label);
}

std::string kept_fields(const http::Request& request, const std::vector<std::string_view>& names) {
  std::string kept;
  for (const std::string_view name : names) {
    const std::string value = typed(request, name);
    if (value.empty()) continue;
    kept += (kept.empty() ? "" : "&") + std::string(name) + "=" + base::escape_url(value);
  }
  return kept.size() <= kMostKeptBytes ? kept : std::string();
}

http::Response resume_page(const domain::Services& services, const domain::BrowserSession& session,
                           std::string_view path, std::string_view kept, const Words& words) {
  Html inputs = language_field(words);
  const auto add = [&](std::string_view name, std::string_view value) {
    inputs += html("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, value);
  };
  add(kFormToken, crypto::make_form_token(services.keys, {session.directory.uuid, session.session.uuid}));
  add(kResumed, "yes");
  for (const std::string_view pair : base::split(kept, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = base::unescape_url(pair.substr(0, equals), true);
    const auto value = base::unescape_url(equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), true);
    if (name && value) add(*name, *value);
  }
  Page page;
  page.title = words["sign_in.resumed_title"];
  page.body = html(
      "<p>{}</p>\n<form method=\"post\" action=\"{}\">\n{}"
      "<button class=\"button\" type=\"submit\">{}</button>\n</form>\n",
      words["sign_in.resumed"], path, inputs, words["sign_in.resume"]);
  return to_response(page, words);
}

Html account_link(const Words& words) {
  return html("<p><a href=\"{}\">{}</a></p>\n", with_language("/account", words), words["common.your_account"]);
}

Html next_link(std::string_view path, const domain::PageView& page, const Words& words) {
  if (!page.next) return {};
  const std::string target = std::string(path) + "?after=" + base::escape_url(*page.next);
  return html("<p><a href=\"{}\">{}</a></p>\n", with_language(target, words), words["common.more"]);
}

http::Response done_page(std::string_view title, std::string_view sentence, const Words& words) {
  Page page;
  page.title = title;
  page.body = html("<p>{}</p>\n{}", sentence, account_link(words));
  return to_response(page, words);
}

}  // namespace gatehouse::pages
