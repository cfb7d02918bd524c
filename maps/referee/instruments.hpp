#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/geos_shapes.hpp"
#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {

/// What one judgement works with and no two threads may share: PROJ transformations and a GEOS context.
struct Instruments {
  Reprojection local_from_lonlat;
  std::vector<Reprojection> terrain_from_lonlat;  ///< one a terrain source
  GeosContext geos;
};

/// Lends instruments. They are slow to make (milliseconds) and are kept when they come back.
class InstrumentStore {
 public:
  InstrumentStore(Reprojection local_from_lonlat, std::vector<Reprojection> terrain_from_lonlat);

  class Loan {
   public:
    Loan(InstrumentStore& store, std::unique_ptr<Instruments> instruments)
        : store_(store), instruments_(std::move(instruments)) {}
    ~Loan();
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    [[nodiscard]] const Instruments& operator*() const { return *instruments_; }

   private:
    InstrumentStore& store_;
    std::unique_ptr<Instruments> instruments_;
  };

  [[nodiscard]] Loan borrow();

 private:
  std::mutex mutex_;
  Reprojection local_from_lonlat_;
  std::vector<Reprojection> terrain_from_lonlat_;
  std::vector<std::unique_ptr<Instruments>> idle_;
};

}  // namespace swiftlet::maps::referee
