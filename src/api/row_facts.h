#pragma once

#include "api/endpoint.h"

#include <algorithm>

/// What the OpenAPI document asks of a row. Templates, because rows are about to learn who may call them, keys and
/// preconditions: what a row does not have yet is not documented.
namespace gatehouse::api {

template <class R>
bool needs_token(const R& row) {
  if constexpr (requires { row.needs_token; }) {
    return row.needs_token;
  } else {
    return row.access != decltype(row.access)::anyone;
  }
}

/// For operators, and nobody else sees that it is there.
template <class R>
bool is_for_platform(const R& row) {
  if constexpr (requires { row.access; }) return row.access == decltype(row.access)::platform;
  return false;
}

/// Whether an API key does as well as a person.
template <class R>
bool takes_key(const R& row) {
  if constexpr (requires { row.takes_key; }) return row.takes_key;
  return false;
}

/// Keys are refused by 403 where they won't do, and where they come from a browser.
template <class R>
bool may_be_forbidden(const R& row) {
  if constexpr (requires { row.takes_key; }) return needs_token(row);
  return !row.permission.empty();
}

/// Takes an Idempotency-Key.
template <class R>
bool creates(const R& row) {
  if constexpr (requires { row.creates(); }) return row.creates();
  return false;
}

template <class R>
bool takes_if_match(const R& row) {
  if constexpr (requires { row.takes_if_match(); }) return row.takes_if_match();
  return false;
}

template <class R>
bool has_etag(const R& row) {
  if constexpr (requires { row.has_etag(); }) return row.has_etag();
  return false;
}

/// A list answers `page` beside `data`; rows that know entity tags link its next page.
template <class R>
bool links_next_page(const R& row) {
  if constexpr (requires { row.has_etag(); }) {
    const auto is_page = [](const wire::FieldShape& field) { return field.rules.name == "page"; };
    return row.output != nullptr && std::any_of(row.output->fields.begin(), row.output->fields.end(), is_page);
  }
  return false;
}

}  // namespace gatehouse::api
