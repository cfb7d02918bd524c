#include "maps/fetch/overpass.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>

namespace swiftlet::maps {
namespace {

std::string form_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    if (std::isalnum(c) != 0 || std::string_view("-_.~").find(static_cast<char>(c)) != std::string_view::npos) {
      out += static_cast<char>(c);
    } else {
      out += fmt::format("%{:02X}", c);
    }
  }
  return out;
}

std::string read_piece(std::ifstream& in, std::streamoff from, std::size_t length) {
  std::string piece(length, '\0');
  in.seekg(std::max<std::streamoff>(0, from));
  in.read(piece.data(), static_cast<std::streamsize>(length));
  piece.resize(static_cast<std::size_t>(in.gcount()));
  in.clear();
  return piece;
}

}  // namespace

std::string overpass_form(const FetchBox& box) {
  const std::string query = fmt::format(
      "[out:xml][timeout:180][bbox:{:.7f},{:.7f},{:.7f},{:.7f}];"
      "(way[\"building\"];relation[\"building\"];way[\"building:part\"];relation[\"building:part\"];"
      "nwr[\"man_made\"~\"^(mast|tower|communications_tower|crane|chimney)$\"];"
      "way[\"power\"~\"^(line|minor_line|cable)$\"];nwr[\"power\"~\"^(tower|pole)$\"];way[\"aerialway\"];);"
      "(._;>;);out body;",
      box.south_deg, box.west_deg, box.north_deg, box.east_deg);
  return "data=" + form_encoded(query);
}

Expected<void> check_osm_answer(const std::filesystem::path& file) {
  constexpr std::size_t kPiece = 4096;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  const std::string head = read_piece(in, 0, kPiece);
  const std::string tail = read_piece(in, size - static_cast<std::streamoff>(kPiece), kPiece);
  const auto fault = [&](std::string message) {
    return fail(ErrorCode::source_unavailable, std::move(message), file.string());
  };
  if (head.find("<osm") == std::string::npos) {
    return fault("answers with something that is not OpenStreetMap XML");
  }
  // Its failures stand in a remark, before the end.
  if (const std::size_t remark = tail.find("<remark>"); remark != std::string::npos) {
    const std::size_t end = tail.find("</remark>", remark);
    return fault("says: " + tail.substr(remark + 8, std::min<std::size_t>(end - remark - 8, 200)));
  }
  if (tail.find("</osm>") == std::string::npos) return fault("answers with a document that is cut short");
  return {};
}

}  // namespace swiftlet::maps
