#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace gatehouse::db {

/// Bytes for a BYTEA column, as opposed to text.
struct Bytes {
  std::string data;
  bool operator==(const Bytes&) const = default;
};

/// A JSON object or array for a JSONB column, already written as text with sorted keys.
struct Json {
  std::string text;
};

struct BytesView {
  std::string_view data;
};
struct JsonView {
  std::string_view text;
};

/// One parameter of a statement. It borrows: what it was made from must live until the statement was queued
/// (Transaction::execute copies what it has to keep). The C++ type decides the SQL type on both databases.
class Value {
 public:
  using Variant =
      std::variant<std::monostate, std::int64_t, bool, std::string_view, BytesView, JsonView, base::Uuid, base::Time>;

  Value(std::nullopt_t) {}
  Value(std::int64_t number) : value_(number) {}
  Value(int number) : value_(std::int64_t(number)) {}
  Value(bool flag) : value_(flag) {}
  Value(std::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(const Bytes& bytes) : value_(BytesView{bytes.data}) {}
  Value(const Json& json) : value_(JsonView{json.text}) {}
  Value(const base::Uuid& uuid) : value_(uuid) {}
  Value(base::Time time) : value_(time) {}
  template <class Kind>
  Value(const base::Id<Kind>& id) : value_(id.uuid) {}
  /// An empty one is a NULL that still knows its type, so that a statement is the same one with and without a value.
  template <class T>
    requires(!std::is_pointer_v<T>)
  Value(const std::optional<T>& maybe) {
    if (maybe) value_ = Value(*maybe).value_;
    type_of_null_ = Value(T{}).value_.index();
  }

  const Variant& get() const { return value_; }
  /// Which alternative of Variant this is or, being NULL, would be; 0 for a plain `std::nullopt`.
  std::size_t type() const { return value_.index() != 0 ? value_.index() : type_of_null_; }

 private:
  Variant value_;
  std::size_t type_of_null_ = 0;
};

}  // namespace gatehouse::db
