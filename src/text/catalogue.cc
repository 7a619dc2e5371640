#include "text/catalogue.h"

#include "base/embedded.h"
#include "base/text.h"
#include "text/pattern.h"
#include "text/pseudo.h"

#include <boost/json/parse.hpp>
#include <memory>
#include <optional>

namespace gatehouse::text {

/// The files of text/, by name (cmake/embed.cmake).
std::span<const base::EmbeddedFile> embedded_languages();

namespace {

using Languages = std::vector<std::unique_ptr<const Language>>;

Words read_words(std::string_view tag) {
  for (const base::EmbeddedFile& file : embedded_languages()) {
    if (file.name == std::string(tag) + ".json") return parse_words(file.content);
  }
  throw std::logic_error("there is no text/" + std::string(tag) + ".json");
}

const Languages& languages() {
  static const Languages all = [] {
    Languages made;
    for (const std::string_view tag : kLanguageTags) {
      made.push_back(std::make_unique<const Language>(std::string(tag), read_words(tag)));
    }
#ifdef GATEHOUSE_DEV_TOOLS
    made.push_back(std::make_unique<const Language>(std::string(kPseudoTag), pseudo_words(made.front()->all())));
#endif
    return made;
  }();
  return all;
}

using Values = std::map<std::string, std::string, std::less<>>;

/// What stands in the places of the pattern when the sentence is one of it. Each place ends where the words behind it
/// begin.
std::optional<Values> match(std::string_view pattern, std::string_view sentence) {
  Values values;
  std::string_view open_place;
  bool matches = true;
  for_each_piece(
      pattern,
      [&](std::string_view words) {
        const auto at = open_place.empty() ? (sentence.starts_with(words) ? 0 : sentence.npos) : sentence.find(words);
        if (at == sentence.npos) {
          matches = false;
          return;
        }
        if (!open_place.empty()) values[std::string(open_place)] = sentence.substr(0, at);
        open_place = {};
        sentence.remove_prefix(at + words.size());
      },
      [&](std::string_view name) { open_place = name; });
  if (!open_place.empty()) {
    values[std::string(open_place)] = sentence;
    sentence = {};
  }
  if (!matches || !sentence.empty()) return std::nullopt;
  return values;
}

}  // namespace

std::string_view Language::words(std::string_view key) const {
  const auto found = words_.find(key);
  if (found == words_.end()) throw std::logic_error("there are no words at " + std::string(key));
  return found->second;
}

std::string_view Language::words_or(std::string_view key, std::string_view otherwise) const {
  const auto found = words_.find(key);
  return found == words_.end() ? otherwise : std::string_view(found->second);
}

std::string_view Language::words_for(std::string_view key, std::int64_t count) const {
  return words(std::string(key) + (count == 1 ? ".one" : ".other"));
}

std::string Language::retell(std::string_view sentence) const {
  constexpr std::string_view kReasons = "reason.";
  const Words& said = english().all();
  if (this == &english()) return std::string(sentence);
  for (auto one = said.lower_bound(kReasons); one != said.end() && one->first.starts_with(kReasons); ++one) {
    const auto values = match(one->second, sentence);
    if (values) return fill(words(one->first), [&](std::string_view name) { return values->find(name)->second; });
  }
  return std::string(sentence);
}

const Language& english() { return *languages().front(); }

const Language* find_language(std::string_view tag) {
  const std::string wanted = base::to_lower_ascii(tag);
  for (const auto& language : languages()) {
    if (base::to_lower_ascii(language->tag()) == wanted) return language.get();
  }
  return nullptr;
}

Words parse_words(std::string_view json) {
  Words words;
  try {
    const boost::json::value document = boost::json::parse(json);
    for (const auto& [key, value] : document.as_object()) {
      words.emplace(std::string(key), std::string(value.as_string()));
    }
  } catch (const std::exception& mistake) {
    throw std::runtime_error(std::string("a file of text/ can't be read: ") + mistake.what());
  }
  return words;
}

}  // namespace gatehouse::text
