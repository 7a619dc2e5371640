#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

namespace gatehouse::api {

/// What operations share in the OpenAPI document. Each part is declared when it is first referred to, so that nothing
/// stands there unused.
class Components {
 public:
  /// `{"$ref": …}` of a response header: its name.
  boost::json::object header(std::string_view name);
  /// `{"$ref": …}` of a header that a request may have.
  boost::json::object request_header(std::string_view name);
  /// `{"$ref": …}` of the answer that is a refusal of that status; 0 for all that are not listed.
  boost::json::object refusal(int status);

  /// The value of `security` for who needs a token: an access token or, when a back end will do, an API key.
  boost::json::array security(bool takes_key);

  /// Where wire::schema() collects what has a name.
  boost::json::object& schemas() { return schemas_; }
  /// The member `components` of the document. Nothing may be asked for afterwards.
  boost::json::object take();

 private:
  boost::json::object schemas_;
  boost::json::object headers_;
  boost::json::object parameters_;
  boost::json::object responses_;
  boost::json::object schemes_;
};

}  // namespace gatehouse::api
