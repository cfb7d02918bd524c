#pragma once

#include <exception>
#include <utility>

#include "geo/error.hpp"

namespace swiftlet::python {

/// Carries an Error out of a binding; Python sees swiftlet.SwiftletError with its fields.
class Refused : public std::exception {
 public:
  explicit Refused(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

template <class T>
T taken(Expected<T> value) {
  if (!value) throw Refused(std::move(value.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

}  // namespace swiftlet::python
