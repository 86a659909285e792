#pragma once
// The command line: what a sub-command is, and how its arguments are read.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/config.h"
#include "lib/base/failure.h"

namespace lamppost {

// Bad input on the command line or in a file: one line on stderr, exit code 2.
class UsageFailure : public Failure {
  using Failure::Failure;
};

struct Option {
  std::string_view name;   // "--title"
  std::string_view value;  // what its value is called in the usage, "TEXT"; empty: a flag
  std::string_view help;
};

class Arguments {
 public:
  /// Reads `words` by the table. Throws UsageFailure for an unknown option, a missing value, an
  /// option given twice (but for --config), or more than `max_words` other words.
  Arguments(const std::vector<std::string>& words, const std::vector<Option>& options,
            std::size_t max_words);

  std::optional<std::string> value(std::string_view option) const;
  bool has(std::string_view option) const { return values_.contains(option); }
  const std::vector<std::string>& words() const noexcept { return words_; }

  /// The configuration of all --config files, or of the default one. Throws UsageFailure.
  Config config() const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> words_;
};

struct Command {
  std::string_view name;
  std::string_view words;  // "new|show|check"; empty: none
  std::string_view summary;
  std::vector<Option> options;  // beside --config and --help, which all have
  int (*run)(const Arguments&);
};

const Command& serve_command();
const Command& keys_command();
const Command& migrate_command();
const Command& send_command();
const Command& resume_command();
const Command& tidy_command();
const Command& config_command();
const Command& doctor_command();
const Command& version_command();

/// The program's version, from CMakeLists.txt.
std::string_view version();

}  // namespace lamppost
