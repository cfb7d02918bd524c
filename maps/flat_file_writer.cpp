#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "maps/flat_file.hpp"
#include "maps/flat_file_layout.hpp"

namespace swiftlet::maps {
namespace {

std::uint64_t aligned(std::uint64_t offset, std::uint64_t to) { return (offset + to - 1) / to * to; }

/// A section being filled.
struct OpenSection {
  FlatSectionEntry entry;
  std::uint64_t bytes_planned = 0;
  std::uint64_t bytes_done = 0;
  std::vector<std::byte> started_tile;
  std::vector<std::uint64_t> checksums;

  void add_to_checksums(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto part = bytes.first(std::min<std::size_t>(bytes.size(), entry.tile_bytes - started_tile.size()));
      bytes = bytes.subspan(part.size());
      if (part.size() == entry.tile_bytes) {
        checksums.push_back(geo::tile_checksum(part));
        continue;
      }
      started_tile.insert(started_tile.end(), part.begin(), part.end());
      if (started_tile.size() == entry.tile_bytes) end_tile();
    }
  }
  void end_tile() {
    checksums.push_back(geo::tile_checksum(started_tile));
    started_tile.clear();
  }
};

}  // namespace

struct FlatFileWriter::Impl {
  std::filesystem::path file;
  int descriptor = -1;
  std::vector<OpenSection> sections;

  ~Impl() {
    if (descriptor >= 0) ::close(descriptor);
  }

  [[nodiscard]] Expected<void> refused(const char* what) const {
    return fail(ErrorCode::output_refused, fmt::format("{}: {}", what, std::strerror(errno)), file.string());
  }

  [[nodiscard]] Expected<void> put(std::span<const std::byte> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return refused("cannot be written");
      bytes = bytes.subspan(static_cast<std::size_t>(done));
      offset += static_cast<std::uint64_t>(done);
    }
    return {};
  }

  OpenSection& section(std::string_view name) {
    const auto found =
        std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.entry.name.data() == name; });
    if (found == sections.end()) throw std::logic_error(fmt::format("FlatFileWriter: no section {} planned", name));
    return *found;
  }
};

FlatFileWriter::FlatFileWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FlatFileWriter::FlatFileWriter(FlatFileWriter&&) noexcept = default;
FlatFileWriter& FlatFileWriter::operator=(FlatFileWriter&&) noexcept = default;
FlatFileWriter::~FlatFileWriter() = default;

Expected<FlatFileWriter> FlatFileWriter::create(const std::filesystem::path& file,
                                                const std::vector<SectionPlan>& plan) {
  auto impl = std::make_unique<Impl>();
  impl->file = file;
  std::uint64_t offset = sizeof(FlatFileHeader);
  for (const SectionPlan& planned : plan) {
    OpenSection section;
    section.entry = {.offset = aligned(offset, kSectionAlignment),
                     .count = planned.count,
                     .element_bytes = planned.element_bytes,
                     .tile_bytes = planned.tile_bytes};
    const bool growing = planned.count == kGrowing;
    if (planned.name.empty() || planned.name.size() >= section.entry.name.size() || planned.element_bytes == 0 ||
        !std::has_single_bit(planned.tile_bytes) || (growing && &planned != &plan.back())) {
      throw std::invalid_argument(fmt::format("FlatFileWriter: section \"{}\" cannot be planned so", planned.name));
    }
    std::copy(planned.name.begin(), planned.name.end(), section.entry.name.begin());
    section.bytes_planned = growing ? kGrowing : planned.count * planned.element_bytes;
    offset = section.entry.offset + (growing ? 0 : section.bytes_planned);
    impl->sections.push_back(std::move(section));
  }
  impl->descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (impl->descriptor < 0) return Unexpected(impl->refused("cannot be created").error());
  return FlatFileWriter(std::move(impl));
}

Expected<void> FlatFileWriter::append_bytes(std::string_view name, std::span<const std::byte> bytes) {
  OpenSection& section = impl_->section(name);
  if (bytes.size() > section.bytes_planned - section.bytes_done) {
    throw std::logic_error(fmt::format("FlatFileWriter: more in section {} than was planned", name));
  }
  if (const auto done = impl_->put(bytes, section.entry.offset + section.bytes_done); !done) return done;
  section.add_to_checksums(bytes);
  section.bytes_done += bytes.size();
  return {};
}

Expected<void> FlatFileWriter::finish() {
  FlatFileHeader header;
  header.section_count = impl_->sections.size();
  std::vector<std::byte> trailer;
  const auto add = [&](std::span<const std::byte> bytes) { trailer.insert(trailer.end(), bytes.begin(), bytes.end()); };
  std::uint64_t end = sizeof(header);
  for (OpenSection& section : impl_->sections) {
    FlatSectionEntry& entry = section.entry;
    if (section.bytes_planned == kGrowing) {
      entry.count = section.bytes_done / entry.element_bytes;
    } else if (section.bytes_done != section.bytes_planned) {
      throw std::logic_error(fmt::format("FlatFileWriter: section {} is not full", entry.name.data()));
    }
    if (!section.started_tile.empty()) section.end_tile();
    entry.first_checksum = header.checksum_count;
    header.checksum_count += section.checksums.size();
    end = entry.offset + section.bytes_done;
    add(std::as_bytes(std::span(&entry, 1)));
  }
  for (const OpenSection& section : impl_->sections) add(std::as_bytes(std::span(section.checksums)));
  header.directory_offset = aligned(end, sizeof(std::uint64_t));
  header.file_bytes = header.directory_offset + trailer.size();
  header.seal = flat_file_seal(header, trailer);
  if (const auto done = impl_->put(trailer, header.directory_offset); !done) return done;
  if (const auto done = impl_->put(std::as_bytes(std::span(&header, 1)), 0); !done) return done;
  if (::ftruncate(impl_->descriptor, static_cast<off_t>(header.file_bytes)) != 0) {
    return impl_->refused("cannot be made as long as it has to be");
  }
  if (::fsync(impl_->descriptor) != 0) return impl_->refused("cannot be brought to disk");
  const int closed = ::close(impl_->descriptor);
  impl_->descriptor = -1;
  if (closed != 0) return impl_->refused("cannot be closed");
  return {};
}

}  // namespace swiftlet::maps
