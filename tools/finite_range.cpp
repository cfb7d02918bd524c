#include "tools/finite_range.hpp"

#include <fmt/core.h>

#include "tools/number_arguments.hpp"

namespace swiftlet::tools {

FiniteRange::FiniteRange(double min, double max)
    : Validator(
          [min, max](std::string& text) -> std::string {
            const auto value = number_in(text);
            if (value && *value >= min && *value <= max) return "";
            return fmt::format("{} is no number from {} to {}", text, min, max);
          },
          fmt::format("FLOAT in [{} - {}]", min, max)) {}

}  // namespace swiftlet::tools
