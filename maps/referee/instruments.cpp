#include "maps/referee/instruments.hpp"

namespace swiftlet::maps::referee {

InstrumentStore::InstrumentStore(Reprojection local_from_lonlat, std::vector<Reprojection> terrain_from_lonlat)
    : local_from_lonlat_(std::move(local_from_lonlat)), terrain_from_lonlat_(std::move(terrain_from_lonlat)) {}

InstrumentStore::Loan InstrumentStore::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    // Made by cloning under the lock: PROJ objects may not be read by two threads at once either.
    std::vector<Reprojection> terrain;
    for (const Reprojection& one : terrain_from_lonlat_) terrain.push_back(one.clone());
    return {*this, std::unique_ptr<Instruments>(new Instruments{.local_from_lonlat = local_from_lonlat_.clone(),
                                                                .terrain_from_lonlat = std::move(terrain),
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
