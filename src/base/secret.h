#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::base {

/// Text that must never be seen: a password, a token, a key. It can't be streamed, formatted, logged or compared by
/// accident, and its memory is wiped when it goes. `reveal()` is the one way in; the view lives as long as the Secret.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(other.text_) { other.wipe(); }
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~Secret() { wipe(); }

  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void wipe();
  std::string text_;
};

}  // namespace gatehouse::base
