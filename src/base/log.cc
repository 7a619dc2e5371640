#include "base/log.h"

#include "base/clock.h"
#include "base/log_batch.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/compile.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistr.h>
#include <utility>

namespace gatehouse::base::log {

namespace {

Format g_format = Format::text;
thread_local std::string_view t_request_id;
thread_local Batch* t_batch = nullptr;

spdlog::logger& logger() {
  static const auto shared = [] {
    auto made = spdlog::stderr_logger_mt("gatehouse");
    made->set_pattern("%v");
    return made;
  }();
  return *shared;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

/// As JSON escapes it: one \u of four digits, or a surrogate pair.
void append_escape(std::string& line, ucs4_t point) {
  if (point < 0x10000) {
    line += fmt::format("\\u{:04x}", point);
  } else {
    line += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
  }
}

/// Stands for itself, which nobody need look up.
bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

/// What hides, reorders or breaks text is escaped, and so is each byte that is no UTF-8.
void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  while (!text.empty()) {
    const auto plain = std::size_t(std::ranges::find_if_not(text, is_plain) - text.begin());
    if (plain > 0) {
      line += text.substr(0, plain);
      text.remove_prefix(plain);
      continue;
    }
    ucs4_t point = 0;
    const int read = u8_mbtoucr(&point, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const std::size_t length = read > 0 ? std::size_t(read) : 1;
    if (read <= 0) {
      append_escape(line, std::uint8_t(text[0]));
    } else if (point == '"' || point == '\\') {
      line += '\\';
      line += char(point);
    } else if (has_hidden_characters(text.substr(0, length))) {
      append_escape(line, point);
    } else {
      line += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  line += '"';
}

void append_text(std::string& line, std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \"\\=") == std::string_view::npos && is_valid_utf8(text) &&
                     !has_hidden_characters(text);
  if (plain) {
    line += text;
  } else {
    append_quoted(line, text);
  }
}

void append_value(std::string& line, const Field& field, Format format) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
          format == Format::json ? append_quoted(line, value) : append_text(line, value);
          return;
        }
        if constexpr (std::is_same_v<T, double>) {
          // JSON has no word for NaN and infinity.
          if (!std::isfinite(value)) return append_quoted(line, fmt::format("{}", value));
        }
        fmt::format_to(std::back_inserter(line), FMT_COMPILE("{}"), value);
      },
      field.value);
}

std::string to_json_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line =
      fmt::format(FMT_COMPILE(R"({{"ts":"{}","level":"{}","msg":)"), to_rfc3339(SystemClock().now()), name_of(level));
  append_quoted(line, event);
  if (!t_request_id.empty()) {
    line += ",\"request_id\":";
    append_quoted(line, t_request_id);
  }
  for (const Field& field : fields) {
    line += ',';
    append_quoted(line, field.name);
    line += ':';
    append_value(line, field, Format::json);
  }
  line += '}';
  return line;
}

std::string to_text_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = fmt::format("{} {:7} {}", to_rfc3339(SystemClock().now()), name_of(level), event);
  if (!t_request_id.empty()) {
    line += " request_id=";
    append_text(line, t_request_id);
  }
  for (const Field& field : fields) {
    line += fmt::format(" {}=", field.name);
    append_value(line, field, Format::text);
  }
  return line;
}

void put(spdlog::level::level_enum level, const std::string& lines) {
  logger().log(level, lines);
  logger().flush();
}

}  // namespace

void configure(Level least, Format format) {
  g_format = format;
  logger().set_level(to_spdlog(least));
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  const std::string line =
      g_format == Format::json ? to_json_line(level, event, fields) : to_text_line(level, event, fields);
  if (t_batch != nullptr && level <= Level::info) return t_batch->add(line);
  if (t_batch != nullptr) t_batch->flush();
  put(to_spdlog(level), line);
}

Batch::Batch(std::function<void()> on_first) : on_first_(std::move(on_first)) { t_batch = this; }

Batch::~Batch() {
  flush();
  t_batch = nullptr;
}

void Batch::add(const std::string& line) {
  if (lines_.empty()) {
    on_first_();
  } else {
    lines_ += '\n';
  }
  lines_ += line;
}

void Batch::flush() {
  if (lines_.empty()) return;
  put(spdlog::level::info, lines_);
  lines_.clear();
}

RequestScope::RequestScope(std::string_view request_id) : previous_(std::exchange(t_request_id, request_id)) {}

RequestScope::~RequestScope() { t_request_id = previous_; }

std::string_view RequestScope::current() { return t_request_id; }

}  // namespace gatehouse::base::log
