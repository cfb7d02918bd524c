#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace swiftlet::geo {

/// A vector whose copies share their values until one of them is changed, which then gets values of its own. To read it
/// from several threads is safe; to change it is not, as with any vector.
template <class Value>
class SharedVector {
 public:
  using value_type = Value;
  using const_iterator = typename std::vector<Value>::const_iterator;

  SharedVector() = default;
  SharedVector(std::vector<Value> values)  // NOLINT(google-explicit-constructor): a vector is a vector
      : values_(std::make_shared<std::vector<Value>>(std::move(values))) {}

  // No moves: they would leave nothing where values are to be, and a copy costs as little.
  SharedVector(const SharedVector&) = default;
  SharedVector& operator=(const SharedVector&) = default;
  ~SharedVector() = default;

  [[nodiscard]] const std::vector<Value>& get() const { return *values_; }
  operator const std::vector<Value>&() const { return *values_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] const_iterator begin() const { return values_->begin(); }
  [[nodiscard]] const_iterator end() const { return values_->end(); }
  [[nodiscard]] std::size_t size() const { return values_->size(); }
  [[nodiscard]] bool empty() const { return values_->empty(); }
  [[nodiscard]] const Value& operator[](std::size_t n) const { return (*values_)[n]; }
  [[nodiscard]] const Value& at(std::size_t n) const { return values_->at(n); }
  [[nodiscard]] const Value& front() const { return values_->front(); }
  [[nodiscard]] const Value& back() const { return values_->back(); }

  /// Whether the two are copies of one another that nobody has changed.
  [[nodiscard]] bool shares_with(const SharedVector& other) const { return values_ == other.values_; }

  /// The values, to change: no longer shared.
  [[nodiscard]] std::vector<Value>& edit() {
    if (values_.use_count() != 1) values_ = std::make_shared<std::vector<Value>>(*values_);
    return *values_;
  }
  [[nodiscard]] Value& operator[](std::size_t n) { return edit()[n]; }
  [[nodiscard]] Value& front() { return edit().front(); }
  void push_back(Value value) { edit().push_back(std::move(value)); }
  void reserve(std::size_t n) { edit().reserve(n); }
  void clear() { values_ = std::make_shared<std::vector<Value>>(); }

 private:
  std::shared_ptr<std::vector<Value>> values_ = std::make_shared<std::vector<Value>>();
};

}  // namespace swiftlet::geo
