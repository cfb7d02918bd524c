#include "tools/written_file.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "geo/durable_file.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;

bool wrote_through(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  return static_cast<bool>(out);
}

}  // namespace

Expected<void> write_whole(const std::string& file, std::string_view bytes) {
  std::error_code code;
  const fs::file_status there = fs::status(file, code);
  // A device or a pipe is written to; it is never replaced.
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    if (!fs::is_directory(there) && wrote_through(file, bytes)) return {};
    return fail(ErrorCode::output_refused, "cannot be written", file);
  }
  return write_durably(file, bytes);
}

Expected<void> may_be_written(const std::string& file) {
  std::error_code code;
  const fs::file_status there = fs::status(file, code);
  if (fs::is_directory(there)) return fail(ErrorCode::output_refused, "is a directory", file);
  if (fs::exists(there) && !fs::is_regular_file(there)) return {};
  const fs::path folder = fs::path(file).has_parent_path() ? fs::path(file).parent_path() : fs::path(".");
  if (!fs::is_directory(folder, code) || ::access(folder.c_str(), W_OK | X_OK) != 0) {
    return fail(ErrorCode::output_refused, "cannot be written: nothing can be put into that directory", file);
  }
  return {};
}

}  // namespace swiftlet::tools
