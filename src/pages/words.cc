#include "pages/words.h"

#include "base/text.h"
#include "http/accept.h"
#include "text/pattern.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::pages {

namespace {

std::string_view name_of_pair(std::string_view pair) { return pair.substr(0, pair.find('=')); }

/// Of the form or, in a link, of the query.
std::string language_parameter(const http::Request& request) {
  for (const std::string_view pair : base::split(request.body, '&')) {
    if (name_of_pair(pair) == kLanguageParameter)
      return std::string(pair.substr(std::min(pair.find('=') + 1, pair.size())));
  }
  for (const auto& [name, value] : request.query) {
    if (name == kLanguageParameter) return value;
  }
  return {};
}

/// "de-AT" is a kind of "de" (RFC 4647 section 3.4).
std::string_view primary_tag(const http::LanguageRange& range) {
  return std::string_view(range.tag).substr(0, range.tag.find('-'));
}

/// The quality that the best range gives the language, or that "*" gives to those that no range names.
int quality_of(std::string_view tag, const std::vector<http::LanguageRange>& ranges) {
  int named = -1, any = 0;
  for (const http::LanguageRange& range : ranges) {
    if (primary_tag(range) == tag) named = std::max(named, range.quality);
    if (range.tag == "*") any = std::max(any, range.quality);
  }
  return named >= 0 ? named : any;
}

/// Of two that are wanted as much, the one that was named first.
const text::Language* best_language(const std::vector<http::LanguageRange>& ranges) {
  std::vector<std::string_view> tags(text::kLanguageTags.begin(), text::kLanguageTags.end());
  const auto place_of = [&](std::string_view tag) { return std::ranges::find(ranges, tag, primary_tag); };
  std::ranges::stable_sort(tags, {}, place_of);
  const auto best = std::ranges::max_element(tags, {}, [&](std::string_view tag) { return quality_of(tag, ranges); });
  return quality_of(*best, ranges) > 0 ? text::find_language(*best) : nullptr;
}

}  // namespace

Words::Words(const http::Request& request) {
  asked_ = text::find_language(language_parameter(request));
  accepted_ = best_language(http::accepted_languages(request.headers));
  const text::Language* language = asked_ ? asked_ : accepted_;
  if (language != nullptr) reader_.language = language;
}

Words Words::of(const domain::Speech& speech) const {
  Words words = of_organization(speech.organization_language);
  words.reader_.zone = text::zone_of(speech.zoneinfo);
  if (const auto* chosen = speech.language ? text::find_language(*speech.language) : nullptr) {
    words.reader_.language = chosen;
  }
  return words;
}

Words Words::of_organization(const std::optional<std::string>& language) const {
  Words words = *this;
  const auto* own = language && asked_ == nullptr ? text::find_language(*language) : nullptr;
  if (own != nullptr) words.reader_.language = own;
  return words;
}

std::optional<std::string> Words::asked_language() const {
  if (asked_ == nullptr || std::ranges::find(text::kLanguageTags, asked_->tag()) == text::kLanguageTags.end()) {
    return std::nullopt;
  }
  return std::string(asked_->tag());
}

std::optional<std::string> Words::named_language() const {
  if (asked_ != nullptr || accepted_ == nullptr) return asked_language();
  return std::string(accepted_->tag());
}

Html Words::operator()(std::string_view key, std::initializer_list<Value> values) const {
  Html out;
  text::for_each_piece((*this)[key], [&](std::string_view words) { out += html("{}", words); },
                       [&](std::string_view place) {
                         const auto found = std::ranges::find(values, place, &Value::name);
                         if (found == values.end())
                           throw std::logic_error("nothing was given for {{" + std::string(place) + "}}");
                         out += found->markup;
                       });
  return out;
}

Html Words::counted(std::string_view key, std::int64_t count) const {
  const std::string words =
      text::fill(reader_.language->words_for(key, count), [&](std::string_view) { return std::to_string(count); });
  return html("{}", words);
}

http::Request without_language(http::Request request) {
  std::erase_if(request.query, [](const auto& parameter) { return parameter.first == kLanguageParameter; });
  std::string rest;
  for (const std::string_view pair : base::split(request.body, '&')) {
    if (name_of_pair(pair) == kLanguageParameter) continue;
    if (!rest.empty()) rest += '&';
    rest += pair;
  }
  request.body = std::move(rest);
  return request;
}

Html language_field(const Words& words) {
  if (words.kept().empty()) return {};
  return html("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", kLanguageParameter, words.kept());
}

std::string with_language(std::string path, const Words& words) {
  if (words.kept().empty()) return path;
  path += path.find('?') == std::string::npos ? '?' : '&';
  return path + std::string(kLanguageParameter) + "=" + std::string(words.kept());
}

Html name(std::string_view chosen) { return html("<bdi>{}</bdi>", chosen); }

Html strong_name(std::string_view chosen) { return html("<strong><bdi>{}</bdi></strong>", chosen); }

}  // namespace gatehouse::pages
