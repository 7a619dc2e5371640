#include "domain/csv.h"

namespace gatehouse::domain {

std::string csv_cell(std::string_view text) {
  // Of these, the last three are white space, which would only keep the others from being seen.
  constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";
  std::string out = "\"";
  if (!text.empty() && kFormulaStarts.find(text.front()) != std::string_view::npos) out += '\'';
  for (const char letter : text) {
    if (letter == '"') out += '"';
    out += letter;
  }
  return out + '"';
}

}  // namespace gatehouse::domain
