#pragma once

#include <pybind11/numpy.h>

#include "tools/python/text.hpp"

namespace swiftlet::python {

/// A one-dimensional array of what `get` makes of each element.
template <class T, class Range, class Get>
pybind11::array_t<T> column(const Range& range, Get get) {
  pybind11::array_t<T> out(static_cast<pybind11::ssize_t>(range.size()));
  T* to = out.mutable_data();
  for (const auto& element : range) *to++ = static_cast<T>(get(element));
  return out;
}

/// The same as a list, for texts.
template <class Range, class Get>
pybind11::list texts(const Range& range, Get get) {
  pybind11::list out;
  for (const auto& element : range) out.append(text(get(element)));
  return out;
}

}  // namespace swiftlet::python
