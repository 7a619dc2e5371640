#include "mail/render.h"

#include "base/embedded.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <stdexcept>

namespace gatehouse::mail {

std::span<const base::EmbeddedFile> embedded_templates();

namespace {

constexpr std::string_view kSectionMark = "--- ";

std::string_view file(std::string_view name) {
  const auto files = embedded_templates();
  const auto found = std::ranges::find(files, name, &base::EmbeddedFile::name);
  if (found == files.end()) throw std::logic_error(fmt::format("there is no template {}", name));
  return found->content;
}

/// What stands between the line "--- section" and the next such line; empty when there is none.
std::string_view section(std::string_view letter, std::string_view name) {
  const std::string mark = fmt::format("{}{}\n", kSectionMark, name);
  std::size_t begin = letter.starts_with(mark) ? 0 : letter.find("\n" + mark);
  if (begin == std::string_view::npos) return {};
  begin = letter.find('\n', begin + 1) + 1;
  const std::size_t end = letter.find(fmt::format("\n{}", kSectionMark), begin);
  return letter.substr(begin, end == std::string_view::npos ? end : end + 1 - begin);
}

/// Puts the values in the places of `{{name}}`, in one pass: a value that looks like a place stays as it is.
std::string fill(std::string_view pattern, const std::vector<NamedValue>& values, std::string Shown::*form) {
  std::string out;
  for (;;) {
    const auto open = pattern.find("{{");
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = pattern.find("}}", open);
    if (close == std::string_view::npos) throw std::logic_error("a template has an open {{");
    const std::string_view name = pattern.substr(open + 2, close - open - 2);
    const auto found = std::ranges::find(values, name, &NamedValue::name);
    if (found == values.end())
      throw std::logic_error(fmt::format("a template asks for {{{{{}}}}}, which it is not given", name));
    out += found->shown.*form;
    pattern.remove_prefix(close + 2);
  }
}

/// For what is HTML already.
NamedValue html_value(std::string_view name, std::string html) { return {name, {{}, std::move(html)}}; }

}  // namespace

Rendered render_template(std::string_view name, std::vector<NamedValue> values, std::string_view product) {
  const std::string_view letter = file(fmt::format("{}.mail", name));
  values.push_back({"product", {std::string(product), base::escape_html(product)}});
  const auto required = [&](std::string_view part) {
    const std::string_view found = section(letter, part);
    if (base::trim(found).empty()) throw std::logic_error(fmt::format("the template {} has no section {}", name, part));
    return found;
  };

  Rendered rendered;
  rendered.subject = base::trim(fill(required("subject"), values, &Shown::text));
  rendered.text = fill(required("text"), values, &Shown::text) + fill(file("frame.txt"), values, &Shown::text);

  std::vector<NamedValue> framed = values;
  framed.push_back(html_value("subject", base::escape_html(rendered.subject)));
  framed.push_back(html_value("preview", std::string(base::trim(fill(required("preview"), values, &Shown::html)))));
  if (const std::string_view label = base::trim(section(letter, "button")); !label.empty()) {
    framed.push_back(html_value("label", base::escape_html(label)));
    framed.push_back(html_value("button", fill(file("button.html"), framed, &Shown::html)));
  }
  framed.push_back(html_value("body", fill(required("html"), framed, &Shown::html)));
  rendered.html = fill(file("frame.html"), framed, &Shown::html);
  return rendered;
}

}  // namespace gatehouse::mail
