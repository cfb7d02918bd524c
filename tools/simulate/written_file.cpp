#include "tools/simulate/written_file.hpp"

#include <filesystem>
#include <fstream>

namespace swiftlet::tools {

Expected<void> write_whole(const std::string& file, std::string_view bytes) {
  const std::string beside = file + ".part";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(beside, file, code);
  if (!out || code) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return fail(ErrorCode::output_refused, "cannot be written", file);
  }
  return {};
}

}  // namespace swiftlet::tools
