#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace swiftlet::geo {

/// The Z-curve (Morton 1966) over a square of 2^n by 2^n places: the four quarters of a block follow each other, and
/// what is near on the ground is mostly near along the curve. For sides of up to 64.
struct ZPlace {
  int i, j;
};

[[nodiscard]] inline std::size_t z_order(int i, int j) {
  static constexpr std::array<std::uint16_t, 64> kSpread = [] {
    std::array<std::uint16_t, 64> spread{};
    for (unsigned n = 0; n < spread.size(); ++n) {
      for (unsigned bit = 0; bit < 6; ++bit) spread[n] |= static_cast<std::uint16_t>(((n >> bit) & 1U) << (2 * bit));
    }
    return spread;
  }();
  return kSpread[static_cast<std::size_t>(i)] | static_cast<std::size_t>(kSpread[static_cast<std::size_t>(j)]) << 1U;
}

/// Where the n-th place of the curve lies, of the first 64.
[[nodiscard]] inline ZPlace z_place(std::size_t n) {
  static constexpr std::array<ZPlace, 64> kPlaces = [] {
    std::array<ZPlace, 64> places{};
    for (unsigned k = 0; k < places.size(); ++k) {
      for (unsigned bit = 0; bit < 3; ++bit) {
        places[k].i |= static_cast<int>((k >> (2 * bit)) & 1U) << bit;
        places[k].j |= static_cast<int>((k >> (2 * bit + 1)) & 1U) << bit;
      }
    }
    return places;
  }();
  return kPlaces[n];
}

/// The side of the square of that many places.
[[nodiscard]] constexpr int z_side(std::size_t count) { return 1 << (std::countr_zero(count) / 2); }

}  // namespace swiftlet::geo
