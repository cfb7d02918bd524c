#pragma once

#include <stdexcept>
#include <string>

namespace swiftlet::dispatch {

/// Our bug, not the world's: what must hold does not. Nothing may go on from here; the service stops and replays.
class BrokenInvariant : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// On in release too.
inline void require(bool holds, const char* what, const std::string& who) {
  if (!holds) throw BrokenInvariant(std::string(what) + ": " + who);
}

}  // namespace swiftlet::dispatch
