#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/band_pyramid.hpp"
#include "geo/flat_array.hpp"

namespace swiftlet::geo {

/// The lasting part of an AirspaceView: what terrain and obstacles alone do to one policy's band, zones left out. Plain
/// flat arrays, so that it can be written to disk beside a compiled airspace and mapped back. Immutable; shared by all
/// views of the policy whatever their interval and zones.
class ViewLayers {
 public:
  /// Counts up with every change of what the arrays mean: arrays of another layout are not to be adopted.
  static constexpr std::uint32_t kLayout = 1;

  struct NamedArray {
    std::string_view name;  ///< of static storage
    std::span<const std::byte> bytes;
  };

  /// Derives the layers of a policy. Deterministic: the same bytes on every call.
  [[nodiscard]] static std::shared_ptr<const ViewLayers> derive(const Airspace& airspace, const Policy& policy);

  /// Takes over arrays as arrays() gave them for the same airspace and policy, without copying or reading them; `owner`
  /// keeps their memory alive. Precondition: kLayout is what it was, and the bytes are those that were written (the
  /// caller's checksums say so). Errors: airspace_damaged where a name is missing, a size does not fit or memory is not
  /// aligned to 8 bytes.
  [[nodiscard]] static Expected<std::shared_ptr<const ViewLayers>> adopt(const Airspace& airspace, const Policy& policy,
                                                                         std::span<const NamedArray> arrays,
                                                                         std::shared_ptr<const void> owner);

  /// Everything to be kept, in the order it should lie on disk. Valid as long as the layers.
  [[nodiscard]] std::vector<NamedArray> arrays() const;

  /// Whether two policies have the same layers: those fields are equal that touch terrain and obstacles.
  [[nodiscard]] static bool same_layers(const Policy& a, const Policy& b);

  [[nodiscard]] const Policy& policy() const { return policy_; }
  /// −∞ where nothing lifts the floor; +∞ where the cell is closed. Cell by cell as GridFrame::index has them.
  [[nodiscard]] std::span<const float> safe_floor_msl_m() const { return safe_floor_.span(); }
  [[nodiscard]] std::span<const float> optimistic_floor_msl_m() const { return optimistic_floor_.span(); }
  [[nodiscard]] const BandPyramid& pyramid() const { return pyramid_; }

 private:
  Policy policy_;
  FlatArray<float> safe_floor_;
  FlatArray<float> optimistic_floor_;
  BandPyramid pyramid_;
};

}  // namespace swiftlet::geo
