# cmake -D ROOT=… -D FILES=a;b;… -D OUT=FILE -P sources_hash.cmake
# Writes a C++ source with the SHA-256 over names and contents of those files of ROOT, if it is another than before.
set(sums "")
foreach(name IN LISTS FILES)
  file(SHA256 "${ROOT}/${name}" sum)
  string(APPEND sums "${sum} ${name}\n")
endforeach()
string(SHA256 all "${sums}")
file(CONFIGURE OUTPUT "${OUT}" @ONLY CONTENT [[
#include "sim/fleet/planner_sources.hpp"

namespace swiftlet::sim {
const char* planner_sources() { return "@all@"; }
}  // namespace swiftlet::sim
]])
