# The numbered files of sql/ as a table in the program: lib/mysql/schema_files.h.
#
# Included, it gives embed_sql(TARGET); as a script (cmake -P) it writes the file at build time.

if(CMAKE_SCRIPT_MODE_FILE)
  cmake_minimum_required(VERSION 3.25)
  set(rows "")
  set(expected 1)
  file(GLOB files ${SQL}/[0-9]*.sql)
  list(SORT files)
  foreach(path IN LISTS files)
    get_filename_component(name ${path} NAME)
    if(NOT name MATCHES "^([0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
      message(FATAL_ERROR "sql/${name}: must be named like 001_initial.sql")
    endif()
    math(EXPR number "1${CMAKE_MATCH_1} - 1000")
    if(NOT number EQUAL expected)
      message(FATAL_ERROR "sql/${name}: must have number ${expected}, they follow each other")
    endif()
    math(EXPR expected "${expected} + 1")
    file(READ ${path} text)
    string(APPEND rows "    {${number}, \"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  if(NOT rows)
    message(FATAL_ERROR "${SQL}: has no numbered file")
  endif()
  file(WRITE ${OUT} "// Made from sql/ by lib/mysql/embed_sql.cmake.
#include \"lib/mysql/schema_files.h\"

namespace lamppost::mysql {
namespace {
constexpr SchemaFile kFiles[] = {
${rows}};
}  // namespace

std::span<const SchemaFile> schema_files() { return kFiles; }

}  // namespace lamppost::mysql
")
  return()
endif()

set(EMBED_SQL_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(embed_sql target)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sql/[0-9]*.sql)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/schema_files.cpp)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DSQL=${PROJECT_SOURCE_DIR}/sql -DOUT=${out} -P ${EMBED_SQL_SCRIPT}
    DEPENDS ${files} ${EMBED_SQL_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
