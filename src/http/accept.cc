#include "http/accept.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

constexpr int kNotNamed = -1;

/// "0.75" as 750; nothing for what RFC 9110 section 12.4.2 does not allow.
std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int thousandths = (text[0] - '0') * 1000;
  int weight = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    thousandths += (digit - '0') * weight;
    weight /= 10;
  }
  if (thousandths > 1000) return std::nullopt;
  return thousandths;
}

struct Range {
  std::string type;
  int quality = 1000;
};

std::optional<Range> parse_range(std::string_view text) {
  Range range;
  bool is_first = true;
  for (const std::string_view part : base::split(text, ';')) {
    const std::string word = base::to_lower_ascii(base::trim(part));
    if (is_first) {
      range.type = word;
      is_first = false;
    } else if (word.starts_with("q=")) {
      const auto quality = parse_quality(std::string_view(word).substr(2));
      if (!quality) return std::nullopt;
      range.quality = *quality;
    }
  }
  return range;
}

}  // namespace

std::vector<LanguageRange> accepted_languages(const Headers& headers) {
  constexpr std::size_t kMostRanges = 100;
  std::vector<LanguageRange> ranges;
  for (const auto& [name, value] : headers) {
    if (name != "accept-language") continue;
    for (const std::string_view part : base::split(value, ',')) {
      auto range = parse_range(part);
      if (!range || range->type.empty()) continue;
      ranges.push_back({std::move(range->type), range->quality});
      if (ranges.size() == kMostRanges) return ranges;
    }
  }
  return ranges;
}

bool prefers_page(const Headers& headers) {
  int html = kNotNamed, json = kNotNamed, any_application = kNotNamed, any = kNotNamed;
  for (const auto& [name, value] : headers) {
    if (name != "accept") continue;
    for (const std::string_view part : base::split(value, ',')) {
      const auto range = parse_range(part);
      if (!range) continue;
      if (range->type == "text/html") html = std::max(html, range->quality);
      if (range->type == "application/json") json = std::max(json, range->quality);
      if (range->type == "application/*") any_application = std::max(any_application, range->quality);
      if (range->type == "*/*") any = std::max(any, range->quality);
    }
  }
  if (json == kNotNamed) json = any_application;
  if (json == kNotNamed) json = any;
  return html > 0 && html >= json;
}

}  // namespace gatehouse::http
