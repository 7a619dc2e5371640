#include "pages/form.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::pages {

namespace {

using Kind = FormField::Kind;

const base::FieldProblem* problem_of(const base::Refusal* refusal, const FormField& field) {
  if (refusal == nullptr || field.kind == Kind::hidden) return nullptr;
  const std::string pointer = "/" + std::string(field.name);
  const auto found = std::ranges::find(refusal->problems, pointer, &base::FieldProblem::pointer);
  return found == refusal->problems.end() ? nullptr : &*found;
}

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::hidden: return "hidden";
    case Kind::text:
    case Kind::name:
    case Kind::choice: return "text";
    case Kind::email: return "email";
    case Kind::password: return "password";
  }
  return "text";
}

Html described_by(const FormField& field, bool is_wrong) {
  std::string ids;
  if (!field.hint.empty()) ids = std::string(field.name) + "-hint";
  if (is_wrong) ids += (ids.empty() ? "" : " ") + std::string(field.name) + "-error";
  if (ids.empty()) return {};
  return html(" aria-describedby=\"{}\"", ids);
}

Html render_choices(const FormField& field, const Html& attributes) {
  Html options;
  for (const auto& [value, label] : field.choices) {
    const Html selected = value == field.value ? html(" selected") : Html();
    options += html("<option value=\"{}\"{}>{}</option>\n", value, selected, label);
  }
  return html("<select id=\"{}\" name=\"{}\" autocomplete=\"{}\"{}>\n{}</select>\n</div>\n", field.name, field.name,
              field.autocomplete, attributes, options);
}

Html render_field(const FormField& field, const base::FieldProblem* problem, const Words& words) {
  if (field.kind == Kind::hidden) {
    return html("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", field.name, field.value);
  }
  Html attributes = described_by(field, problem != nullptr);
  if (problem != nullptr) attributes += html(" aria-invalid=\"true\"");
  if (field.kind != Kind::password && field.kind != Kind::choice) attributes += html(" value=\"{}\"", field.value);
  if (field.is_read_only) attributes += html(" readonly");
  if (field.kind == Kind::text) attributes += html(" autocapitalize=\"none\" spellcheck=\"false\"");
  if (field.autocomplete == "new-password") attributes += html(" minlength=\"8\"");
  if (!field.is_optional) attributes += html(" required");
  Html out = html("<div class=\"field\">\n<label for=\"{}\">{}</label>\n", field.name, field.label);
  if (!field.hint.empty()) out += html("<p class=\"hint\" id=\"{}-hint\">{}</p>\n", field.name, field.hint);
  if (problem != nullptr) {
    out += html("<p class=\"error\" id=\"{}-error\">{}</p>\n", field.name, to_sentence(problem->detail, words));
  }
  if (field.kind == Kind::choice) return out += render_choices(field, attributes);
  out += html("<input id=\"{}\" name=\"{}\" type=\"{}\" autocomplete=\"{}\"{}>\n</div>\n", field.name, field.name,
              type_of(field.kind), field.autocomplete, attributes);
  return out;
}

Html render_summary(const Form& form, const base::Refusal& refusal, const Words& words) {
  Html items;
  std::vector<const base::FieldProblem*> shown;
  for (const FormField& field : form.fields) {
    const base::FieldProblem* problem = problem_of(&refusal, field);
    if (problem == nullptr) continue;
    shown.push_back(problem);
    items +=
        html("<li><a href=\"#{}\">{}</a>: {}</li>\n", field.name, field.label, to_sentence(problem->detail, words));
  }
  for (const base::FieldProblem& problem : refusal.problems) {
    if (std::ranges::find(shown, &problem) != shown.end()) continue;
    items += html("<li><code>{}</code>: {}</li>\n", field_name(problem), to_sentence(problem.detail, words));
  }
  if (!refusal.problems.empty()) items = html("<ul>\n{}</ul>\n", items);
  return html(
      "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" autofocus>\n<p><strong>{}</strong> {}</p>\n{}</div>\n",
      refusal.code == &base::kInvalidRequest ? std::string(words["common.look_again"]) : sentence_of(refusal, words),
      retry_sentence(refusal, words), items);
}

std::optional<std::string> find_field(const http::Request& request, std::string_view name) {
  for (const std::string_view pair : base::split(request.body, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (base::unescape_url(pair.substr(0, equals), true) != name) continue;
    const std::string_view value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    return base::unescape_url(value, true).value_or("");
  }
  return std::nullopt;
}

}  // namespace

FormField token_field(const base::Secret& token) {
  return {.kind = Kind::hidden, .name = "token", .value = std::string(token.reveal())};
}

FormField new_password_field(std::string_view name, std::string_view label, const Words& words) {
  return {.kind = Kind::password,
          .name = name,
          .label = label,
          .autocomplete = "new-password",
          .hint = words["field.new_password_hint"]};
}

Html render(const Form& form, const base::Refusal* refusal, const Words& words) {
  Html fields = language_field(words);
  for (const FormField& field : form.fields) fields += render_field(field, problem_of(refusal, field), words);
  return html("<form method=\"post\" action=\"{}\">\n{}<button class=\"{}\" type=\"submit\">{}</button>\n</form>\n",
              form.action, fields, form.style, form.button);
}

http::Response to_response(const FormPage& page, const base::Refusal* refusal, const http::Request& request,
                           const Words& words) {
  Page out;
  out.title = page.title;
  out.head = page.head;
  out.policy = page.policy;
  out.brand = page.brand;
  if (refusal != nullptr) {
    out.status = refusal->code->status;
    out.body += render_summary(page.form, *refusal, words);
  }
  out.body += page.introduction;
  out.body += render(page.form, refusal, words);
  out.body += page.footer;
  http::Response response = to_response(out, words);
  if (refusal != nullptr) add_problem_headers(response, *refusal, request);
  return response;
}

Html render_errors(const base::Refusal& refusal, const Words& words) { return render_summary(Form{}, refusal, words); }

bool is_mendable(const base::Refusal& refusal) {
  return refusal.code == &base::kInvalidRequest || refusal.code == &base::kWeakPassword ||
         refusal.code == &base::kInvalidCredentials || refusal.code == &base::kRateLimited ||
         refusal.code == &base::kWrongAddress || refusal.code == &base::kProofMissing;
}

bool has_field(const http::Request& request, std::string_view name) { return find_field(request, name).has_value(); }

std::string typed(const http::Request& request, std::string_view name) {
  return find_field(request, name).value_or(std::string());
}

}  // namespace gatehouse::pages
