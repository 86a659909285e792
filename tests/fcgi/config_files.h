#pragma once
// Configuration files of a test, gone with it.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace lamppost::testing {

class ConfigFiles {
 public:
  ConfigFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "lamppost-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no folder below " + name);
    folder_ = name;
  }
  ~ConfigFiles() {
    std::error_code ignored;  // a destructor does not throw
    std::filesystem::remove_all(folder_, ignored);
  }
  ConfigFiles(const ConfigFiles&) = delete;
  ConfigFiles& operator=(const ConfigFiles&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream file(path(name));
    if (!(file << text).flush()) throw std::runtime_error("cannot write " + path(name));
    return path(name);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string folder() const { return folder_.string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace lamppost::testing
