#pragma once

#include <string_view>

/// Where the tests put mistakes into the running program, to prove that some test would notice them (`./dev check
/// --mutate`). In the program itself each gives back what it is given. A test program that links
/// tests/support/mutation.cc has other definitions, which read GATEHOUSE_MUTANT.
namespace gatehouse::base {

/// The text of a SQL statement.
std::string_view mutated_sql(std::string_view name, std::string_view text);

/// The permission that a row of the route table asks for.
std::string_view mutated_permission(std::string_view row, std::string_view permission);

/// Whether a check of admission is left out.
bool is_skipped(std::string_view check);

}  // namespace gatehouse::base
