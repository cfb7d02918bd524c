#include "maps/osm_measure.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace swiftlet::maps {
namespace {

/// Reads along a text, lower case and without blanks at either end.
class TagReader {
 public:
  explicit TagReader(std::string_view text) {
    for (const char c : text) text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    rest_ = text_;
  }

  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  /// A whole word: no letter may follow.
  bool take_word(std::string_view word) {
    const std::string_view before = rest_;
    if (take(word) && (rest_.empty() || rest_[0] < 'a' || rest_[0] > 'z')) return true;
    rest_ = before;
    return false;
  }

  /// Digits with a point or a comma among them; no sign, no exponent.
  std::optional<double> number(bool& comma) {
    skip_blanks();
    std::string digits;
    std::size_t n = 0;
    bool point = false;
    for (; n < rest_.size(); ++n) {
      const char c = rest_[n];
      const bool mark = (c == '.' || c == ',') && !point && n + 1 < rest_.size() && is_digit(rest_[n + 1]);
      if (!is_digit(c) && !mark) break;
      point = point || mark;
      comma = comma || c == ',';
      digits += c == ',' ? '.' : c;
    }
    double value = 0.0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    rest_.remove_prefix(n);
    return value;
  }

  [[nodiscard]] bool at_end() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }

  std::string text_;
  std::string_view rest_;
};

constexpr double kFoot_m = 0.3048;
constexpr double kInch_m = 0.0254;

bool take_any(TagReader& reader, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return reader.take_word(word); });
}

/// A number with its unit, if it may have one.
std::optional<double> quantity(TagReader& reader, bool with_unit, bool& guessed) {
  const auto value = reader.number(guessed);
  if (!value || !with_unit) return value;
  if (take_any(reader, {"metres", "meters", "metre", "meter", "m"})) return value;
  if (take_any(reader, {"cm"})) return *value * 0.01;
  if (take_any(reader, {"km"})) return *value * 1000.0;
  if (reader.take("\"") || take_any(reader, {"inches", "inch", "in"})) return *value * kInch_m;
  if (reader.take("'") || take_any(reader, {"feet", "foot", "ft"})) {
    if (reader.at_end()) return *value * kFoot_m;
    TagReader before = reader;
    const auto inches = reader.number(guessed);
    if (inches && (reader.take("\"") || reader.take("''") || take_any(reader, {"inches", "inch", "in"}))) {
      return *value * kFoot_m + *inches * kInch_m;
    }
    reader = before;
    return *value * kFoot_m;
  }
  return value;
}

std::optional<OsmMeasure> parse(std::string_view text, bool with_unit) {
  TagReader reader(text);
  OsmMeasure measure;
  measure.guessed = reader.take("~") || reader.take("ca.") || reader.take_word("ca") || reader.take_word("approx") ||
                    reader.take_word("about");
  bool first = true;
  do {
    const auto value = quantity(reader, with_unit, measure.guessed);
    if (!value) return std::nullopt;
    measure.guessed = measure.guessed || !first;
    measure.value = std::max(measure.value, *value);
    first = false;
  } while (reader.take(";") || reader.take("-"));
  if (!reader.at_end() || !std::isfinite(measure.value)) return std::nullopt;
  return measure;
}

}  // namespace

std::optional<OsmMeasure> parse_osm_length(std::string_view text) { return parse(text, true); }
std::optional<OsmMeasure> parse_osm_count(std::string_view text) { return parse(text, false); }

}  // namespace swiftlet::maps
