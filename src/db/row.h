#pragma once

#include "db/value.h"

#include <stdexcept>
#include <utility>
#include <vector>

namespace gatehouse::db {

/// One value of an answer, in the form that both databases share: UUID, BYTEA, TEXT and JSONB as bytes; BIGINT,
/// BOOLEAN and TIMESTAMPTZ (microseconds since 1970) as a number.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;

/// The statement and the code disagree about a column: a bug of ours, never of the caller.
class ColumnError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {
template <class T>
struct Read;

const std::int64_t& number(const Cell& cell);
const std::string& bytes(const Cell& cell);
base::Uuid uuid(const Cell& cell);

template <>
struct Read<std::int64_t> {
  static std::int64_t from(const Cell& cell) { return number(cell); }
};
template <>
struct Read<bool> {
  static bool from(const Cell& cell) { return number(cell) != 0; }
};
template <>
struct Read<base::Time> {
  static base::Time from(const Cell& cell) { return base::Time(base::Duration(number(cell))); }
};
template <>
struct Read<std::string> {
  static std::string from(const Cell& cell) { return bytes(cell); }
};
template <>
struct Read<Bytes> {
  static Bytes from(const Cell& cell) { return {bytes(cell)}; }
};
template <>
struct Read<Json> {
  static Json from(const Cell& cell) { return {bytes(cell)}; }
};
template <>
struct Read<base::Uuid> {
  static base::Uuid from(const Cell& cell) { return uuid(cell); }
};
template <class Kind>
struct Read<base::Id<Kind>> {
  static base::Id<Kind> from(const Cell& cell) { return {uuid(cell)}; }
};
template <class T>
struct Read<std::optional<T>> {
  static std::optional<T> from(const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return std::nullopt;
    return Read<T>::from(cell);
  }
};
}  // namespace detail

/// One row of an answer. Reading a column as another type than it has, or NULL as a plain type, throws ColumnError.
class Row {
 public:
  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}

  template <class T>
  T get(std::size_t column) const {
    return detail::Read<T>::from(cells_.at(column));
  }
  /// The whole row into an aggregate whose members stand in the order of the columns:
  /// `row.as<User, UserId, std::string, bool>()`.
  template <class Struct, class... Columns>
  Struct as() const {
    return read<Struct, Columns...>(std::index_sequence_for<Columns...>{});
  }
  std::size_t size() const { return cells_.size(); }

 private:
  template <class Struct, class... Columns, std::size_t... I>
  Struct read(std::index_sequence<I...>) const {
    return Struct{detail::Read<Columns>::from(cells_.at(I))...};
  }
  std::vector<Cell> cells_;
};

using Rows = std::vector<Row>;

}  // namespace gatehouse::db
