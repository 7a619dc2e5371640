#include "base/mutation.h"

namespace gatehouse::base {

std::string_view mutated_sql(std::string_view, std::string_view text) { return text; }

std::string_view mutated_permission(std::string_view, std::string_view permission) { return permission; }

bool is_skipped(std::string_view) { return false; }

}  // namespace gatehouse::base
