#!/usr/bin/python3
"""Writes terrain.tif: an invented, flat ground under Geneva's OpenStreetMap extract. make_terrain.py OUT.tif

No open terrain of Geneva stands beside the project, so the ground is level at the lake's 372 m. Cells of 25 m in
EPSG:2056 (the Swiss grid), over the extract's frame and 2 km more."""
import sys

from osgeo import gdal, osr

COLUMNS, ROWS, CELL_M, HEIGHT_M = 360, 320, 25.0, 372.0
WEST_M, NORTH_M = 2_494_500.0, 1_122_500.0

gdal.UseExceptions()
dataset = gdal.GetDriverByName("GTiff").Create(sys.argv[1], COLUMNS, ROWS, 1, gdal.GDT_Int16, ["COMPRESS=DEFLATE"])
crs = osr.SpatialReference()
crs.ImportFromEPSG(2056)
dataset.SetProjection(crs.ExportToWkt())
dataset.SetGeoTransform((WEST_M, CELL_M, 0.0, NORTH_M, 0.0, -CELL_M))
dataset.GetRasterBand(1).Fill(HEIGHT_M)
dataset.FlushCache()
