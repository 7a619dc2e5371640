#pragma once

#include "base/result.h"
#include "domain/services.h"
#include "http/route.h"
#include "smtp/mailbox.h"

#include <string_view>
#include <vector>

namespace gatehouse::pages {

/// The pages that letters and the operator's setup link lead to, complete without JavaScript, with what they load from
/// /assets. Forms of other sites are refused (kCrossSite), no GET changes anything, and a refused form comes back with
/// what was typed, passwords excepted, under the status of the refusal. `services` must outlive the rows.
std::vector<http::Route> page_routes(const domain::Services& services);

/// The reference of the API at /docs/api, made from the OpenAPI document of api/ and complete without JavaScript.
/// Throws when the text is no such document.
http::Route reference_route(std::string_view openapi_document);

/// The dev mailbox at /dev/mail, a page for people and /dev/mail/messages for tests. It shows live links to whoever
/// asks, so these rows are joined under --dev only. The mailbox must outlive the rows.
std::vector<http::Route> mailbox_routes(smtp::Mailbox& mailbox);

/// A refusal as a page, with the header fields that http::problem() gives. For the server, which calls it for page rows
/// and for clients that prefer HTML.
http::Response problem_page(const base::Refusal& refusal, const http::Request& request);

}  // namespace gatehouse::pages
