#pragma once

#include <pybind11/pybind11.h>

// One function a part of the module, each in its own file. The Python package in swiftlet/ puts names, forms of
// arguments and types in front of what these offer; nothing else calls them.
namespace swiftlet::python {

void bind_errors(pybind11::module_& module);
void bind_airspace(pybind11::module_& module);
void bind_planning(pybind11::module_& module);
void bind_route_study(pybind11::module_& module);
void bind_fleet_day(pybind11::module_& module);

}  // namespace swiftlet::python
