#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace swiftlet::sim {

/// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, so that every drone and every run has a stream of its
/// own, and what one draws never moves another's numbers. Streams are named by a seed and a key.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed, std::uint64_t key = 0) : state_(mixed(seed + mixed(key + kStep))) {}

  std::uint64_t next() { return mixed(state_ += kStep); }

  /// In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double least, double most) { return least + (most - least) * uniform(); }

  /// Standard normal (Box and Muller).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  /// Waiting time to the next event of a Poisson process. Precondition: rate above 0.
  double exponential(double rate) { return -std::log(1.0 - uniform()) / rate; }

  /// Mean 0, variance 1, within ±3.47, nearly normal (kurtosis 2.7), without a library call: the sum of four uniform
  /// numbers. For noise of which many draws are added up.
  double rough_normal() {
    const std::uint64_t bits = next();
    const auto part = [bits](int shift) { return static_cast<double>((bits >> shift) & 0xffffU); };
    constexpr double kMean = 2.0 * 65535.0;
    constexpr double kScale = 1.7320508075688772 / 65536.0;
    return (part(0) + part(16) + part(32) + part(48) - kMean) * kScale;
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;

  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace swiftlet::sim
