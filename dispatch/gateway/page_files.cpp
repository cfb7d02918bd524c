#include "dispatch/gateway/page_files.hpp"

#include <fstream>
#include <iterator>

namespace swiftlet::dispatch {
namespace {

std::string content_type_of(const std::filesystem::path& file) {
  static const std::map<std::string, std::string> kTypes{{".html", "text/html; charset=utf-8"},
                                                         {".js", "text/javascript; charset=utf-8"},
                                                         {".mjs", "text/javascript; charset=utf-8"},
                                                         {".css", "text/css; charset=utf-8"},
                                                         {".svg", "image/svg+xml"},
                                                         {".png", "image/png"},
                                                         {".json", "application/json"},
                                                         {".woff2", "font/woff2"},
                                                         {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

std::shared_ptr<const std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace

PageFiles::PageFiles(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(folder / "index.html", error)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    std::filesystem::path path = entry.path().lexically_relative(folder);
    const bool gzip = path.extension() == ".gz";
    if (gzip) path.replace_extension();
    File& file = files_["/" + path.generic_string()];
    file.content_type = content_type_of(path);
    (gzip ? file.gzip : file.plain) = content_of(entry.path());
  }
}

std::optional<HttpReply> PageFiles::find(const HttpRequest& request) const {
  const auto found = files_.find(request.path == "/" ? "/index.html" : request.path);
  if (found == files_.end() || !found->second.plain) return std::nullopt;
  const File& file = found->second;
  HttpReply reply{.status = 200, .content_type = file.content_type, .body = file.plain};
  if (file.gzip && request.header("accept-encoding").find("gzip") != std::string::npos) {
    reply.body = file.gzip;
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  // Names of built files carry a hash of what they hold.
  const bool hashed = request.path.starts_with("/assets/");
  reply.headers.emplace_back("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  return reply;
}

}  // namespace swiftlet::dispatch
