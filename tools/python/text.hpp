#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

namespace swiftlet::python {

/// Text that came from outside: bytes that are no UTF-8 are shown replaced, never thrown at.
inline pybind11::str text(std::string_view bytes) {
  return pybind11::reinterpret_steal<pybind11::str>(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

}  // namespace swiftlet::python
