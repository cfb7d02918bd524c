#!/usr/bin/python3
"""Choose Lyon's test pads on the real data and write pads.geojson beside region.toml.

Each wish names a place, what to stand on and how many slots. The nearest spot to it where every slot keeps
all rules of maps/regions/pad_rules.py is taken; where possible one that keeps them under a 50 m ceiling too.
Deterministic: the same data give the same file.
"""
import dataclasses
import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "maps" / "regions"))
import pad_rules  # noqa: E402
import pad_search  # noqa: E402
from osgeo import gdal  # noqa: E402

LOW_CEILING_M = 50.0

# id, name, longitude, latitude, slots, place: open | street | roof
WISHES = [
    ("H1", "Esplanade de Fourvière", 4.8224, 45.7627, 4, "open"),
    ("H2", "Place Bellecour", 4.8320, 45.7578, 4, "open"),
    ("H3", "Place des Terreaux", 4.8335, 45.7674, 4, "open"),
    ("H4", "Square Jussieu", 4.8415, 45.7632, 4, "open"),
    ("H5", "Place Guichard", 4.8475, 45.7593, 4, "open"),
    ("H6", "Part-Dieu, flat roof", 4.8570, 45.7612, 4, "roof"),
    ("K01", "Jardin du Rosaire", 4.8232, 45.7618, 2, "open"),
    ("K02", "Place des Jacobins", 4.8334, 45.7606, 3, "open"),
    ("K03", "Place des Célestins", 4.8318, 45.7598, 2, "open"),
    ("K04", "Place de la République", 4.8357, 45.7604, 3, "open"),
    ("K05", "Place Sathonay", 4.8304, 45.7691, 2, "open"),
    ("K06", "Place Edgar Quinet", 4.8460, 45.7658, 3, "open"),
    ("K07", "Place Croix-Paquet", 4.8362, 45.7703, 2, "open"),
    ("K08", "Place Jules Ferry", 4.8590, 45.7665, 3, "open"),
    ("K09", "Fourvière, west slope", 4.8198, 45.7600, 2, "open"),
    ("K10", "Saint-Jean quarter, river bank", 4.8275, 45.7605, 2, "street"),
    ("K11", "Presqu'île, north street", 4.8350, 45.7655, 2, "street"),
    ("K12", "Presqu'île, middle street", 4.8345, 45.7625, 2, "street"),
    ("K13", "Brotteaux, street", 4.8530, 45.7680, 3, "street"),
    ("K14", "Part-Dieu, west street", 4.8525, 45.7605, 2, "street"),
    ("K15", "Part-Dieu, station side", 4.8590, 45.7603, 4, "open"),
    ("K16", "Left bank, north street", 4.8440, 45.7695, 2, "street"),
    ("K17", "Presqu'île, flat roof", 4.8355, 45.7640, 2, "roof"),
    ("K18", "Left bank, flat roof", 4.8445, 45.7620, 2, "roof"),
    ("K19", "Part-Dieu, east flat roof", 4.8600, 45.7590, 3, "roof"),
    ("K20", "Brotteaux, flat roof", 4.8560, 45.7690, 2, "roof"),
]


def flat_roofs(region):
    """Indices of the obstacles whose roof is level."""
    dataset = gdal.OpenEx(str(HERE / region.config["obstacles"][0]["path"]), gdal.OF_VECTOR)
    layer = dataset.GetLayer(0)
    return {i for i, f in enumerate(layer) if f["type"] == "TOIT_PLAN" and abs(f["roof_z"] - f["eave_z"]) <= 0.3}


def choose(region, wish, flat, taken):
    pad, _, lon, lat, count, place = wish
    x, y, _ = region.to_local.TransformPoint(lon, lat)
    normal = region.rules
    for ceiling in (LOW_CEILING_M, normal.max_height_agl_m):
        region.rules = dataclasses.replace(normal, max_height_agl_m=ceiling)
        slots = pad_search.find(region, x, y, count, place, taken, flat)
        if slots:
            region.rules = normal
            moved = math.hypot(slots[0][0] - x, slots[0][1] - y)
            print(f"{pad}: {moved:.0f} m from the wish, checked under {ceiling:.0f} m", file=sys.stderr)
            return slots
    raise SystemExit(f"{pad}: no spot near the wish")


def main():
    region = pad_rules.Region(HERE / "region.toml")
    flat, taken, features = flat_roofs(region), [], []
    for wish in WISHES:
        slots = choose(region, wish, flat, taken)
        taken += slots
        features.append(pad_search.feature(region, *wish[:2], slots))
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (HERE / "pads.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
