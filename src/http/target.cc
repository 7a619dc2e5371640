#include "http/target.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

bool is_control(char character) { return std::uint8_t(character) < 0x20 || character == 0x7f; }

tl::unexpected<base::Refusal> malformed(const char* why) { return base::refuse(base::kMalformedRequest, why); }

base::Result<std::string> decode_segment(std::string_view raw) {
  auto segment = base::unescape_url(raw, false);
  if (!segment) return malformed("The path has a broken % escape.");
  if (segment->find_first_of("/\\") != std::string::npos)
    return malformed("The path has an encoded slash or a backslash.");
  if (*segment == "." || *segment == "..") return malformed("The path has a dot segment.");
  if (std::any_of(segment->begin(), segment->end(), is_control)) return malformed("The path has a control character.");
  if (!base::is_valid_utf8(*segment)) return malformed("The path is not UTF-8.");
  return std::move(*segment);
}

base::Result<std::vector<std::string>> decode_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  const auto parts = base::split(path.substr(1), '/');
  segments.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() && i + 1 < parts.size()) return malformed("The path has an empty segment.");
    segments.push_back(TRY(decode_segment(parts[i])));
  }
  return segments;
}

base::Result<std::string> decode_query_part(std::string_view raw) {
  auto text = base::unescape_url(raw, true);
  if (!text) return malformed("The query has a broken % escape.");
  if (text->find('\0') != std::string::npos || !base::is_valid_utf8(*text))
    return malformed("The query is not UTF-8 text.");
  return std::move(*text);
}

base::Result<std::vector<std::pair<std::string, std::string>>> decode_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view part : base::split(query, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    std::string name = TRY(decode_query_part(part.substr(0, equals)));
    std::string value;
    if (equals != std::string_view::npos) value = TRY(decode_query_part(part.substr(equals + 1)));
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

}  // namespace

base::Result<Target> parse_target(std::string_view text, std::string_view host, bool is_options) {
  Target target;
  if (text == "*" && is_options) {
    target.is_asterisk = true;
    return target;
  }
  if (text.find('#') != std::string_view::npos) return malformed("A request target has no fragment.");
  if (!text.starts_with('/')) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return malformed("The request target is no path.");
    const std::string scheme = base::to_lower_ascii(text.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return malformed("The request target is no path.");
    text.remove_prefix(scheme_end + 3);
    const auto authority_end = std::min(text.find_first_of("/?"), text.size());
    if (host.empty() || base::to_lower_ascii(text.substr(0, authority_end)) != base::to_lower_ascii(host)) {
      return malformed("The request target names another host than the Host field.");
    }
    text.remove_prefix(authority_end);
  }
  const auto question = text.find('?');
  const std::string_view path = text.substr(0, question);
  target.path = TRY(decode_path(path.empty() ? "/" : path));
  if (question != std::string_view::npos) target.query = TRY(decode_query(text.substr(question + 1)));
  return target;
}

}  // namespace gatehouse::http
