#pragma once

#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace swiftlet::geo {

/// An immutable array of plain values that lies in a vector of its own or in foreign memory, such as a mapped file,
/// which its owner keeps alive. Copies share the values.
template <class Value>
class FlatArray {
  static_assert(std::is_trivially_copyable_v<Value>);

 public:
  FlatArray() = default;
  FlatArray(std::vector<Value> values) {  // NOLINT(google-explicit-constructor): a vector is an array
    auto kept = std::make_shared<const std::vector<Value>>(std::move(values));
    values_ = *kept;
    owner_ = std::move(kept);
  }
  FlatArray(std::span<const Value> values, std::shared_ptr<const void> owner)
      : values_(values), owner_(std::move(owner)) {}

  [[nodiscard]] const Value& operator[](std::size_t n) const { return values_[n]; }
  [[nodiscard]] const Value* data() const { return values_.data(); }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() const { return values_.end(); }
  [[nodiscard]] std::span<const Value> span() const { return values_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(values_); }

 private:
  std::span<const Value> values_;
  std::shared_ptr<const void> owner_;
};

}  // namespace swiftlet::geo
