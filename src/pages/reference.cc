#include "base/text.h"
#include "pages/page.h"
#include "pages/pages.h"
#include "pages/reference_schema.h"

#include <algorithm>
#include <boost/json.hpp>

namespace gatehouse::pages {

namespace json = boost::json;

namespace {

std::string_view text_of(const json::value& value) { return value.as_string(); }

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

std::string to_upper(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    if (letter >= 'a' && letter <= 'z') letter = char(letter - 'a' + 'A');
  }
  return out;
}

/// For a shell.
std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? "'\\''" : std::string(1, letter);
  return out + "'";
}

/// Two spaces a level, so that it can be read.
std::string to_pretty(const json::value& value, std::size_t level = 0) {
  const bool is_object = value.is_object();
  if (!is_object && !value.is_array()) return json::serialize(value);
  std::string out, separator = "\n" + std::string(level * 2 + 2, ' ');
  const auto add = [&](const std::string& item) { out += (out.empty() ? "" : ",") + separator + item; };
  if (is_object) {
    for (const auto& [name, member] : value.get_object()) {
      add(json::serialize(json::string(name)) + ": " + to_pretty(member, level + 1));
    }
  } else {
    for (const json::value& item : value.get_array()) add(to_pretty(item, level + 1));
  }
  if (!out.empty()) out += "\n" + std::string(level * 2, ' ');
  return is_object ? "{" + out + "}" : "[" + out + "]";
}

/// One operation with the place where it stands.
struct Operation {
  std::string_view method;
  std::string_view path;
  const json::object* object = nullptr;

  std::string_view text(json::string_view member) const { return text_of(object->at(member)); }
  std::string heading() const { return to_upper(method) + " " + std::string(path); }
  const json::object* body() const {
    const json::value* found = object->if_contains("requestBody");
    return found != nullptr ? found->if_object() : nullptr;
  }
};

class Reference {
 public:
  explicit Reference(std::string_view text) : document_(json::parse(json::string_view(text.data(), text.size()))) {
    for (const auto& [path, methods] : document_.at("paths").as_object()) {
      for (const auto& [method, operation] : methods.as_object()) {
        operations_.push_back({view(method), view(path), &operation.as_object()});
      }
    }
  }
  // Operations point into the document.
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  Html body() const {
    Html out = introduction();
    out += contents();
    for (const json::value& tag : document_.at("tags").as_array()) out += section(tag.as_object());
    out += refusals();
    out += schemas();
    return out;
  }

 private:
  Html introduction() const {
    Html out;
    std::string_view text = text_of(document_.at("info").at("description"));
    while (!text.empty()) {
      const std::size_t end = std::min(text.find("\n\n"), text.size());
      out += html("<p>{}</p>\n", prose(text.substr(0, end)));
      text.remove_prefix(std::min(end + 2, text.size()));
    }
    out += html(
        "<p>In the examples <code>$GATEHOUSE</code> stands for the address of this service and <code>$TOKEN</code> "
        "for an access token. Programs read <a href=\"/openapi.json\">the same as OpenAPI 3.1</a>; "
        "<a href=\"/docs/errors\">error codes</a> have a page of their own.</p>\n");
    return out;
  }

  std::vector<Operation> operations_of(std::string_view tag) const {
    std::vector<Operation> found;
    for (const Operation& operation : operations_) {
      if (text_of(operation.object->at("tags").at(0)) == tag) found.push_back(operation);
    }
    return found;
  }

  Html contents() const {
    Html out = html("<nav aria-label=\"Contents\">\n<ul>\n");
    for (const json::value& tag : document_.at("tags").as_array()) {
      const std::string_view name = text_of(tag.at("name"));
      out += html("<li><a href=\"#tag-{}\">{}</a>\n<ul>\n", name, name);
      for (const Operation& operation : operations_of(name)) {
        out += html("<li><a href=\"#{}\"><code>{}</code></a> {}</li>\n", operation.text("operationId"),
                    operation.heading(), operation.text("summary"));
      }
      out += html("</ul>\n</li>\n");
    }
    out +=
        html("<li><a href=\"#refusals\">Refusals</a></li>\n<li><a href=\"#schemas\">Schemas</a></li>\n</ul>\n</nav>\n");
    return out;
  }

  Html section(const json::object& tag) const {
    const std::string_view name = text_of(tag.at("name"));
    Html out =
        html("<section>\n<h2 id=\"tag-{}\">{}</h2>\n<p>{}</p>\n", name, name, prose(text_of(tag.at("description"))));
    for (const Operation& operation : operations_of(name)) out += show(operation);
    out += html("</section>\n");
    return out;
  }

  Html show(const Operation& operation) const {
    Html out = html("<article>\n<h3 id=\"{}\"><code>{}</code></h3>\n<p><strong>{}.</strong> {} {}</p>\n",
                    operation.text("operationId"), operation.heading(), operation.text("summary"),
                    prose(operation.text("description")), proof_of(operation));
    out += parameters(operation);
    out += request(operation);
    out += answers(operation);
    out += html("<h4>With curl</h4>\n<pre>{}</pre>\n</article>\n", curl(operation));
    return out;
  }

  static Html proof_of(const Operation& operation) {
    const json::array& security = operation.object->at("security").as_array();
    if (security.empty()) return {};
    return security.size() == 1 ? html("Send an access token.") : html("Send an access token or an API key.");
  }

  /// The object itself or what it refers to.
  const json::object& resolved(const json::value& value) const {
    const json::object& object = value.as_object();
    const json::value* reference = object.if_contains("$ref");
    if (reference == nullptr) return object;
    return document_.at_pointer(json::string_view(text_of(*reference).substr(1))).as_object();
  }

  Html parameters(const Operation& operation) const {
    const json::value* list = operation.object->if_contains("parameters");
    if (list == nullptr) return {};
    Html rows;
    for (const json::value& each : list->as_array()) {
      const json::object& parameter = resolved(each);
      const json::value* description = parameter.if_contains("description");
      const json::object& schema = parameter.at("schema").as_object();
      if (description == nullptr) description = schema.if_contains("description");
      rows += html("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                   text_of(parameter.at("name")), text_of(parameter.at("in")), type_of(schema),
                   parameter.contains("required") ? "required" : "optional",
                   prose(description != nullptr ? text_of(*description) : std::string_view()));
    }
    return html(
        "<h4>Parameters</h4>\n<table>\n<thead><tr><th>Name</th><th>In</th><th>Type</th><th>Required</th>"
        "<th>Meaning</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
        rows);
  }

  static bool is_file(const json::object& body) { return !body.at("content").as_object().contains("application/json"); }

  Html request(const Operation& operation) const {
    const json::object* body = operation.body();
    if (body == nullptr) return {};
    Html out = html("<h4>Body</h4>\n<p>");
    if (const json::value* text = body->if_contains("description")) out += html("{} ", prose(text_of(*text)));
    const json::object& types = body->at("content").as_object();
    for (const auto& [type, content] : types) out += html("<code>{}</code> ", view(type));
    if (is_file(*body)) return out += html("</p>\n");
    const json::object& content = types.begin()->value().as_object();
    out += html("</p>\n{}", fields_of(resolved(content.at("schema"))));
    return out;
  }

  Html answers(const Operation& operation) const {
    Html out, refused;
    for (const auto& [status, value] : operation.object->at("responses").as_object()) {
      if (value.as_object().contains("$ref")) {
        refused += html("{}<a href=\"#refusal-{}\">{}</a>", refused.text().empty() ? "" : ", ", view(status),
                        status == "default" ? std::string_view("other") : view(status));
      } else {
        out += answer(view(status), value.as_object());
      }
    }
    out += html("<p>Refusals: {}</p>\n", refused);
    return out;
  }

  Html answer(std::string_view status, const json::object& response) const {
    Html out = html("<h4>Answer {}</h4>\n", status);
    if (status == "304") out += html("<p>{}</p>\n", prose(text_of(response.at("description"))));
    const json::value* types = response.if_contains("content");
    if (types == nullptr) return out;
    for (const auto& [type, content] : types->as_object()) {
      if (type != "application/json") out += html("<p>A file of <code>{}</code></p>\n", view(type));
    }
    const json::value* const document = types->as_object().if_contains("application/json");
    if (document == nullptr) return out;
    const json::object& content = document->as_object();
    const json::object& schema = content.at("schema").as_object();
    out += schema.contains("$ref") ? html("<p>{}</p>\n", type_of(schema)) : fields_of(schema);
    out += html("<pre>{}</pre>\n", to_pretty(content.at("example")));
    return out;
  }

  std::string curl(const Operation& operation) const {
    std::string path(operation.path), query, fields;
    const json::object* body = operation.body();
    // It may be empty where all fields are optional; the example has some of them.
    const bool has_body = body != nullptr && operation.method != "get" && operation.method != "delete";
    if (const json::value* list = operation.object->if_contains("parameters")) {
      for (const json::value& each : list->as_array()) {
        // Where a body may stand in the place of the query, the example has the query.
        const bool is_wanted = resolved(each).contains("required") || (body != nullptr && !has_body);
        if (is_wanted) add_to_target(resolved(each), path, query);
      }
    }
    if (!operation.object->at("security").as_array().empty()) fields += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
    if (has_body && is_file(*body)) {
      fields += " \\\n  -H \"Content-Type: " + std::string(view(body->at("content").as_object().begin()->key())) +
                "\" --data-binary @file";
    } else if (has_body) {
      const json::object& content = body->at("content").at("application/json").as_object();
      fields += " \\\n  --json " + single_quoted(json::serialize(content.at("example")));
    }
    const std::string method = operation.method == "get" ? "" : " -X " + to_upper(operation.method);
    return "curl" + method + " \"$GATEHOUSE" + path + query + "\"" + fields;
  }

  static void add_to_target(const json::object& parameter, std::string& path, std::string& query) {
    const std::string name(text_of(parameter.at("name")));
    const json::value& example = parameter.at("example");
    const std::string value = example.is_string() ? std::string(text_of(example)) : json::serialize(example);
    if (parameter.at("in") == "query") {
      query += (query.empty() ? "?" : "&") + name + "=" + base::escape_url(value);
    } else if (const auto at = path.find("{" + name + "}"); at != std::string::npos) {
      path.replace(at, name.size() + 2, value);
    }
  }

  Html refusals() const {
    Html out = html("<section>\n<h2 id=\"refusals\">Refusals</h2>\n<dl>\n");
    for (const auto& [name, value] : document_.at("components").at("responses").as_object()) {
      const std::string status = status_of(name);
      out += html("<dt id=\"refusal-{}\">{}</dt><dd>{}</dd>\n", status, status == "default" ? "other" : status,
                  prose(text_of(value.at("description"))));
    }
    out += html("</dl>\n</section>\n");
    return out;
  }

  /// Under which status the operations have that answer.
  std::string status_of(json::string_view component) const {
    const std::string reference = "#/components/responses/" + std::string(component);
    for (const Operation& operation : operations_) {
      for (const auto& [status, value] : operation.object->at("responses").as_object()) {
        const json::value* found = value.as_object().if_contains("$ref");
        if (found != nullptr && text_of(*found) == reference) return std::string(status);
      }
    }
    throw std::logic_error("no operation answers " + reference);
  }

  Html schemas() const {
    Html out = html("<section>\n<h2 id=\"schemas\">Schemas</h2>\n");
    for (const auto& [name, schema] : document_.at("components").at("schemas").as_object()) {
      out += html("<h3 id=\"{}\">{}</h3>\n{}", schema_anchor(view(name)), view(name), fields_of(schema.as_object()));
    }
    out += html("</section>\n");
    return out;
  }

  const json::value document_;
  std::vector<Operation> operations_;
};

}  // namespace

http::Route reference_route(std::string_view openapi_document) {
  Page page;
  page.title = "API reference";
  page.is_wide = true;
  page.body = Reference(openapi_document).body();
  return page_row(http::Method::get, "/docs/api", "api_reference", http::Lane::memory,
                  [response = to_response(page, Words())](const http::Request&, const Words&) { return response; });
}

}  // namespace gatehouse::pages
