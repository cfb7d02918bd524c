#include "maps/intake/linked_crs.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::json;

/// Follows a document and stops where {"crs": {"type": "link"}} is found.
class LinkSeeker : public nlohmann::json_sax<json> {
 public:
  [[nodiscard]] bool found() const { return found_; }

  bool key(std::string& name) override {
    if (depth_ == 1) in_crs_ = name == "crs";
    is_type_ = depth_ == 2 && in_crs_ && name == "type";
    return true;
  }
  bool string(std::string& text) override {
    found_ = is_type_ && text == "link";
    return !found_;
  }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool enter() {
    ++depth_;
    is_type_ = false;
    return true;
  }
  bool leave() {
    --depth_;
    is_type_ = false;
    return true;
  }

  int depth_ = 0;
  bool in_crs_ = false;
  bool is_type_ = false;
  bool found_ = false;
};

}  // namespace

Expected<void> refuse_linked_crs(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  LinkSeeker seeker;
  (void)json::sax_parse(in, &seeker);
  if (!seeker.found()) return {};
  return fail(ErrorCode::unsupported_format,
              "names its reference system by a link, and no address is fetched; turn it into WGS84 (ogr2ogr -t_srs "
              "EPSG:4326 -lco RFC7946=YES) or name it as \"urn:ogc:def:crs:EPSG::…\"",
              file.string());
}

}  // namespace swiftlet::maps
