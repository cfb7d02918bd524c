#include "maps/surface_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::maps {
namespace {

/// The least of `row` within `reach` of every place, by blocks: forwards and backwards minima of blocks as long as the
/// window, of which any window touches two.
void slide_minimum(const float* row, int n, int reach, std::vector<float>& forwards, std::vector<float>& backwards,
                   float* out) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  const int window = 2 * reach + 1;
  const int padded = n + 2 * reach;
  const auto at = [&](int k) { return k < reach || k >= n + reach ? kNone : row[k - reach]; };
  forwards.resize(static_cast<std::size_t>(padded));
  backwards.resize(static_cast<std::size_t>(padded));
  for (int k = 0; k < padded; ++k) {
    const auto i = static_cast<std::size_t>(k);
    forwards[i] = k % window == 0 ? at(k) : std::min(forwards[i - 1], at(k));
  }
  for (int k = padded - 1; k >= 0; --k) {
    const auto i = static_cast<std::size_t>(k);
    const bool last = k == padded - 1 || k % window == window - 1;
    backwards[i] = last ? at(k) : std::min(backwards[i + 1], at(k));
  }
  for (int k = 0; k < n; ++k) {
    out[k] = std::min(backwards[static_cast<std::size_t>(k)], forwards[static_cast<std::size_t>(k + window - 1)]);
  }
}

}  // namespace

void filter_ground(TerrainRaster& raster, int kc, int kr) {
  constexpr float kNone = std::numeric_limits<float>::infinity();
  std::vector<float> surface = raster.heights_msl_m;
  for (float& h : surface) {
    if (!std::isfinite(h)) h = kNone;
  }
  std::vector<float> ground(surface.size(), kNone);
  std::vector<float> forwards;
  std::vector<float> backwards;
  const auto columns = static_cast<std::size_t>(raster.columns);
  std::vector<float> least(columns);
  const auto wide = [](int a) { return static_cast<std::int64_t>(a); };
  for (int dr = 0; dr <= kr; ++dr) {
    int reach = kc;
    while (wide(reach) * reach * kr * kr + wide(dr) * dr * kc * kc > wide(kc) * kc * kr * kr) --reach;
    for (int r = 0; r < raster.rows; ++r) {
      slide_minimum(&surface[static_cast<std::size_t>(r) * columns], raster.columns, reach, forwards, backwards,
                    least.data());
      for (const int to : {r - dr, r + dr}) {
        if (to < 0 || to >= raster.rows) continue;
        float* out = &ground[static_cast<std::size_t>(to) * columns];
        for (std::size_t c = 0; c < columns; ++c) out[c] = std::min(out[c], least[c]);
      }
    }
  }
  for (std::size_t n = 0; n < ground.size(); ++n) {
    if (std::isfinite(raster.heights_msl_m[n])) raster.heights_msl_m[n] = ground[n];
  }
}

}  // namespace swiftlet::maps
