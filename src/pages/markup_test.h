#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A reader of the markup that pages are made of, so that tests see what a browser sees.
namespace gatehouse::pages {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Tag {
  std::string name;  // "/p" for an end tag
  Pairs attributes;

  std::string attribute(std::string_view wanted) const {
    for (const auto& [attribute_name, value] : attributes) {
      if (attribute_name == wanted) return value;
    }
    return {};
  }
};

inline std::string unescape_html(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    bool is_found = false;
    for (const auto& [entity, letter] : std::initializer_list<std::pair<std::string_view, char>>{
             {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}) {
      if (!text.starts_with(entity)) continue;
      out += letter;
      text.remove_prefix(entity.size());
      is_found = true;
      break;
    }
    if (is_found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

/// Every tag as a browser would find it. Throws for what our pages never write: unquoted attributes, comments.
inline std::vector<Tag> tags_of(std::string_view body) {
  std::vector<Tag> tags;
  for (std::size_t at = body.find('<'); at != std::string_view::npos; at = body.find('<', at)) {
    ++at;
    const auto take_while = [&](auto is_wanted) {
      const std::size_t begin = at;
      while (at < body.size() && is_wanted(body[at])) ++at;
      return std::string(body.substr(begin, at - begin));
    };
    const auto is_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '/' || c == '!';
    };
    Tag tag{take_while(is_name), {}};
    if (tag.name.empty()) throw std::runtime_error("a raw < in the text");
    for (;;) {
      take_while([](char c) { return c == ' '; });
      if (at >= body.size()) throw std::runtime_error("a tag does not end");
      if (body[at] == '>') break;
      std::string name = take_while(is_name);
      if (name.empty()) throw std::runtime_error("strange character in a tag: " + std::string(body.substr(at, 20)));
      std::string value;
      if (body[at] == '=') {
        if (body[++at] != '"') throw std::runtime_error("an attribute without quotes");
        ++at;
        value = unescape_html(take_while([](char c) { return c != '"'; }));
        ++at;
      }
      tag.attributes.emplace_back(std::move(name), std::move(value));
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

/// Tags and names of attributes in order: what values must not change.
inline std::string shape_of_markup(std::string_view body) {
  std::string out;
  for (const Tag& tag : tags_of(body)) {
    out += "<" + tag.name;
    for (const auto& [name, value] : tag.attributes) out += " " + name;
    out += ">";
  }
  return out;
}

struct FormMarkup {
  std::string action;
  Pairs fields;  // with the button's own, when it has one
};

inline std::vector<FormMarkup> forms_of(std::string_view body) {
  std::vector<FormMarkup> forms;
  for (const Tag& tag : tags_of(body)) {
    if (tag.name == "form") forms.push_back({tag.attribute("action"), {}});
    const bool is_field = tag.name == "input" || tag.name == "button";
    if (is_field && !tag.attribute("name").empty()) {
      forms.at(forms.size() - 1).fields.emplace_back(tag.attribute("name"), tag.attribute("value"));
    }
  }
  return forms;
}

/// The input of that name; one without attributes when there is none.
inline Tag input_of_page(std::string_view body, std::string_view name) {
  for (const Tag& tag : tags_of(body)) {
    if (tag.name == "input" && tag.attribute("name") == name) return tag;
  }
  return {};
}

}  // namespace gatehouse::pages
