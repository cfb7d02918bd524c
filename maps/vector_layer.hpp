#pragma once

#include <ogrsf_frmts.h>

#include <optional>
#include <string>

#include "geo/error.hpp"

// Private to maps: how the layer of a vector file that a region means is found and its fields are read.
namespace swiftlet::maps {

/// The layer of that name, or the only one where none is named, with the SQL filter set. `where` names the file.
/// Errors: config_invalid naming the layers there are; unsupported_format where it is a view, which is a program.
[[nodiscard]] Expected<OGRLayer*> find_layer(GDALDataset& dataset, const std::string& name, const std::string& filter,
                                             const std::string& where);

/// A named field of a layer; −1 for no name. Errors: config_invalid.
[[nodiscard]] Expected<int> find_field(OGRLayer& layer, const std::string& name, const std::string& where);

/// The number in a field: nothing where it is null, empty, or the field is −1. Errors: value_invalid.
[[nodiscard]] Expected<std::optional<double>> number_in(const OGRFeature& feature, int field);

}  // namespace swiftlet::maps
