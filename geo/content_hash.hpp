#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace swiftlet {

/// SHA-256 over bytes given piece by piece.
class ContentHasher {
 public:
  ContentHasher();
  ~ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;

  void add(std::string_view bytes);
  /// "sha256:" and 64 lower-case hexadecimal digits. To be called once.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string content_hash(std::string_view bytes);

}  // namespace swiftlet
