#include "fcgi/command.h"

#include "lib/base/text.h"

#include <algorithm>

namespace lamppost {

Arguments::Arguments(const std::vector<std::string>& words, const std::vector<Option>& options,
                     std::size_t max_words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      words_.push_back(words[i]);
      continue;
    }
    const auto equals = words[i].find('=');
    const auto name = words[i].substr(0, equals);
    const auto option = std::ranges::find(options, name, &Option::name);
    if (option == options.end()) throw UsageFailure("unknown option " + printable(name, 60));
    const bool flag = option->value.empty();
    if (flag && equals != std::string::npos) throw UsageFailure(name + " takes no value");
    if (!flag && equals == std::string::npos && i + 1 == words.size())
      throw UsageFailure(name + " needs a value: " + std::string(option->value));
    auto& values = values_[name];
    if (!values.empty() && name != "--config") throw UsageFailure(name + " is given twice");
    if (flag)
      values.emplace_back();
    else
      values.push_back(equals == std::string::npos ? words[++i] : words[i].substr(equals + 1));
  }
  if (words_.size() > max_words)
    throw UsageFailure("unexpected argument " + printable(words_[max_words], 60));
}

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

Config Arguments::config() const {
  std::vector<std::filesystem::path> files;
  if (const auto given = values_.find(std::string_view("--config")); given != values_.end())
    files.assign(given->second.begin(), given->second.end());
  else
    files.emplace_back(kDefaultConfigFile);
  auto config = load_config(files);
  if (!config) throw UsageFailure(config.error().field + ": " + config.error().message);
  return *std::move(config);
}

}  // namespace lamppost
