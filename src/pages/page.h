#pragma once

#include "base/result.h"
#include "domain/branding.h"
#include "domain/settings.h"
#include "http/message.h"
#include "http/route.h"
#include "pages/words.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::pages {

/// What a page may load and do: nothing that is not ours.
inline constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";
/// For the one page that has a script.
inline constexpr std::string_view kScriptPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

struct Page {
  int status = 200;
  std::string title;
  Html body;  // without the heading
  /// More for the head element.
  Html head;
  std::string_view policy = kPolicy;
  /// For lists and letters, which need more room than a form.
  bool is_wide = false;
  /// The organization that it belongs to, when that shows itself.
  std::optional<domain::PublicBrand> brand = {};
};

http::Response to_response(const Page& page, const Words& words);

/// The link to the application; nothing when there is none.
Html continue_link(const domain::Settings& settings, const Words& words);

/// For whoever is not signed in; it leads on whoever is.
Html sign_in_link(const Words& words);

/// What came of a form: a sentence, and the way on.
http::Response result_page(const domain::Settings& settings, std::string_view title, const Html& sentence,
                           const Words& words);

/// See problem_page() in pages.h. `advice` says what one can do about it.
http::Response problem_page(const base::Refusal& refusal, const http::Request& request, const Words& words,
                            const Html& advice = {});

/// The refusal's sentence.
std::string sentence_of(const base::Refusal& refusal, const Words& words);

/// Adds the header fields that http::problem() gives for the refusal.
void add_problem_headers(http::Response& response, const base::Refusal& refusal, const http::Request& request);

/// "/new_password", "?token" and "{number}" name fields; people know the field, not the pointer.
std::string_view field_name(const base::FieldProblem& problem);

/// The reader's reasons are fragments that go with the name of a field ("is required"); people get sentences.
std::string to_sentence(std::string_view detail, const Words& words);

/// "Try again in 42 seconds." when the refusal says when.
Html retry_sentence(const base::Refusal& refusal, const Words& words);

/// Whether a link can't be used (any more), which no form can mend.
inline bool is_dead_link(const base::Refusal& refusal) {
  return refusal.code == &base::kLinkInvalid || refusal.code == &base::kLinkDead;
}

/// What answers a request; the words are as the request asks, and its `lang` is taken out of it.
using PageHandler = std::function<http::Response(const http::Request&, const Words&)>;

/// A redirect within our pages keeps the language that was asked for.
http::Route page_row(http::Method method, std::string path, std::string name, http::Lane lane, PageHandler handle);

}  // namespace gatehouse::pages
