#pragma once

#include "tools/verb.hpp"

namespace swiftlet::tools {

/// `swiftlet simulate route`.
void add_simulate_route(CLI::App& simulate, VerbContext context);

}  // namespace swiftlet::tools
