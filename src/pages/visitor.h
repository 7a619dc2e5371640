#pragma once

#include "domain/browser_session.h"
#include "domain/pages.h"
#include "pages/form.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pages of people who are signed in, by the cookie of their browser.
namespace gatehouse::pages {

/// Somebody who is signed in asks for a page or sends its form.
struct Visit {
  const domain::Services& services;
  domain::SignedIn person;
  /// Of a form: without what the forms of these pages carry for themselves.
  http::Request request;
  /// As the request alone asks for them, and as the person has chosen.
  Words asked;
  Words words;
};

Visit visit_of(const domain::Services& services, const domain::SignedIn& person, http::Request request,
               const Words& asked);

/// Whoever the browser's cookie names. kUnauthenticated without a live session; kRateLimited after too many requests.
base::Result<domain::SignedIn> visitor_of(const domain::Services& services, const http::Request& request);

/// 303 to a path of ours.
http::Response redirect(std::string_view path);

/// The answer to a request with which a session begins: the browser gets its cookie, and the session that it had before
/// ends.
http::Response begin_visit(const domain::Services& services, const http::Request& request,
                           const domain::BrowserSession& session, http::Response response);

/// A page for whoever is signed in. All others are led to sign in, and back here.
http::Route visitor_page(const domain::Services& services, std::string path, std::string name,
                         std::function<http::Response(const Visit&)> show);

/// A page with a form for whoever is signed in. The form carries form_token_field() beside its own fields.
struct VisitorForm {
  std::string path;
  std::string name;
  http::Lane lane = http::Lane::store;
  /// What people type that is worth keeping when their session has ended meanwhile. No password.
  std::vector<std::string_view> kept;
  /// The page: with what was typed, when something was, and the reasons of a refusal that may be null.
  std::function<http::Response(const Visit&, const base::Refusal*)> show;
  /// A refusal that can be mended in the form shows it again.
  std::function<base::Result<http::Response>(const Visit&)> submit;
};
/// The row that shows the page and the one that takes the form. That one refuses what another site sent, and what does
/// not carry the session's own form token, before anything happens.
std::vector<http::Route> visitor_form(const domain::Services& services, VisitorForm form);

/// How the organization shows itself in which the visitor works.
std::optional<domain::PublicBrand> brand_of(const Visit& visit);

FormField form_token_field(const Visit& visit);

/// A form that is a button alone, with what it stands for in fields that nobody sees.
using HiddenFields = std::vector<std::pair<std::string_view, std::string>>;
Html button_form(const Visit& visit, std::string_view action, const HiddenFields& fields, std::string_view label,
                 std::string_view style = "button");

/// The fields of a form that a VisitorForm submits.
template <wire::Described Input>
base::Result<Input> read_visitor_form(const Visit& visit) {
  const wire::Source source = TRY(http::input_of(visit.request, {.takes_json = false, .takes_form = true}));
  return wire::read<Input>(source);
}

/// What somebody typed before, as hidden fields of a form that leads back to it; see VisitorForm::kept.
std::string kept_fields(const http::Request& request, const std::vector<std::string_view>& names);
/// The page behind a sign-in that came in between: its button leads back to the form, with what was typed in it.
http::Response resume_page(const domain::Services& services, const domain::BrowserSession& session,
                           std::string_view path, std::string_view kept, const Words& words);

/// The way back.
Html account_link(const Words& words);
/// The way to the next page of a list; nothing when this is the last one.
Html next_link(std::string_view path, const domain::PageView& page, const Words& words);
/// What came of a form.
http::Response done_page(std::string_view title, std::string_view sentence, const Words& words);

}  // namespace gatehouse::pages
