# gatehouse_console(): web/console/ becomes part of the library gatehouse_console, as base::EmbeddedFile in
# std::span<const base::EmbeddedFile> gatehouse::console::embedded_files(). What it is made of has hashes in its names,
# so the script that makes it writes the C++ too.
function(gatehouse_console)
  find_program(NODE node REQUIRED)
  set(root ${CMAKE_SOURCE_DIR}/web/console)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/src/* ${CMAKE_SOURCE_DIR}/text/*)
  set(flags "")
  if(GATEHOUSE_DEV_TOOLS)
    set(flags --pseudo)
  endif()
  set(made ${CMAKE_BINARY_DIR}/embedded/console_files.cc)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${NODE} ${root}/build.mjs ${CMAKE_BINARY_DIR}/console ${made} ${flags}
    DEPENDS ${sources} ${root}/build.mjs ${root}/words.mjs ${root}/index.html ${root}/package-lock.json ${root}/tsconfig.json
            ${CMAKE_SOURCE_DIR}/docs/openapi.json
    COMMENT "Building the console"
    VERBATIM)
  target_sources(gatehouse_console PRIVATE ${made})
endfunction()
