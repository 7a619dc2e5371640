#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// One chunk of a body that is sent (RFC 9112 section 7.1). Of an empty part: the end of the body.
std::string to_chunk(std::string_view part);

/// Takes the chunked coding off a body that arrives piece by piece (RFC 9112 section 7.1). Strict where readers are
/// known to differ: sizes are 1 to 8 hexadecimal digits, lines end with CR LF and hold no other control character.
/// Extensions and trailer fields are read and thrown away.
class ChunkedReader {
 public:
  enum class State { more, done, bad, too_large };

  explicit ChunkedReader(std::size_t body_limit) : body_limit_(body_limit) {}
  /// Appends to `body` and takes what it used off the front of `input`; what follows the body stays there.
  State read(std::string_view& input, std::string& body);

 private:
  enum class Part { size_line, data, data_end, trailer };

  State read_size_line(std::string_view line);
  /// True when `line_` holds a whole line without its CR LF.
  bool take_line(std::string_view& input);

  std::size_t body_limit_;
  std::size_t body_bytes_ = 0;
  Part part_ = Part::size_line;
  std::string line_;
  bool is_line_bad_ = false;
  std::size_t trailer_bytes_ = 0;
  std::uint64_t chunk_left_ = 0;
};

}  // namespace gatehouse::http
