#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace swiftlet::fuzz {

/// The input as a file, for readers that take one: in memory, the same one for every input of this process.
[[nodiscard]] std::filesystem::path as_file(const std::uint8_t* data, std::size_t size);

/// Ends the process, as a fuzzer wants it, where a reader has accepted what it must not.
void require(bool holds, const char* what);

}  // namespace swiftlet::fuzz
