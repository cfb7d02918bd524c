#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// A CURVE key pair as ZeroMQ writes it: Z85 text, 40 characters each.
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

[[nodiscard]] KeyPair make_key_pair();

/// 1–64 letters, digits, '-', '_' or '.', not starting with a dot: fit for a file's name and a message's field.
[[nodiscard]] bool is_key_name(std::string_view name);

/// Writes NAME.key (the public half) and NAME.key_secret (both halves, readable by its owner alone) in the certificate
/// format of ZeroMQ, which `zmq.auth.load_certificate` reads. Nothing is overwritten. Errors: output_refused.
[[nodiscard]] Expected<void> write_key_pair(const std::filesystem::path& dir, const std::string& name,
                                            const KeyPair& pair);
[[nodiscard]] Expected<void> write_public_key(const std::filesystem::path& file, const std::string& public_key);

/// Writes a new file with one line. Nothing is overwritten. Errors: output_refused.
[[nodiscard]] Expected<void> write_line(const std::filesystem::path& file, const std::string& line, unsigned mode);
/// The one line of a file that its owner alone may read, without white space at its ends. Errors: file_not_found,
/// file_unreadable, value_invalid (empty, others may read it).
[[nodiscard]] Expected<std::string> read_secret_line(const std::filesystem::path& file);

/// The public key in a certificate, which may hold the secret one as well. Errors: file_not_found, file_unreadable,
/// value_invalid (no certificate, or what stands there is no key).
[[nodiscard]] Expected<std::string> read_public_key(const std::filesystem::path& file);
/// Both keys. Errors: those of read_public_key; value_invalid if the two do not belong together, or if others than its
/// owner may read the file.
[[nodiscard]] Expected<KeyPair> read_key_pair(const std::filesystem::path& file);

}  // namespace swiftlet::dispatch
