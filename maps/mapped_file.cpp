#include "maps/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace swiftlet::maps {

MappedFile::~MappedFile() {
  if (!bytes.empty()) ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

Expected<std::shared_ptr<const MappedFile>> map_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(errno == ENOENT ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
                fmt::format("cannot be opened ({}); build the airspace again", std::strerror(errno)), file.string());
  }
  struct stat status {};
  const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  auto mapping = std::make_shared<MappedFile>();
  void* start = MAP_FAILED;
  if (regular && status.st_size > 0) {
    start = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0);
  }
  ::close(descriptor);
  if (start == MAP_FAILED) {
    return fail(ErrorCode::airspace_damaged, "is empty or cannot be mapped; build the airspace again", file.string());
  }
  mapping->bytes = {static_cast<const std::byte*>(start), static_cast<std::size_t>(status.st_size)};
  return std::shared_ptr<const MappedFile>(std::move(mapping));
}

}  // namespace swiftlet::maps
