#include "http/chunked.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::http {

namespace {
constexpr std::size_t kMaxSizeDigits = 8;
constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::size_t kMaxTrailerBytes = 4096;
}  // namespace

std::string to_chunk(std::string_view part) {
  char size[17];
  const auto end = std::to_chars(size, size + sizeof size, part.size(), 16).ptr;
  std::string chunk;
  chunk.reserve(part.size() + sizeof size + 4);
  return chunk.append(size, end).append("\r\n").append(part).append("\r\n");
}

bool ChunkedReader::take_line(std::string_view& input) {
  while (!input.empty()) {
    const char character = input.front();
    input.remove_prefix(1);
    if (!line_.empty() && line_.back() == '\r') {
      is_line_bad_ = is_line_bad_ || character != '\n';
      line_.pop_back();
      return true;
    }
    const bool is_control =
        (std::uint8_t(character) < 0x20 && character != '\t' && character != '\r') || character == 0x7f;
    line_ += character;
    if (is_control || line_.size() > kMaxLineBytes) {
      is_line_bad_ = true;
      return true;
    }
  }
  return false;
}

ChunkedReader::State ChunkedReader::read_size_line(std::string_view line) {
  const std::string_view digits = line.substr(0, line.find(';'));
  if (digits.empty() || digits.size() > kMaxSizeDigits) return State::bad;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), chunk_left_, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return State::bad;
  if (chunk_left_ > body_limit_ - body_bytes_) return State::too_large;
  part_ = chunk_left_ == 0 ? Part::trailer : Part::data;
  return State::more;
}

ChunkedReader::State ChunkedReader::read(std::string_view& input, std::string& body) {
  while (!input.empty()) {
    if (part_ == Part::data) {
      const std::size_t taken = std::size_t(std::min<std::uint64_t>(chunk_left_, input.size()));
      body.append(input.substr(0, taken));
      input.remove_prefix(taken);
      body_bytes_ += taken;
      chunk_left_ -= taken;
      if (chunk_left_ == 0) part_ = Part::data_end;
      continue;
    }
    if (!take_line(input)) break;
    if (is_line_bad_) return State::bad;
    const std::string line = std::move(line_);
    line_.clear();
    if (part_ == Part::data_end) {
      if (!line.empty()) return State::bad;
      part_ = Part::size_line;
    } else if (part_ == Part::size_line) {
      if (const State state = read_size_line(line); state != State::more) return state;
    } else {
      if (line.empty()) return State::done;
      trailer_bytes_ += line.size();
      if (trailer_bytes_ > kMaxTrailerBytes) return State::bad;
    }
  }
  return State::more;
}

}  // namespace gatehouse::http
