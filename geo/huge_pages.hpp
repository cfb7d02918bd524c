#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace swiftlet::geo {

/// Memory on huge pages of 2 MiB, where the system has them to give: who reads a large array here and there waits less
/// for its addresses to be translated (a tenth of a segment test's time). Small arrays get ordinary memory.
template <class Value>
struct HugePageAllocator {
  using value_type = Value;

  HugePageAllocator() = default;
  template <class Other>
  HugePageAllocator(const HugePageAllocator<Other>& /*other*/) {}  // NOLINT(google-explicit-constructor): rebinding

  [[nodiscard]] Value* allocate(std::size_t count) {
    const std::size_t bytes = bytes_for(count);
    void* const memory = ::operator new(bytes, alignment(bytes));
    // A hint: without huge pages everything is the same, but slower.
    if (bytes >= kPage) (void)::madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<Value*>(memory);
  }
  void deallocate(Value* values, std::size_t count) { ::operator delete(values, alignment(bytes_for(count))); }
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) = default;

 private:
  static constexpr std::size_t kPage = std::size_t{1} << 21;
  static constexpr std::size_t kCacheLine = 64;

  /// Whole pages, so that nothing else lies in the last of them.
  [[nodiscard]] static std::size_t bytes_for(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / 2 / sizeof(Value)) throw std::bad_array_new_length();
    const std::size_t bytes = count * sizeof(Value);
    return bytes < kPage ? bytes : (bytes + kPage - 1) / kPage * kPage;
  }
  [[nodiscard]] static std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{bytes < kPage ? kCacheLine : kPage};
  }
};

template <class Value>
using HugePageVector = std::vector<Value, HugePageAllocator<Value>>;

}  // namespace swiftlet::geo
