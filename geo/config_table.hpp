#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet {

/// A TOML table read strictly. Ask for every key that is known; what is wrong is kept, and finish()
/// on the root returns it, the first with the others in it: a value of the wrong type or out of range, or a key that
/// nobody asked for (config_unknown_key with file:line and the nearest key that is known). After an error the getters
/// return their fallbacks, so callers read everything first and check once.
class ConfigTable {
 public:
  /// Errors: file_not_found, config_invalid with file:line.
  [[nodiscard]] static Expected<ConfigTable> parse_file(const std::filesystem::path& file);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = "") const;
  /// A text that must be there and not be empty.
  [[nodiscard]] std::string required_text(std::string_view key) const;
  /// A finite number (integer or float) in [min, max].
  [[nodiscard]] double number(std::string_view key, double fallback, double min = std::numeric_limits<double>::lowest(),
                              double max = std::numeric_limits<double>::max()) const;
  [[nodiscard]] double required_number(std::string_view key, double min, double max) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
  /// A sub-table; an empty one where it is absent.
  [[nodiscard]] ConfigTable table(std::string_view key) const;
  /// An array of tables; empty where it is absent.
  [[nodiscard]] std::vector<ConfigTable> tables(std::string_view key) const;

  /// Notes a problem with the value of `key`, found by the caller.
  void reject(ErrorCode code, std::string_view key, const std::string& message) const;

  /// The problems, unknown keys included. To be called once, on the root, after everything was asked for.
  [[nodiscard]] Expected<void> finish() const;

  /// "file:line" of this table.
  [[nodiscard]] std::string where() const;

 private:
  struct Document;
  struct Node;
  explicit ConfigTable(std::shared_ptr<Node> node);
  std::shared_ptr<Node> node_;
};

/// The known word with the smallest edit distance; empty where none is near.
[[nodiscard]] std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace swiftlet
