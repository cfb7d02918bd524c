#include "geo/airspace.hpp"

#include <algorithm>

namespace swiftlet::geo {

const Pad* Airspace::find_pad(std::string_view id) const {
  const auto it = std::find_if(pads.begin(), pads.end(), [&](const Pad& pad) { return pad.id == id; });
  return it == pads.end() ? nullptr : &*it;
}

}  // namespace swiftlet::geo
