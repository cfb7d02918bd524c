#include "geo/geozone.hpp"

#include <algorithm>

namespace swiftlet::geo {
std::string_view ed269_name(Restriction r) {
  switch (r) {
    case Restriction::prohibited:
      return "PROHIBITED";
    case Restriction::requires_authorisation:
      return "REQ_AUTHORISATION";
    case Restriction::conditional:
      return "CONDITIONAL";
    case Restriction::no_restriction:
      return "NO_RESTRICTION";
  }
  return "PROHIBITED";
}

bool Geozone::blocks(const std::vector<std::string>& authorisations) const {
  switch (restriction) {
    case Restriction::no_restriction:
      return false;
    case Restriction::prohibited:
      return true;
    case Restriction::requires_authorisation:
    case Restriction::conditional:
      return std::find(authorisations.begin(), authorisations.end(), id) == authorisations.end();
  }
  return true;
}

}  // namespace swiftlet::geo
