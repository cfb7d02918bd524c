#include "tools/python/bindings.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace swiftlet::python;
  module.doc() = "What the swiftlet package is made of. Not an interface: use swiftlet itself.";
  module.attr("__version__") = SWIFTLET_VERSION;
  // Where the command stands that belongs to this module: from where the package is installed, or in the build tree.
  module.attr("COMMAND_PLACES") = pybind11::make_tuple(SWIFTLET_COMMAND_FROM_PACKAGE, SWIFTLET_COMMAND_BUILT);
  bind_errors(module);
  bind_airspace(module);
  bind_planning(module);
  bind_route_study(module);
  bind_fleet_day(module);
}
