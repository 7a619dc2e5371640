#pragma once

#include "domain/speech.h"
#include "http/message.h"
#include "pages/html.h"
#include "text/reader.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::pages {

/// What stands in the place `{{name}}` of a sentence: markup, or text that is escaped.
struct Value {
  Value(std::string_view place, const Html& value) : name(place), markup(value) {}
  Value(std::string_view place, std::string_view value) : name(place), markup(html("{}", value)) {}

  std::string_view name;
  Html markup;
};

/// The words of one answer, in the language and by the clocks of whoever reads it. The language is the one that they
/// have chosen; else the `lang` that came with the request; else that of the organization which the page belongs to;
/// else the best of Accept-Language; else English.
class Words {
 public:
  /// English, for pages that have no other language.
  Words() = default;
  explicit Words(const http::Request& request);

  Words of(const domain::Speech& speech) const;
  Words of_organization(const std::optional<std::string>& language) const;

  std::string_view operator[](std::string_view key) const { return reader_.language->words(key); }
  Html operator()(std::string_view key, std::initializer_list<Value> values = {}) const;
  /// See text::Language::words_for(); the place is `{{count}}`.
  Html counted(std::string_view key, std::int64_t count) const;
  std::string moment(base::Time time) const { return text::moment(reader_, time); }
  std::string retell(std::string_view sentence) const { return reader_.language->retell(sentence); }

  const text::Language& language() const { return *reader_.language; }
  /// The `lang` that came with the request, which the forms of the answer keep; empty when there was none.
  std::string_view kept() const { return asked_ ? asked_->tag() : std::string_view(); }
  /// What a new account may keep: the language that came with the request, by its `lang` or by the browser. Nothing
  /// when neither names one that people can choose.
  std::optional<std::string> named_language() const;
  /// The same by its `lang` alone.
  std::optional<std::string> asked_language() const;

 private:
  text::Reader reader_;
  const text::Language* asked_ = nullptr;
  const text::Language* accepted_ = nullptr;
};

/// The name of the parameter that asks for a language.
inline constexpr std::string_view kLanguageParameter = "lang";

/// The request without it: pages read what is their own, and nothing else is allowed.
http::Request without_language(http::Request request);
/// For forms: nothing when no language was asked for.
Html language_field(const Words& words);
/// `path` with the language that was asked for.
std::string with_language(std::string path, const Words& words);

/// What people chose for a name; it may be written in any direction.
Html name(std::string_view chosen);
Html strong_name(std::string_view chosen);

}  // namespace gatehouse::pages
