#include "base/text.h"
#include "http/problem.h"
#include "pages/form.h"
#include "pages/pages.h"
#include "smtp/message.h"
#include "wire/write.h"

#include <algorithm>

namespace gatehouse::pages {

namespace {

/// The page around a letter: it may frame what we serve, and nothing else.
constexpr std::string_view kLetterPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";
/// The letter itself: an origin of its own, no script, and its own inline styles, which the pages don't get.
constexpr std::string_view kFramePolicy =
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'";

/// A link in text: from `begin`, `size` bytes.
struct FoundLink {
  std::size_t begin;
  std::size_t size;
};

std::vector<FoundLink> find_links(std::string_view text) {
  std::vector<FoundLink> links;
  std::size_t at = 0;
  while ((at = text.find("http", at)) != std::string_view::npos) {
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) {
      ++at;
      continue;
    }
    std::size_t size = std::min(rest.find_first_of(" \t\r\n\"'<>"), rest.size());
    while (std::string_view(".,;:!?)").find(rest[size - 1]) != std::string_view::npos) --size;
    links.push_back({at, size});
    at += size;
  }
  return links;
}

Html with_links(std::string_view text) {
  Html out;
  std::size_t done = 0;
  for (const FoundLink& link : find_links(text)) {
    const std::string_view url = text.substr(link.begin, link.size);
    out += html("{}<a href=\"{}\">{}</a>", text.substr(done, link.begin - done), url, url);
    done = link.begin + link.size;
  }
  out += html("{}", text.substr(done));
  return out;
}

struct LetterView {
  std::int64_t number = 0;
  base::EmailAddress to;
  base::EmailAddress from;
  std::string subject;
  std::string text;
  std::string html;
  base::Time date;
  /// Of the text part. Gatehouse writes none but its own: what people chose can't become one.
  std::vector<std::string> links;

  static constexpr auto fields() {
    return wire::fields(wire::field("number", &LetterView::number), wire::field("to", &LetterView::to),
                        wire::field("from", &LetterView::from), wire::field("subject", &LetterView::subject),
                        wire::field("text", &LetterView::text), wire::field("html", &LetterView::html),
                        wire::field("date", &LetterView::date), wire::field("links", &LetterView::links));
  }
};

struct LettersView {
  std::vector<LetterView> messages;

  static constexpr auto fields() { return wire::fields(wire::field("messages", &LettersView::messages)); }
};

struct LettersQuery {
  std::optional<base::EmailAddress> to;

  static constexpr auto fields() { return wire::fields(wire::field("to", &LettersQuery::to)); }
};

struct NumberPath {
  std::int64_t number = 0;

  static constexpr auto fields() { return wire::fields(wire::field("number", &NumberPath::number)); }
};

LetterView view(const smtp::CaughtMessage& caught) {
  const smtp::Message& letter = caught.message;
  LetterView out{caught.number, letter.to, letter.from, letter.subject, letter.text, letter.html, letter.date, {}};
  for (const FoundLink& link : find_links(letter.text)) out.links.push_back(letter.text.substr(link.begin, link.size));
  return out;
}

http::Response list_as_json(const smtp::Mailbox& mailbox, const http::Request& request) {
  const auto query = read_query<LettersQuery>(request);
  if (!query) return http::problem(query.error(), request);
  LettersView out;
  for (const smtp::CaughtMessage& caught : mailbox.list()) {
    if (!query->to || *query->to == caught.message.to) out.messages.push_back(view(caught));
  }
  return {.content_type = "application/json", .body = wire::write(out)};
}

Html development_notice() {
  return html("<p class=\"quiet\">Development: every letter is caught here, with live links for whoever looks.</p>\n");
}

http::Response list_as_page(const smtp::Mailbox& mailbox) {
  Html rows;
  for (const smtp::CaughtMessage& caught : mailbox.list()) {
    rows +=
        html("<tr><td><a href=\"/dev/mail/{}\">{}</a></td><td>{}</td><td>{}</td></tr>\n", std::to_string(caught.number),
             caught.message.subject, caught.message.to.text, text::moment({}, caught.message.date));
  }
  Page page;
  page.title = "Mailbox";
  page.is_wide = true;
  page.head = html("<meta http-equiv=\"refresh\" content=\"5\">\n");
  page.body =
      html("<table>\n<thead><tr><th>Subject</th><th>To</th><th>Sent</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
           rows);
  if (rows.text().empty()) page.body = html("<p>No letter has been sent yet.</p>\n");
  page.body += development_notice();
  return to_response(page, Words());
}

http::Response letter_page(const smtp::CaughtMessage& caught) {
  const smtp::Message& letter = caught.message;
  const std::string number = std::to_string(caught.number);
  Page page;
  page.title = letter.subject;
  page.is_wide = true;
  page.policy = kLetterPolicy;
  page.body = html(
      "<dl>\n<dt>To</dt><dd>{}</dd>\n<dt>From</dt><dd>{} &lt;{}&gt;</dd>\n<dt>Sent</dt><dd>{}</dd>\n</dl>\n"
      "<p><a href=\"/dev/mail\">All letters</a> · <a href=\"/dev/mail/{}/source\">Source</a></p>\n"
      "<h2>Text</h2>\n<pre>{}</pre>\n",
      letter.to.text, letter.from_name, letter.from.text, text::moment({}, letter.date), number,
      with_links(letter.text));
  if (!letter.html.empty()) {
    page.body += html(
        "<h2>HTML</h2>\n<iframe title=\"The letter as HTML\" src=\"/dev/mail/{}/html\" sandbox=\"allow-popups "
        "allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation\"></iframe>\n",
        number);
  }
  page.body += development_notice();
  return to_response(page, Words());
}

/// The letter's own HTML, to be framed. Its links open beside the mailbox: our pages refuse to be framed.
http::Response letter_frame(const smtp::CaughtMessage& caught) {
  std::string body = caught.message.html;
  const std::size_t head = body.find("<head>");
  body.insert(head == std::string::npos ? 0 : head + std::string_view("<head>").size(), "<base target=\"_blank\">");
  return {.content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Content-Security-Policy", std::string(kFramePolicy)}}};
}

http::Response letter_source(const smtp::CaughtMessage& caught) {
  return {.content_type = "text/plain; charset=us-ascii", .body = smtp::to_wire(caught.message)};
}

http::Route letter_row(const smtp::Mailbox& mailbox, std::string path, std::string name,
                       http::Response (*show)(const smtp::CaughtMessage&)) {
  return page_row(
      http::Method::get, std::move(path), std::move(name), http::Lane::memory,
      [&mailbox, show](const http::Request& request, const Words&) {
        const auto path_values = read_query<NumberPath>(request);
        if (!path_values) return problem_page(path_values.error(), request);
        const auto caught = mailbox.find(path_values->number);
        if (caught) return show(*caught);
        return problem_page({&base::kNotFound, "The mailbox does not have this letter (any more).", {}, {}}, request);
      });
}

http::Route json_row(http::Method method, std::string name, PageHandler handle) {
  http::Route route = page_row(method, "/dev/mail/messages", std::move(name), http::Lane::memory, std::move(handle));
  route.produces = http::Produces::json;
  return route;
}

}  // namespace

std::vector<http::Route> mailbox_routes(smtp::Mailbox& mailbox) {
  return {page_row(http::Method::get, "/dev/mail", "dev_mail", http::Lane::memory,
                   [&mailbox](const http::Request&, const Words&) { return list_as_page(mailbox); }),
          letter_row(mailbox, "/dev/mail/{number}", "dev_mail_letter", letter_page),
          letter_row(mailbox, "/dev/mail/{number}/html", "dev_mail_html", letter_frame),
          letter_row(mailbox, "/dev/mail/{number}/source", "dev_mail_source", letter_source),
          json_row(http::Method::get, "dev_mail_messages",
                   [&mailbox](const http::Request& request, const Words&) { return list_as_json(mailbox, request); }),
          json_row(http::Method::del, "dev_mail_clear", [&mailbox](const http::Request&, const Words&) {
            mailbox.clear();
            return http::Response{.status = 204};
          })};
}

}  // namespace gatehouse::pages
