"""A local server that gives what the public ones give, in their layout, and fails as they do.

GLO-30 under /dem/NAME/NAME.tif with pieces (Range), Overpass at /api/interpreter. Tiles are small but placed as the real
ones are: cell centres on whole degrees, fewer columns from latitude 50 on.
"""
import collections
import http.server
import pathlib
import threading
import time

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()

ROWS = 120  # of a tile; 3600 in truth

OSM = b"""<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
<note>The data included in this document is from www.openstreetmap.org.</note>
<node id="1" lat="45.7600" lon="4.8400"/><node id="2" lat="45.7600" lon="4.8404"/>
<node id="3" lat="45.7603" lon="4.8404"/><node id="4" lat="45.7603" lon="4.8400"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="building" v="yes"/><tag k="height" v="12 m"/></way>
</osm>
"""


def height(lon, lat):
    """What the surface is at a place: a slope, so that a shift by one cell shows."""
    return 200.0 + 100.0 * (lon - 4.0) + 30.0 * (lat - 45.0)


def write_tile(file: pathlib.Path, south: int, west: int, columns: int = ROWS):
    dx, dy = 1.0 / columns, 1.0 / ROWS
    lon = west + numpy.arange(columns) * dx
    lat = south + 1 - numpy.arange(ROWS) * dy
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    raster = gdal.GetDriverByName("GTiff").Create(str(file), columns, ROWS, 1, gdal.GDT_Float32,
                                                  ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32", "COMPRESS=DEFLATE"])
    raster.SetSpatialRef(crs)
    raster.SetGeoTransform((west - dx / 2, dx, 0, south + 1 + dy / 2, 0, -dy))
    raster.GetRasterBand(1).WriteArray(height(lon[None, :], lat[:, None]).astype(numpy.float32))
    raster = None


def tile_name(south: int, west: int) -> str:
    return (f"Copernicus_DSM_COG_10_{'N' if south >= 0 else 'S'}{abs(south):02d}_00_"
            f"{'E' if west >= 0 else 'W'}{abs(west):03d}_00_DEM")


class PublicServer:
    """faults: by word in the path, a list of what goes wrong next, one a request; the last may be repeated for ever."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[str]] = collections.defaultdict(list)
        self.for_ever: dict[str, str] = {}
        self.pieces = True
        self.log: list[str] = []
        self.queries: list[str] = []
        self.stall_s = 6.0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.log.append(self.path)
                outer.answer(self, outer.files.get(self.path))

            def do_HEAD(self):
                self.do_GET()

            def do_POST(self):
                outer.log.append(self.path)
                outer.queries.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.answer(self, outer.files.get(self.path))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def fault_of(self, path: str) -> str:
        for word, what in self.for_ever.items():
            if word in path:
                return what
        for word, coming in self.faults.items():
            if word in path and coming:
                return coming.pop(0)
        return ""

    def answer(self, request, body):
        fault = "" if request.command == "HEAD" else self.fault_of(request.path)
        if fault.isdigit():
            request.send_response(int(fault))
            if fault == "429":
                request.send_header("Retry-After", "1")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        if fault == "html":
            body = b"<html><body>Please log in to this network</body></html>"
        elif fault == "remark":
            body = OSM.replace(b"</osm>", b"<remark> runtime error: Query timed out in \"query\"</remark></osm>")
        elif fault == "short" and body:
            body = body[:len(body) // 2]
        if body is None:
            request.send_response(404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        status, piece, extra = 200, body, None
        wanted = request.headers.get("Range")
        if wanted and self.pieces and fault != "html":
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last or len(body) - 1), len(body) - 1)
            if start >= len(body):
                status, piece = 416, b""
            else:
                status, piece, extra = 206, body[start:end + 1], f"bytes {start}-{end}/{len(body)}"
        request.send_response(status)
        request.send_header("Content-Length", str(len(piece)))
        if self.pieces:
            request.send_header("Accept-Ranges", "bytes")
        if extra:
            request.send_header("Content-Range", extra)
        request.end_headers()
        if request.command == "HEAD":
            return
        try:
            if fault in ("cut", "stall"):
                request.wfile.write(piece[:len(piece) // 2])
                request.wfile.flush()
                if fault == "stall":
                    time.sleep(self.stall_s)
                request.connection.close()
                return
            request.wfile.write(piece)
        except OSError:
            pass
