#include "tools/input_file.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

namespace swiftlet::tools {
namespace {

constexpr std::size_t kMost_bytes = std::size_t{1} << 30;
constexpr std::size_t kPiece_bytes = std::size_t{1} << 16;

Expected<std::string> all_of(std::istream& in, const std::string& file) {
  std::string text;
  std::vector<char> piece(kPiece_bytes);
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMost_bytes) {
      return fail(ErrorCode::file_unreadable, "holds more than 1 GiB; it cannot be what it should be", file);
    }
  }
  if (in.bad()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file);
  return text;
}

}  // namespace

Expected<std::string> read_input(const std::string& file) {
  if (file == "-") return all_of(std::cin, "standard input");
  std::error_code code;
  if (std::filesystem::is_directory(file, code)) {
    return fail(ErrorCode::file_unreadable, "is a directory, not a file", file);
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::file_not_found, "cannot be opened", file);
  return all_of(in, file);
}

}  // namespace swiftlet::tools
