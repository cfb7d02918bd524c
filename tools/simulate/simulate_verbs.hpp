#pragma once

#include "tools/verb.hpp"

namespace swiftlet::tools {

/// `swiftlet simulate fleet`.
void add_simulate_fleet(CLI::App& simulate, VerbContext context);
/// `swiftlet simulate route`.
void add_simulate_route(CLI::App& simulate, VerbContext context);

}  // namespace swiftlet::tools
