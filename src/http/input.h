#pragma once

#include "base/result.h"
#include "http/message.h"
#include "wire/reader.h"

namespace gatehouse::http {

/// What a row reads its input from.
struct InputRules {
  /// GET and DELETE rows read fields from the query (a DELETE also from a JSON body, when there is one).
  bool fields_in_query = false;
  bool takes_json = true;
  bool takes_form = false;
  /// PATCH rows: application/merge-patch+json (RFC 7396), and plain JSON is taken for that.
  bool takes_merge_patch = false;
  /// Something has to be sent in the body. Where nothing has to, no bytes are no body, whatever Content-Type says: many
  /// clients send that field always.
  bool needs_body = true;
};

/// The parts of a request from which wire::read() makes a struct. kUnsupportedMediaType when there is a body of a type
/// that the row does not take, or none is named (a form of another site could send that). Without a body the
/// required fields are reported as missing. The answer views the
/// request.
base::Result<wire::Source> input_of(const Request& request, const InputRules& rules);

}  // namespace gatehouse::http
