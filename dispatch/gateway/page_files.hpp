#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "dispatch/gateway/http_message.hpp"

namespace swiftlet::dispatch {

/// The built console, read into memory once: nothing of a request's path ever reaches the file system. Files with a
/// compressed twin (NAME.gz) are served compressed to browsers that take it.
class PageFiles {
 public:
  /// A folder that is not there, or holds no index.html, gives no files.
  explicit PageFiles(const std::filesystem::path& folder);

  [[nodiscard]] bool empty() const { return files_.empty(); }
  /// Nothing for a path that is no file's. "/" is index.html.
  [[nodiscard]] std::optional<HttpReply> find(const HttpRequest& request) const;

 private:
  struct File {
    std::string content_type = {};
    std::shared_ptr<const std::string> plain = {};
    std::shared_ptr<const std::string> gzip = {};
  };
  std::map<std::string, File> files_;
};

}  // namespace swiftlet::dispatch
