// The console's figures on this machine: first picture, page weight, what an update costs with a large fleet, how long
// a drone's word takes to the map, whether memory stays. Prints one line a figure with its bar; ends with 1 if one fails.
//
//   node figures.mjs SWIFTLET SOURCE_DIR [--drones 500] [--orders 300] [--seconds 120]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { City, until } from './city.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { drones: { type: 'string', default: '500' }, orders: { type: 'string', default: '300' }, seconds: { type: 'string', default: '120' } },
});
const [swiftlet, source] = positionals;
const [drones, orders, seconds] = [values.drones, values.orders, values.seconds].map(Number);
let broken = 0;

function figure(name, value, bar, unit, digits = 0) {
  const holds = value <= bar;
  broken += holds ? 0 : 1;
  console.log(`${holds ? 'holds ' : 'FAILS '} ${name}: ${value.toFixed(digits)} ${unit} (bar ${bar} ${unit})`);
}

const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];

/** A flat region of 4 km with one hub for the whole fleet and kiosks all round. */
function flat_region(folder) {
  const [w, n] = [640_000, 5_070_000];
  execFileSync('gdal_create', ['-q', '-of', 'GTiff', '-ot', 'Float32', '-outsize', '400', '400', '-bands', '1', '-burn', '200', '-a_srs', 'EPSG:32631',
    '-a_ullr', String(w), String(n), String(w + 4000), String(n - 4000), join(folder, 'terrain.tif')]);
  const place = (e, north) => {
    const out = execFileSync('gdaltransform', ['-s_srs', 'EPSG:32631', '-t_srs', 'EPSG:4326', '-output_xy'], { input: `${e} ${north}\n` });
    return out.toString().trim().split(' ').map(Number);
  };
  const pad = (id, kind, slots, e, north) => ({ type: 'Feature', properties: { id, name: id, kind, slots }, geometry: { type: 'Point', coordinates: place(e, north) } });
  const pads = [pad('H1', 'hub', drones, w + 2000, n - 2000)];
  for (let i = 0; i < 60; i++) {
    const [r, a] = [700 + 1000 * ((i * 0.618) % 1), i * 2.399];
    pads.push(pad(`K${String(i + 1).padStart(2, '0')}`, 'kiosk', 20, w + 2000 + r * Math.cos(a), n - 2000 + r * Math.sin(a)));
  }
  writeFileSync(join(folder, 'pads.geojson'), JSON.stringify({ type: 'FeatureCollection', features: pads }));
  const toml = join(folder, 'region.toml');
  writeFileSync(toml, '[region]\nname = "flat"\nvertical_datum = "none"\n[policy]\nterminal_radius_m = 4.0\n[[terrain]]\npath = "terrain.tif"\n[[pads]]\npath = "pads.geojson"\n');
  return toml;
}

async function first_picture(city) {
  const times = [];
  for (let i = 0; i < 3; i++) {
    const page = await city.page('olga');
    times.push(await page.evaluate(async () => {
      // From a cold cache, logged in: what somebody waits for who opens the console.
      await Promise.all((await caches.keys()).map((k) => caches.delete(k)));
      return 0;
    }));
    const client = await page.context().newCDPSession(page);
    await client.send('Network.clearBrowserCache');
    await page.reload();
    await page.waitForFunction(() => performance.getEntriesByName('swiftlet-first-picture').length > 0, null, { timeout: 60_000 });
    times[i] = await page.evaluate(() => performance.getEntriesByName('swiftlet-first-picture')[0].startTime);
    await page.context().close();
  }
  return quantile(times, 0.5) / 1000;
}

async function main() {
  const assets = join(source, 'dispatch/console/dist/assets');
  const weight = readdirSync(assets).filter((f) => f.endsWith('.gz')).reduce((sum, f) => sum + readFileSync(join(assets, f)).length, 0);
  figure('page weight, compressed', weight / 1e6, 0.7, 'MB', 2);

  const small = new City(swiftlet, source);
  try {
    await small.open();
    figure('first picture of the bundled region, cold cache, median of 3', await first_picture(small), 2, 's', 2);
  } finally {
    await small.close();
  }

  const folder = mkdtempSync(join(tmpdir(), 'swiftlet-flat-'));
  const city = new City(swiftlet, source, { drones, speed: 1, region: flat_region(folder) });
  try {
    await city.open(() => 'H1');
    const page = await city.page('olga');
    await until('the whole fleet', async () => (await city.ask(page, 'drones')).body.drones.every((d) => d.link === 'fresh'), 120);
    for (let i = 0; i < orders; i++) {
      const [a, b] = [1 + (i % 60), 1 + ((i * 7 + 13) % 60)];
      await city.order(`K${String(a).padStart(2, '0')}`, `K${String(b === a ? (b % 60) + 1 : b).padStart(2, '0')}`);
    }
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const metrics = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
    await page.evaluate(() => {
      window.latencies = [];
      const drones = window.swiftlet_map.getSource('drones');
      const update = drones.updateData.bind(drones);
      drones.updateData = (diff) => {
        update(diff);
        requestAnimationFrame(() => {
          const now = Date.now();
          for (const f of diff.add ?? []) if (f.properties.sent_at) window.latencies.push(now - Date.parse(f.properties.sent_at));
        });
      };
    });
    const costs = [];
    let heap_at_start = 0;
    let before = await metrics();
    for (let second = 0; second < seconds; second++) {
      await page.waitForTimeout(1000);
      if (second === Math.floor(seconds / 5)) {
        await client.send('HeapProfiler.collectGarbage');
        heap_at_start = (await metrics()).JSHeapUsedSize;
      }
      const now = await metrics();
      const wall = now.Timestamp - before.Timestamp;
      const spent = now.ScriptDuration - before.ScriptDuration + (now.LayoutDuration - before.LayoutDuration) + (now.RecalcStyleDuration - before.RecalcStyleDuration);
      costs.push((1000 * spent) / wall);
      before = now;
    }
    await client.send('HeapProfiler.collectGarbage');
    const heap = (await metrics()).JSHeapUsedSize;
    const latencies = await page.evaluate(() => window.latencies);
    const live = (await city.ask(page, 'orders')).body.orders.filter((o) => o.live).length;
    console.log(`with ${drones} drones and ${live} live orders, ${seconds} s:`);
    figure("a second's updates, script and layout, p99", quantile(costs, 0.99), 50, 'ms', 1);
    figure("a second's updates, script and layout, median", quantile(costs, 0.5), 50, 'ms', 1);
    figure("a drone's send to the map's next frame, p95", quantile(latencies, 0.95), 500, 'ms');
    figure(`heap growth after forced collection over ${Math.round(seconds * 0.8)} s`, 100 * (heap / heap_at_start - 1), 5, '%', 1);
  } finally {
    await city.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
process.exitCode = broken ? 1 : 0;
