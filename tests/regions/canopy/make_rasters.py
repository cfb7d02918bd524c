#!/usr/bin/python3
"""Writes an invented valley (terrain.tif, 10 m) and its trees (canopy.tif, 2.5 m, 10^7 pixels, a quarter of them trees)
into a folder: make_rasters.py OUT_DIR [SIDE_PX]. What `swiftlet map build` makes of them is the benchmark of rasters of
heights."""
import sys

import numpy as np
from osgeo import gdal, osr

out = sys.argv[1]
side = int(sys.argv[2]) if len(sys.argv) > 2 else 3162
gdal.UseExceptions()
rng = np.random.default_rng(1)
crs = osr.SpatialReference()
crs.ImportFromEPSG(32650)


def write(name, values, cell_m, west_m, north_m):
    dataset = gdal.GetDriverByName("GTiff").Create(f"{out}/{name}", values.shape[1], values.shape[0], 1,
                                                   gdal.GDT_Float32, ["COMPRESS=DEFLATE", "TILED=YES"])
    dataset.SetProjection(crs.ExportToWkt())
    dataset.SetGeoTransform((west_m, cell_m, 0.0, north_m, 0.0, -cell_m))
    dataset.GetRasterBand(1).WriteArray(values.astype(np.float32))
    dataset.FlushCache()


cells = side * 5 // 20 + 20
y, x = np.mgrid[0:cells, 0:cells]
write("terrain.tif", 100 + 40 * np.sin(x / 40) + 30 * np.cos(y / 55) + rng.normal(0, 0.3, (cells, cells)), 10.0,
      500_000.0 - 50, 2_490_000.0 + 50)
woods = np.kron(rng.random((side // 30 + 1, side // 30 + 1)) < 0.25, np.ones((30, 30), bool))[:side, :side]
write("canopy.tif", np.where(woods, rng.uniform(3, 30, (side, side)).round(2), 0.0), 2.5, 500_000.0, 2_490_000.0)
