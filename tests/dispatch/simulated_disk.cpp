#include "tests/dispatch/simulated_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace swiftlet::dispatch::drill {
namespace {

SimulatedDisk* mounted = nullptr;

struct OpenFile {
  sqlite3_file base;
  std::shared_ptr<SimulatedDisk::File>* file;
};

SimulatedDisk::File& of(sqlite3_file* file) { return **reinterpret_cast<OpenFile*>(file)->file; }

int change(sqlite3_file* handle, SimulatedDisk::Write write) {
  if (mounted->fails()) return SQLITE_IOERR_WRITE;
  SimulatedDisk::File& file = of(handle);
  SimulatedDisk::apply(file.seen, write);
  file.cache.push_back(std::move(write));
  return SQLITE_OK;
}

int close_file(sqlite3_file* handle) {
  auto*& file = reinterpret_cast<OpenFile*>(handle)->file;
  delete file;
  file = nullptr;
  return SQLITE_OK;
}

int read_file(sqlite3_file* handle, void* into, int count, sqlite3_int64 offset) {
  const std::string& seen = of(handle).seen;
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(offset), seen.size());
  const auto there = std::min<std::size_t>(static_cast<std::size_t>(count), seen.size() - begin);
  std::memcpy(into, seen.data() + begin, there);
  if (there == static_cast<std::size_t>(count)) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + there, 0, static_cast<std::size_t>(count) - there);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* handle, const void* bytes, int count, sqlite3_int64 offset) {
  return change(handle, {.offset = offset,
                         .bytes = std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(count)),
                         .truncates = false});
}

int truncate_file(sqlite3_file* handle, sqlite3_int64 size) {
  return change(handle, {.offset = size, .bytes = {}, .truncates = true});
}

int sync_file(sqlite3_file* handle, int) {
  if (mounted->fails()) return SQLITE_IOERR_FSYNC;
  SimulatedDisk::File& file = of(handle);
  file.durable = file.seen;
  file.cache.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* handle, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(handle).seen.size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int reserved_lock(sqlite3_file*, int* held) {
  *held = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return 0; }

const sqlite3_io_methods kMethods{
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = reserved_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags, int* out_flags) {
  auto* open = reinterpret_cast<OpenFile*>(handle);
  open->base.pMethods = nullptr;
  auto file = name == nullptr ? std::make_shared<SimulatedDisk::File>() : mounted->find(name);
  // The main file is made by the journal before SQLite sees it: here it comes to be when it is opened.
  if (!file && (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) == 0) return SQLITE_CANTOPEN;
  if (!file) file = mounted->create(name);
  open->file = new std::shared_ptr<SimulatedDisk::File>(std::move(file));
  open->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* name, int) {
  mounted->remove(name);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs*, const char* name, int, int* there) {
  const auto file = mounted->find(name);
  *there = file && !file->seen.empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int room, char* out) {
  sqlite3_snprintf(room, out, "%s", name);
  return SQLITE_OK;
}

sqlite3_vfs* real_one() {
  static sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  return real;
}

sqlite3_vfs* simulated_one() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *real_one();
    made.iVersion = 1;
    made.zName = "simulated";
    made.pNext = nullptr;
    made.szOsFile = sizeof(OpenFile);
    made.xOpen = open_file;
    made.xDelete = delete_file;
    made.xAccess = access_file;
    made.xFullPathname = full_name;
    return made;
  }();
  return &vfs;
}

}  // namespace

void SimulatedDisk::mount(SimulatedDisk* disk) {
  (void)real_one();
  mounted = disk;
  if (disk != nullptr) {
    sqlite3_vfs_register(simulated_one(), 1);
  } else {
    sqlite3_vfs_register(real_one(), 1);
  }
}

bool SimulatedDisk::fails() { return ++operations_ >= fail_at_; }

std::shared_ptr<SimulatedDisk::File> SimulatedDisk::find(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<SimulatedDisk::File> SimulatedDisk::create(const std::string& name) {
  return files_.emplace(name, std::make_shared<File>()).first->second;
}

void SimulatedDisk::apply(std::string& content, const Write& write) {
  const auto offset = static_cast<std::size_t>(write.offset);
  if (write.truncates) {
    content.resize(offset);
    return;
  }
  if (content.size() < offset + write.bytes.size()) content.resize(offset + write.bytes.size());
  std::copy(write.bytes.begin(), write.bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void SimulatedDisk::lose_power() {
  for (auto& [name, file] : files_) {
    std::vector<Write> kept = file->cache;
    std::shuffle(kept.begin(), kept.end(), random_);
    const auto share = [&] { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); };
    const double survives = share();
    for (Write& write : kept) {
      if (share() > survives) continue;
      // Torn somewhere, also in the middle of a sector.
      if (!write.bytes.empty() && share() < 0.3)
        write.bytes.resize(static_cast<std::size_t>(share() * static_cast<double>(write.bytes.size())));
      apply(file->durable, write);
    }
    file->seen = file->durable;
    file->cache.clear();
  }
}

}  // namespace swiftlet::dispatch::drill
