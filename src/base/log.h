#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace gatehouse::base::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

/// One named value of a line. Secrets do not convert to it, so they can't be logged.
struct Field {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;

  Field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  Field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
  template <class Integer>
    requires std::is_integral_v<Integer>
  Field(std::string_view n, Integer v) : name(n), value(std::int64_t(v)) {}
};

/// Where lines go is standard error. Call once, before the first line, from one thread.
void configure(Level least, Format format);

/// `event` is a short fixed sentence in the past tense or present; what varies goes into fields. Control characters in
/// values are escaped, so that nobody forges a line. Thread safe.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

/// While it lives, lines of this thread carry the id of the request, which has to live as long.
class RequestScope {
 public:
  explicit RequestScope(std::string_view request_id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

  /// The id that lines of this thread carry now, for whoever hands work to another one. Empty without a scope.
  static std::string_view current();

 private:
  std::string_view previous_;
};

}  // namespace gatehouse::base::log
