#pragma once

#include <functional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/intake/confinement.hpp"

namespace swiftlet::maps {

struct ConfinedAnswer {
  std::string text;
  std::vector<ConfinementLayer> layers;  ///< what it was confined by, and what was missing
};

/// Runs `work` in a child process under `limits` and gives its answer. Whatever the sources do to it stays there: a
/// crash, a hang or a lack of memory comes back as an error that names the file being read (the last that begin_source
/// was told). What the child writes to standard output and error goes where ours goes.
///
/// Errors: those of `work`; file_unreadable for a child that ended otherwise; interrupted after SIGINT or SIGTERM.
/// Precondition: this process has one thread.
[[nodiscard]] Expected<ConfinedAnswer> run_confined(const ReadingLimits& limits,
                                                    const std::function<Expected<std::string>()>& work);

}  // namespace swiftlet::maps
