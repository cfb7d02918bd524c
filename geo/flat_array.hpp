#pragma once

#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "geo/sealed_bytes.hpp"

namespace swiftlet::geo {

/// An immutable array of plain values that lies in a vector of its own or in foreign memory, such as a mapped file,
/// which its owner keeps alive. Copies share the values. Values of a mapped file are sealed: whoever reads them must
/// have touched them first, which costs next to nothing once they are known to be sound; all other arrays need no
/// touch.
template <class Value>
class FlatArray {
  static_assert(std::is_trivially_copyable_v<Value>);

 public:
  FlatArray() = default;
  template <class Allocator>
  FlatArray(std::vector<Value, Allocator> values) {  // NOLINT(google-explicit-constructor): a vector is an array
    auto kept = std::make_shared<const std::vector<Value, Allocator>>(std::move(values));
    values_ = *kept;
    owner_ = std::move(kept);
  }
  FlatArray(std::span<const Value> values, std::shared_ptr<const void> owner)
      : values_(values), owner_(std::move(owner)) {}
  /// Over sealed bytes that are aligned for Value and hold whole values.
  explicit FlatArray(std::shared_ptr<const SealedBytes> sealed)
      : values_(reinterpret_cast<const Value*>(sealed->unchecked().data()), sealed->unchecked().size() / sizeof(Value)),
        seal_(sealed.get()),
        owner_(std::move(sealed)) {}

  /// Makes sure that values are sound before they are read. Throws AirspaceDamaged. Precondition: they are there.
  void touch(std::size_t first, std::size_t count = 1) const {
    if (seal_ != nullptr) seal_->touch_bytes(first * sizeof(Value), count * sizeof(Value));
  }
  void touch_all() const { touch(0, size()); }
  [[nodiscard]] bool sealed() const { return seal_ != nullptr; }

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
  const SealedBytes* seal_ = nullptr;  ///< held by owner_
  std::shared_ptr<const void> owner_;
};

}  // namespace swiftlet::geo
