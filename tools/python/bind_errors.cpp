#include <pybind11/stl.h>

#include "geo/error_lookup.hpp"
#include "geo/sealed_bytes.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/refused.hpp"
#include "tools/python/text.hpp"

namespace py = pybind11;

namespace swiftlet::python {
namespace {

void raise(const Error& error) {
  const py::object type = py::module_::import("swiftlet._errors").attr("SwiftletError");
  const ErrorTraits& line = traits(error.code);
  py::object position = py::none();
  if (const auto& at = error.position) position = py::make_tuple(at->lon_deg, at->lat_deg, at->alt_msl_m);
  py::object cause = py::none();
  if (error.cause) cause = py::make_tuple(text(error.cause->kind), text(error.cause->id));
  const py::object raised =
      type(text(line.name), text(error.message), py::arg("where") = text(error.where),
           py::arg("hint") = text(error.hint), py::arg("position") = position, py::arg("cause") = cause);
  PyErr_SetObject(type.ptr(), raised.ptr());
}

}  // namespace

void bind_errors(py::module_& module) {
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Refused& refused) {
      raise(refused.error());
    } catch (const geo::AirspaceDamaged& damage) {
      raise(damage.error());
    }
  });
  module.def("error_traits", [](const std::string& name) -> std::optional<std::pair<int, bool>> {
    const auto code = error_code(name);
    if (!code) return std::nullopt;
    return std::pair(traits(*code).exit_status, traits(*code).retryable);
  });
}

}  // namespace swiftlet::python
