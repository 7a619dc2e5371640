#pragma once

#include "mail/brand.h"
#include "mail/letters.h"
#include "text/reader.h"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::mail {

/// A letter in words, for one recipient. Links in `text` and `html` may carry secrets: seal it where it waits.
struct Rendered {
  std::string subject;  // one line
  std::string text;
  std::string html;
};

struct NamedValue {
  std::string_view name;
  Shown shown;
};

/// Fills the words of "letter.<name>…" in the reader's language. Throws std::logic_error when there are none or they
/// ask for a value that they are not given: a mistake in the program, which the tests of every letter exclude. Thread
/// safe.
Rendered render_words(std::string_view name, std::vector<NamedValue> values, const text::Reader& reader,
                      const Brand& brand, std::string_view product);

/// The letter in words. `product` is the operator's name for the service, which signs the letter and, without a brand,
/// heads it.
template <class Letter>
Rendered render(const Letter& letter, const text::Reader& reader = {}, const Brand& brand = {},
                std::string_view product = "Gatehouse") {
  std::vector<NamedValue> values;
  boost::mp11::mp_for_each<boost::describe::describe_members<Letter, boost::describe::mod_public>>([&](auto member) {
    values.push_back({member.name, show(letter.*member.pointer, reader)});
  });
  return render_words(Letter::kTemplate, std::move(values), reader, brand, product);
}

}  // namespace gatehouse::mail
