#include "dispatch/gateway/url_text.hpp"

#include <algorithm>
#include <charconv>

namespace swiftlet::dispatch {

std::string url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> url_parameters(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto decoded = [](std::string_view part) {
    std::string text(part);
    std::replace(text.begin(), text.end(), '+', ' ');
    return url_decoded(text);
  };
  for (std::size_t from = 0; from < query.size();) {
    const std::size_t to = std::min(query.find('&', from), query.size());
    const std::string_view pair = query.substr(from, to - from);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      all.emplace_back(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
    from = to + 1;
  }
  return all;
}

}  // namespace swiftlet::dispatch
