#include "geo/config_table.hpp"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>
#include <utility>

namespace swiftlet {

struct ConfigTable::Document {
  std::string file;
  toml::table root;
  ErrorList problems;
  ErrorList missing;  ///< told last: a key that is missing may only be misspelt, which tells more

  [[nodiscard]] std::string at(const toml::node& node) const {
    return fmt::format("{}:{}", file, node.source().begin.line);
  }
};

struct ConfigTable::Node {
  std::shared_ptr<Document> document;
  const toml::table* table = nullptr;  ///< null for a sub-table that is absent
  std::set<std::string, std::less<>> asked;
  std::vector<std::shared_ptr<Node>> children;

  [[nodiscard]] const toml::node* get(std::string_view key) {
    asked.emplace(key);
    return table == nullptr ? nullptr : table->get(key);
  }
  void note(ErrorCode code, const std::string& where, const std::string& message) const {
    document->problems.note({.code = code, .message = message, .where = where});
  }
  void note_missing(const std::string& where, std::string_view key, std::string_view what) const {
    document->missing.note(
        {.code = ErrorCode::config_invalid, .message = fmt::format("\"{}\" is {}", key, what), .where = where});
  }
  void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) const {
    note(ErrorCode::config_invalid, document->at(node), fmt::format("{} must be {}", key, wanted));
  }
  /// Notes the keys that nobody asked for, here and below.
  void check_unknown() const {
    if (table != nullptr) {
      for (const auto& [key, value] : *table) {
        if (asked.contains(key.str())) continue;
        const std::string near = nearest_word(key.str(), {asked.begin(), asked.end()});
        note(ErrorCode::config_unknown_key, document->at(value),
             fmt::format("unknown key \"{}\"{}", key.str(),
                         near.empty() ? std::string() : fmt::format("; the nearest known one is \"{}\"", near)));
      }
    }
    for (const auto& child : children) child->check_unknown();
  }
};

namespace {

/// What no settings file needs, and what the parser would spend its stack or our patience on.
std::optional<std::string> too_much_in(const std::filesystem::path& file) {
  constexpr std::uintmax_t kMaxBytes = 1U << 20U;
  constexpr auto kMaxDots = 200;
  std::error_code ec;
  if (const auto size = std::filesystem::file_size(file, ec); ec || size > kMaxBytes) {
    return fmt::format("has {} bytes; settings are read up to {}", size, kMaxBytes);
  }
  std::ifstream in(file);
  int number = 1;
  for (std::string line; std::getline(in, line); ++number) {
    const auto dots = std::count(line.begin(), line.end(), '.');
    if (dots > kMaxDots) return fmt::format("line {} has {} dots; at most {} are read", number, dots, kMaxDots);
  }
  return std::nullopt;
}

}  // namespace

ConfigTable::ConfigTable(std::shared_ptr<Node> node) : node_(std::move(node)) {}

Expected<ConfigTable> ConfigTable::parse_file(const std::filesystem::path& file) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(file, ec)) {
    return fail(ErrorCode::file_not_found, "there is no such file", file.string());
  }
  auto document = std::make_shared<Document>();
  document->file = file.string();
  if (const auto excess = too_much_in(file)) {
    return fail(ErrorCode::config_invalid, *excess, file.string());
  }
  try {
    document->root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::config_invalid, fmt::format("not valid TOML: {}", error.description()),
                fmt::format("{}:{}", file.string(), error.source().begin.line));
  }
  auto root = std::make_shared<Node>();
  root->table = &document->root;
  root->document = std::move(document);
  return ConfigTable(std::move(root));
}

bool ConfigTable::has(std::string_view key) const { return node_->get(key) != nullptr; }

std::string ConfigTable::text(std::string_view key, std::string_view fallback) const {
  const toml::node* node = node_->get(key);
  if (node == nullptr) return std::string(fallback);
  if (const auto value = node->value_exact<std::string>()) return *value;
  node_->wrong_type(key, *node, "a text in quotes");
  return std::string(fallback);
}

std::string ConfigTable::required_text(std::string_view key) const {
  std::string value = text(key);
  if (value.empty()) node_->note_missing(where(), key, "missing or empty");
  return value;
}

double ConfigTable::number(std::string_view key, double fallback, double min, double max) const {
  const toml::node* node = node_->get(key);
  if (node == nullptr) return fallback;
  if (!node->is_number()) {
    node_->wrong_type(key, *node, "a number");
    return fallback;
  }
  const double value = node->value<double>().value_or(std::nan(""));
  if (std::isfinite(value) && value >= min && value <= max) return value;
  std::string wanted = "a finite number";
  if (min > std::numeric_limits<double>::lowest()) wanted += fmt::format(", at least {}", min);
  if (max < std::numeric_limits<double>::max()) wanted += fmt::format(", at most {}", max);
  node_->note(ErrorCode::value_invalid, node_->document->at(*node),
              fmt::format("{} = {} must be {}", key, value, wanted));
  return fallback;
}

double ConfigTable::required_number(std::string_view key, double min, double max) const {
  if (!has(key)) node_->note_missing(where(), key, "missing");
  return number(key, min, min, max);
}

bool ConfigTable::flag(std::string_view key, bool fallback) const {
  const toml::node* node = node_->get(key);
  if (node == nullptr) return fallback;
  if (const auto value = node->value_exact<bool>()) return *value;
  node_->wrong_type(key, *node, "true or false");
  return fallback;
}

ConfigTable ConfigTable::table(std::string_view key) const {
  auto child = std::make_shared<Node>();
  child->document = node_->document;
  if (const toml::node* node = node_->get(key)) {
    child->table = node->as_table();
    if (child->table == nullptr) node_->wrong_type(key, *node, fmt::format("a table [{}]", key));
  }
  node_->children.push_back(child);
  return ConfigTable(std::move(child));
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) const {
  std::vector<ConfigTable> found;
  const toml::node* node = node_->get(key);
  if (node == nullptr) return found;
  const toml::array* array = node->as_array();
  if (array == nullptr || !(array->empty() || array->is_array_of_tables())) {
    node_->wrong_type(key, *node, fmt::format("an array of tables [[{}]]", key));
    return found;
  }
  for (const toml::node& element : *array) {
    auto child = std::make_shared<Node>();
    child->document = node_->document;
    child->table = element.as_table();
    node_->children.push_back(child);
    found.push_back(ConfigTable(std::move(child)));
  }
  return found;
}

void ConfigTable::reject(ErrorCode code, std::string_view key, const std::string& message) const {
  const toml::node* node = node_->get(key);
  node_->note(code, node == nullptr ? where() : node_->document->at(*node), message);
}

Expected<void> ConfigTable::finish() const {
  node_->check_unknown();
  ErrorList all = node_->document->problems;
  if (!node_->document->missing.empty()) all.note(node_->document->missing.first());
  if (!all.empty()) return Unexpected(all.first());
  return {};
}

std::string ConfigTable::where() const {
  return node_->table == nullptr ? node_->document->file : node_->document->at(*node_->table);
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  std::string nearest;
  std::size_t best = std::max<std::size_t>(3, word.size() / 2 + 1);
  for (const std::string& candidate : known) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t k = 1; k <= candidate.size(); ++k) {
        const std::size_t substituted = diagonal + (word[i - 1] == candidate[k - 1] ? 0 : 1);
        diagonal = row[k];
        row[k] = std::min({row[k] + 1, row[k - 1] + 1, substituted});
      }
    }
    if (row.back() < best) {
      best = row.back();
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace swiftlet
