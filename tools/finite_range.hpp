#pragma once

#include <CLI/CLI.hpp>

namespace swiftlet::tools {

/// A number from min to max. Unlike CLI::Range, which only compares, it refuses NaN.
class FiniteRange : public CLI::Validator {
 public:
  FiniteRange(double min, double max);
};

}  // namespace swiftlet::tools
