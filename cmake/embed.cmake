# gatehouse_embed(name directory [root]): every file of src/name/directory, or of root, becomes part of the library gatehouse_name, by the
# assembler's .incbin, which takes no time and no copy. What they are found by is base::EmbeddedFile, in
# std::span<const base::EmbeddedFile> gatehouse::name::embedded_<directory>(), sorted by name.
function(gatehouse_embed name directory)
  set(root ${CMAKE_SOURCE_DIR}/src/${name}/${directory})
  if(ARGC GREATER 2)
    set(root ${ARGV2})
  endif()
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/*)
  list(SORT files COMPARE STRING)
  set(assembly "")
  set(symbols "")
  set(rows "")
  set(index 0)
  foreach(file ${files})
    set(symbol gatehouse_${name}_${directory}_${index})
    string(APPEND assembly "${symbol}:\n.incbin \"${root}/${file}\"\n${symbol}_end:\n")
    string(APPEND symbols "extern const char ${symbol}[] asm(\"${symbol}\");\n")
    string(APPEND symbols "extern const char ${symbol}_end[] asm(\"${symbol}_end\");\n")
    string(APPEND rows "    {\"${file}\", {${symbol}, std::size_t(${symbol}_end - ${symbol})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/embedded/${name}_${directory}.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
// Made by cmake/embed.cmake.
#include "base/embedded.h"

asm(R"(
.pushsection .rodata
@assembly@
.popsection
)");

@symbols@
namespace gatehouse::@name@ {

std::span<const base::EmbeddedFile> embedded_@directory@() {
  static const base::EmbeddedFile files[] = {
@rows@  };
  return files;
}

}  // namespace gatehouse::@name@
]])
  list(TRANSFORM files PREPEND ${root}/)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(gatehouse_${name} PRIVATE ${source})
endfunction()
