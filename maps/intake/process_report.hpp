#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// What a confined process tells the one that waits for it: one letter, a length, a text.
enum class ReportKind : char {
  reading = 'R',  ///< the file that it reads from now on; empty: none any more
  layers = 'L',   ///< the layers of its confinement, as JSON
  answer = 'A',   ///< its work is done
  refusal = 'E',  ///< its work has ended in an error, as JSON
};

struct Report {
  ReportKind kind;
  std::string text;
};

/// Writes a whole report; false where nobody reads any more.
bool send_report(int descriptor, ReportKind kind, std::string_view text);

/// Puts reports together from what arrives. The sender may have been taken over by what it read: anything that is no
/// report, or longer than 64 MiB, ends the reading.
class ReportReader {
 public:
  void add(std::string_view bytes) { held_ += bytes; }
  /// The next report; nothing where more has to arrive first, or after nonsense.
  [[nodiscard]] std::optional<Report> next();
  [[nodiscard]] bool is_nonsense() const { return nonsense_; }

 private:
  std::string held_;
  bool nonsense_ = false;
};

[[nodiscard]] std::string to_text(const Error& error);
/// The error that to_text has written; nothing where the text is something else.
[[nodiscard]] std::optional<Error> error_from_text(const std::string& text);

}  // namespace swiftlet::maps
