#include "mail/body.h"

#include "base/text.h"
#include "text/pattern.h"

#include <vector>

namespace gatehouse::mail {

namespace {

constexpr std::size_t kLineCharacters = 76;
constexpr std::string_view kStrong = "**";

/// One line of the pattern: its words for text, and its markup.
struct Line {
  std::vector<std::string> words{std::string()};
  std::string html;
};

class LineReader {
 public:
  Line read(std::string_view pattern, const Value& value) {
    text::for_each_piece(
        pattern, [&](std::string_view words) { add_words(words); },
        [&](std::string_view name) {
          const Shown& shown = value(name);
          line_.words.back() += shown.text;
          line_.html += shown.html;
        });
    return std::move(line_);
  }

 private:
  void add_words(std::string_view words) {
    while (!words.empty()) {
      if (words.starts_with(kStrong)) {
        mark(is_strong_, "strong");
        words.remove_prefix(kStrong.size());
        continue;
      }
      const char letter = words.front();
      words.remove_prefix(1);
      if (letter == '`') {
        mark(is_code_, "code");
      } else if (letter == ' ') {
        line_.words.emplace_back();
        line_.html += letter;
      } else {
        line_.words.back() += letter;
        line_.html += base::escape_html({&letter, 1});
      }
    }
  }

  void mark(bool& is_open, std::string_view tag) {
    line_.html += (is_open ? "</" : "<") + std::string(tag) + ">";
    is_open = !is_open;
  }

  Line line_;
  bool is_strong_ = false;
  bool is_code_ = false;
};

std::string broken(const std::vector<std::string>& words) {
  std::string out;
  std::size_t size = 0;
  for (const std::string& word : words) {
    const std::size_t more = base::count_code_points(word);
    if (size > 0) out += size + 1 + more > kLineCharacters ? '\n' : ' ';
    size = out.empty() || out.back() == '\n' ? more : size + 1 + more;
    out += word;
  }
  return out;
}

bool is_one_place(std::string_view paragraph) {
  return paragraph.starts_with("{{") && paragraph.find("}}") == paragraph.size() - 2;
}

Shown lay_out_paragraph(std::string_view paragraph, const Value& value) {
  if (is_one_place(paragraph)) return value(paragraph.substr(2, paragraph.size() - 4));
  Shown out{{}, "<p>"};
  for (const std::string_view pattern : base::split(paragraph, '\n')) {
    const Line line = LineReader().read(pattern, value);
    if (!out.text.empty()) out.html += "<br>\n";
    out.text += broken(line.words) + "\n";
    out.html += line.html;
  }
  out.html += "</p>\n";
  return out;
}

}  // namespace

Shown lay_out(std::string_view body, const Value& value) {
  Shown out;
  for (;;) {
    const auto end = body.find("\n\n");
    const Shown paragraph = lay_out_paragraph(body.substr(0, end), value);
    if (!paragraph.text.empty() && !out.text.empty()) out.text += '\n';
    out.text += paragraph.text;
    out.html += paragraph.html;
    if (end == std::string_view::npos) return out;
    body.remove_prefix(end + 2);
  }
}

}  // namespace gatehouse::mail
