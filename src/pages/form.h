#pragma once

#include "base/result.h"
#include "domain/settings.h"
#include "http/input.h"
#include "http/same_site.h"
#include "pages/page.h"
#include "wire/read.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::pages {

/// One input of a form. Names of fields are ours; values come from anywhere.
struct FormField {
  enum class Kind { hidden, text, name, email, password, choice };

  Kind kind = Kind::text;
  std::string_view name;
  std::string_view label;
  /// For password managers: "username", "current-password", "new-password" …
  std::string_view autocomplete;
  std::string_view hint;
  /// Never shown for a password.
  std::string value;
  bool is_read_only = false;
  bool is_optional = false;
  /// Of a choice: values, and what people read.
  std::vector<std::pair<std::string, std::string_view>> choices = {};
};

/// Carries the token of a link: never in the URL of a form.
FormField token_field(const base::Secret& token);
FormField new_password_field(std::string_view name, std::string_view label, const Words& words);

struct Form {
  std::string_view action;  // path of the row that takes it
  std::vector<FormField> fields;
  std::string_view button;
  std::string_view style = "button";
};

/// The form; with a refusal, the reasons stand beside their fields.
Html render(const Form& form, const base::Refusal* refusal, const Words& words);

/// What a page with one form is made of. `refusal` is null as long as nobody refused it; then the page has the status
/// and the header fields of the refusal, and begins with all of its reasons.
struct FormPage {
  std::string_view title;
  Html introduction;
  Form form;
  Html footer;
  Html head;
  std::string_view policy = kPolicy;
  std::optional<domain::PublicBrand> brand = {};
};
http::Response to_response(const FormPage& page, const base::Refusal* refusal, const http::Request& request,
                           const Words& words);

/// The reasons of a refusal, for a page without fields to put them beside.
Html render_errors(const base::Refusal& refusal, const Words& words);

/// True for what the one who fills in the form can mend in it.
bool is_mendable(const base::Refusal& refusal);

/// What was sent for a field, as it was typed; empty when there was none.
std::string typed(const http::Request& request, std::string_view name);
/// Whether the form has a field of that name, empty or not.
bool has_field(const http::Request& request, std::string_view name);

/// The fields of a form that was sent from one of our pages; kCrossSite when the browser says that it was not.
template <wire::Described Input>
base::Result<Input> read_form(const http::Request& request, const domain::Settings& settings) {
  TRY(http::check_same_site(request, settings.public_url));
  const wire::Source source = TRY(http::input_of(request, {.takes_json = false, .takes_form = true}));
  return wire::read<Input>(source);
}

/// The fields of a link.
template <wire::Described Input>
base::Result<Input> read_query(const http::Request& request) {
  const wire::Source source = TRY(http::input_of(request, {.fields_in_query = true, .takes_json = false}));
  return wire::read<Input>(source);
}

/// The query of a mailed link.
struct LinkQuery {
  std::optional<base::Secret> token;

  static constexpr auto fields() { return wire::fields(wire::field("token", &LinkQuery::token).length(1, 256)); }
};

}  // namespace gatehouse::pages
