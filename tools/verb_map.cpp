#include <CLI/CLI.hpp>

#include "tools/verb.hpp"

namespace swiftlet::tools {
void add_map(CLI::App&, VerbContext) {}
}  // namespace swiftlet::tools
