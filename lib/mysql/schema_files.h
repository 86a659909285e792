#pragma once
// The numbered files of sql/, compiled into the program by embed_sql.cmake.

#include <cstdint>
#include <span>
#include <string_view>

namespace lamppost::mysql {

struct SchemaFile {
  std::uint32_t number;   // 1, 2, ... without a gap; the schema's version after it
  std::string_view name;  // "001_initial.sql"
  std::string_view text;
};

std::span<const SchemaFile> schema_files();

}  // namespace lamppost::mysql
