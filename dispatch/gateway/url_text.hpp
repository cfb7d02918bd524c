#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swiftlet::dispatch {

/// Text with its %XX as bytes; a % that begins none stands for itself.
[[nodiscard]] std::string url_decoded(std::string_view text);
/// The parameters of a query in their order, decoded; a '+' is a space.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> url_parameters(std::string_view query);

}  // namespace swiftlet::dispatch
