#include "mail/render.h"

#include "base/embedded.h"
#include "base/text.h"
#include "mail/body.h"
#include "text/pattern.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <stdexcept>

namespace gatehouse::mail {

std::span<const base::EmbeddedFile> embedded_templates();

namespace {

std::string_view file(std::string_view name) {
  const auto files = embedded_templates();
  const auto found = std::ranges::find(files, name, &base::EmbeddedFile::name);
  if (found == files.end()) throw std::logic_error(fmt::format("there is no template {}", name));
  return found->content;
}

const Shown& value_of(const std::vector<NamedValue>& values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &NamedValue::name);
  if (found == values.end()) throw std::logic_error(fmt::format("a letter asks for {}, which it is not given", name));
  return found->shown;
}

std::string fill(std::string_view pattern, const std::vector<NamedValue>& values, std::string Shown::*form) {
  return text::fill(pattern, [&](std::string_view name) { return value_of(values, name).*form; });
}

Shown plain_value(std::string_view text) { return {std::string(text), base::escape_html(text)}; }

/// For what is HTML already.
NamedValue html_value(std::string_view name, std::string html) { return {name, {{}, std::move(html)}}; }

/// The words at a key, which are plain: their marks and their places are all that HTML sees of them.
std::string html_words(std::string_view pattern, const std::vector<NamedValue>& values) {
  return fill(base::escape_html(pattern), values, &Shown::html);
}

/// A button in HTML; in text its label, and under it the link on a line of its own.
Shown button(std::string_view label, std::vector<NamedValue> values) {
  values.push_back(html_value("label", base::escape_html(label)));
  return {fmt::format("{}\n{}\n", label, value_of(values, "link").text),
          fill(file("button.html"), values, &Shown::html)};
}

/// What an organization's branding changes about a letter. Pictures are left out, see docs/decisions/0020-branding.md.
void add_brand(std::vector<NamedValue>& values, const Brand& brand, const text::Reader& reader,
               std::string_view product) {
  values.push_back({"heading", brand.name.empty() ? plain_value(product) : show(Chosen{brand.name}, reader)});
  const ButtonColors own{"#2457d6", "#ffffff"};
  const ButtonColors& light = brand.colors ? brand.colors->light : own;
  values.push_back(html_value("button_color", base::escape_html(light.button)));
  values.push_back(html_value("button_text_color", base::escape_html(light.text)));
  std::string style;
  if (brand.colors) {
    style = fmt::format("  .button {{ background: {} !important; }}\n  .button a {{ color: {} !important; }}\n",
                        base::escape_html(brand.colors->dark.button), base::escape_html(brand.colors->dark.text));
  }
  values.push_back(html_value("dark_style", std::move(style)));
}

/// The foot's links, each with its label; nothing when there are none.
Shown foot_links(const Brand& brand, const text::Reader& reader) {
  Shown links;
  const auto add = [&](std::string_view key, const std::string& url) {
    if (url.empty()) return;
    const std::string_view label = reader.language->words(key);
    const Shown link = show(Link{url}, reader);
    links.text += fmt::format("{}: {}\n", label, link.text);
    links.html += fmt::format("{}<a class=\"link\" href=\"{}\" style=\"color:#2457d6;\">{}</a>",
                              links.html.empty() ? "<br>\n" : " · ", link.html, base::escape_html(label));
  };
  add("brand.privacy", brand.privacy_url);
  add("brand.terms", brand.terms_url);
  add("brand.support", brand.support_url);
  return links;
}

}  // namespace

Rendered render_words(std::string_view name, std::vector<NamedValue> values, const text::Reader& reader,
                      const Brand& brand, std::string_view product) {
  const text::Language& language = *reader.language;
  const std::string begin = fmt::format("letter.{}.", name);
  const auto words = [&](std::string_view key) { return language.words(begin + std::string(key)); };
  values.push_back({"product", plain_value(product)});
  add_brand(values, brand, reader, product);
  values.push_back(html_value("lang", std::string(language.tag())));
  values.push_back(html_value("dir", std::string(language.direction())));
  values.push_back(html_value("fallback", base::escape_html(language.words("letter.fallback"))));
  const std::string_view footer = language.words("letter.footer");
  const Shown links = foot_links(brand, reader);
  values.push_back({"footer", {fill(footer, values, &Shown::text), html_words(footer, values) + links.html}});
  if (const auto label = language.all().find(begin + "button"); label != language.all().end()) {
    values.push_back({"button", button(label->second, values)});
  }

  Rendered rendered;
  rendered.subject = fill(words("subject"), values, &Shown::text);
  const std::string body = fmt::format("{}\n\n{}", language.words("letter.greeting"), words("body"));
  Shown laid_out = lay_out(body, [&](std::string_view place) -> const Shown& { return value_of(values, place); });
  rendered.text = laid_out.text + fill(file("frame.txt"), values, &Shown::text) + links.text;
  values.push_back(html_value("subject", base::escape_html(rendered.subject)));
  values.push_back(html_value("preview", html_words(words("preview"), values)));
  values.push_back(html_value("body", std::move(laid_out.html)));
  rendered.html = fill(file("frame.html"), values, &Shown::html);
  return rendered;
}

}  // namespace gatehouse::mail
