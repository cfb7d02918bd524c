#include "maps/referee/instruments.hpp"

namespace swiftlet::maps::referee {

InstrumentStore::InstrumentStore(Reprojection local_from_lonlat, Reprojection dem_crs_from_lonlat)
    : local_from_lonlat_(std::move(local_from_lonlat)), dem_crs_from_lonlat_(std::move(dem_crs_from_lonlat)) {}

InstrumentStore::Loan InstrumentStore::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    // Made by cloning under the lock: PROJ objects may not be read by two threads at once either.
    return {*this, std::unique_ptr<Instruments>(new Instruments{.local_from_lonlat = local_from_lonlat_.clone(),
                                                                .dem_crs_from_lonlat = dem_crs_from_lonlat_.clone(),
                                                                .geos = {}})};
  }
  std::unique_ptr<Instruments> instruments = std::move(idle_.back());
  idle_.pop_back();
  return {*this, std::move(instruments)};
}

InstrumentStore::Loan::~Loan() {
  const std::lock_guard lock(store_.mutex_);
  store_.idle_.push_back(std::move(instruments_));
}

}  // namespace swiftlet::maps::referee
