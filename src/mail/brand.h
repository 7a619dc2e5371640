#pragma once

#include <optional>
#include <string>

namespace gatehouse::mail {

/// Of a button and of the words on it, "#rrggbb".
struct ButtonColors {
  std::string button;
  std::string text;
  bool operator==(const ButtonColors&) const = default;
};

struct BrandColors {
  ButtonColors light, dark;
};

/// How an organization shows itself to people. What is empty is as the service shows itself.
struct Brand {
  std::string name;
  std::optional<BrandColors> colors;
  // https, of printable ASCII.
  std::string privacy_url, terms_url, support_url;
};

}  // namespace gatehouse::mail
