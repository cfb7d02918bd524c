// A made-up flat region with houses, for fleets larger than the bundled region has pads for.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIDE_M = 4000;
const [WEST_M, NORTH_M] = [640_000, 5_070_000];
const HUBS = 20;
const KIOSKS = 60;
const named = (letter, number, of) => `${letter}${String(1 + (number % of)).padStart(2, '0')}`;
export const hub = (number) => named('H', number, HUBS);
export const kiosk = (number) => named('K', number, KIOSKS);

/** Positions in EPSG:32631 as longitude and latitude, all in one call. */
function to_lonlat(places) {
  const input = places.map(([e, n]) => `${e} ${n}`).join('\n');
  const out = execFileSync('gdaltransform', ['-s_srs', 'EPSG:32631', '-t_srs', 'EPSG:4326', '-output_xy'], { input: `${input}\n` });
  return out.toString().trim().split('\n').map((line) => line.split(' ').map(Number));
}

/** Hubs in rows, kiosks as seeds stand in a sunflower, none near a hub. */
function pads_of(x, y, drones) {
  const pads = [];
  for (let i = 0; i < HUBS; i++) {
    const at = [x + 700 * ((i % 5) - 2), y + 800 * (Math.floor(i / 5) - 1.5)];
    pads.push({ id: hub(i), kind: 'hub', slots: Math.ceil(drones / HUBS), at });
  }
  for (let i = 0, number = 0; number < KIOSKS; i++) {
    const [r, a] = [190 * Math.sqrt(i + 0.5), i * 2.39996];
    const at = [x + r * Math.cos(a), y + r * Math.sin(a)];
    if (pads.slice(0, HUBS).some((h) => Math.hypot(h.at[0] - at[0], h.at[1] - at[1]) < 130)) continue;
    pads.push({ id: kiosk(number++), kind: 'kiosk', slots: 20, at });
  }
  return pads;
}

/** Writes the region into a folder: hubs H01 … with a slot a drone, kiosks K01 …, and a house in most cells of a grid. The
 *  path of its region.toml. */
export function flat_city(folder, drones) {
  const [x, y] = [WEST_M + SIDE_M / 2, NORTH_M - SIDE_M / 2];
  execFileSync('gdal_create', ['-q', '-of', 'GTiff', '-ot', 'Float32', '-outsize', '400', '400', '-bands', '1', '-burn', '200', '-a_srs', 'EPSG:32631',
    '-a_ullr', String(WEST_M), String(NORTH_M), String(WEST_M + SIDE_M), String(NORTH_M - SIDE_M), join(folder, 'terrain.tif')]);
  const pads = pads_of(x, y, drones);
  const points = to_lonlat(pads.map(({ at }) => at)).map((coordinates, i) => ({
    type: 'Feature',
    properties: { id: pads[i].id, name: pads[i].id, kind: pads[i].kind, slots: pads[i].slots },
    geometry: { type: 'Point', coordinates },
  }));
  const far = ([e, n]) => pads.every(({ at }) => Math.hypot(e - at[0], n - at[1]) > 90);
  const corners = [];
  for (let e = WEST_M + 200; e < WEST_M + SIDE_M - 200; e += 70) {
    for (let n = NORTH_M - SIDE_M + 200; n < NORTH_M - 200; n += 70) {
      if (far([e, n])) corners.push([e, n], [e + 30, n], [e + 30, n + 22], [e, n + 22]);
    }
  }
  const outline = to_lonlat(corners);
  const houses = Array.from({ length: outline.length / 4 }, (_, i) => ({
    type: 'Feature',
    properties: { height: 6 + ((i * 7) % 24) },
    geometry: { type: 'Polygon', coordinates: [[...outline.slice(4 * i, 4 * i + 4), outline[4 * i]]] },
  }));
  const collection = (features) => JSON.stringify({ type: 'FeatureCollection', features });
  writeFileSync(join(folder, 'pads.geojson'), collection(points));
  writeFileSync(join(folder, 'houses.geojson'), collection(houses));
  const toml = join(folder, 'region.toml');
  writeFileSync(toml, '[region]\nname = "flat"\nvertical_datum = "none"\n[policy]\nterminal_radius_m = 4.0\n[[terrain]]\npath = "terrain.tif"\n' +
    '[[obstacles]]\npath = "houses.geojson"\nkind = "building"\nheight_field = "height"\n[[pads]]\npath = "pads.geojson"\n');
  return toml;
}
