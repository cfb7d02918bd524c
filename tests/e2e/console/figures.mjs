#!/usr/bin/env node
// What the console costs on this machine, beside the bars it must keep: a real service, a real simulated fleet, orders, and
// a browser that is asked by the DevTools protocol. Too long for the tests; `--help` says the rest.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { City, until } from './city.mjs';
import { flat_city, hub, kiosk } from './flat_city.mjs';
import { cold_start } from './cold_start.mjs';
import { PageMeter, quantile } from './page_meter.mjs';
import { Rush } from './rush.mjs';
import { slow_client } from './slow_client.mjs';

const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const HELP = `usage: figures.mjs [options]

Measures the control console in headless Chromium and prints each figure beside its bar. Ends with 1 if one fails.
tools/build-console must have been run. Takes about --minutes and four more.

  --swiftlet FILE   the command (build/release/tools/swiftlet)
  --drones N        simulated drones (500)
  --orders N        orders kept live (300)
  --minutes N       from the first order to the last look at the heap (10); the first look is at minute 2, or half way
  --stopped-s N     how long the slow client stands still (60)
  --tab NAME        the table that is open: orders, fleet, alerts, pads, charts (orders)
  --only PART       cold (weight and first picture) or live (all the rest)
  --profile FILE    also writes 20 s of the page's script as a profile (.cpuprofile)
  --json            the figures as JSON on standard output (swiftlet.console_figures/1), the lines on standard error
  --help            this`;

const { values } = parseArgs({
  options: {
    swiftlet: { type: 'string', default: join(SOURCE, 'build/release/tools/swiftlet') },
    drones: { type: 'string', default: '500' },
    orders: { type: 'string', default: '300' },
    minutes: { type: 'string', default: '10' },
    'stopped-s': { type: 'string', default: '60' },
    tab: { type: 'string', default: 'orders' },
    only: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const whole = (name) => {
  const number = Number(values[name]);
  if (!(number > 0)) {
    console.error(`figures: --${name} should be a number above 0, not '${values[name]}'`);
    process.exit(2);
  }
  return number;
};
const [drones, orders, minutes, stopped_s] = [whole('drones'), whole('orders'), whole('minutes'), whole('stopped-s')];
const load_before = loadavg()[0];
const say = values.json ? console.error : console.log;
const figures = [];

/** A figure; without a bar it is told for comparison only. */
function figure(name, value, unit, digits = 0, bar = null) {
  const holds = bar === null ? null : value <= bar;
  figures.push({ name, value: Number(value.toFixed(digits + 2)), unit, bar, holds });
  say(`${holds === null ? '      ' : holds ? 'holds ' : 'FAILS '} ${name}: ${value.toFixed(digits)} ${unit}${bar === null ? '' : ` (bar ${bar} ${unit})`}`);
}

async function cold() {
  const city = new City(values.swiftlet, SOURCE);
  try {
    await city.open();
    await city.order('K01', 'K20');
    const { weight_bytes, first_picture_ms } = await cold_start(city, 'olga', 5);
    figure('page weight on the wire, compressed, without map data', weight_bytes / 1e6, 'MB', 2, 0.7);
    figure('first useful picture from a cold cache, median of 5', quantile(first_picture_ms, 0.5) / 1000, 's', 2, 2);
    figure('first useful picture from a cold cache, worst of 5', Math.max(...first_picture_ms) / 1000, 's', 2);
  } finally {
    await city.close();
  }
}

/** The latencies compare a drone's clock, which is the service's, with the browser's. */
async function same_clock(city) {
  const before = Date.now();
  const { time } = await (await fetch(`${city.ready.merchant_http}/v1/hello`)).json();
  const off_ms = Math.max(before - Date.parse(time), Date.parse(time) - Date.now());
  if (off_ms > 20) throw new Error(`the service's clock is ${off_ms} ms off the machine's`);
}

async function live() {
  const folder = mkdtempSync(join(tmpdir(), 'swiftlet-flat-'));
  const city = new City(values.swiftlet, SOURCE, { drones, speed: 1, region: flat_city(folder, drones) });
  try {
    await city.open(hub);
    await same_clock(city);
    const page = await city.page('olga');
    await page.click(`#tab-${values.tab}`);
    await until('the whole fleet', async () => (await city.ask(page, 'drones')).body.drones.every((d) => d.link === 'fresh'), 120);
    const rush = new Rush(city.ready, orders, (i) => [kiosk(i), kiosk(i * 7 + 13)]);
    const meter = await PageMeter.of(page);
    const [costs, latencies, heaps, live_orders] = [[], [], [], []];
    const first_look_s = Math.round(60 * Math.min(2, minutes / 2));
    rush.start();
    const began = performance.now();
    for (let second = 1; second <= 60 * minutes; second++) {
      await new Promise((done) => setTimeout(done, Math.max(0, began + 1000 * second - performance.now())));
      if (second === first_look_s || second === Math.round(60 * minutes)) heaps.push(await meter.heap());
      const spent = await meter.second();
      const arrived = await meter.arrivals();
      // Until minute 2 the city fills; what follows is the city at work. The second of a forced collection is not the page's.
      if (second > first_look_s + 1) {
        costs.push(spent);
        latencies.push(...arrived.latencies);
        live_orders.push(await rush.count());
      }
    }
    if (values.profile) writeFileSync(values.profile, JSON.stringify(await meter.profile(20)));
    const flying = (await city.ask(page, 'drones')).body.drones.filter((d) => d.state === 'flying' || d.state === 'landing').length;
    const full = quantile(live_orders, 0.5);
    say(`${drones} drones, ${flying} of them in the air, ${full} live orders (median), ${rush.refused} refused, ${costs.length} s, table: ${values.tab}`);
    const wall = costs.map((c) => c.wall);
    const thread = costs.map((c) => c.thread);
    figure("a second's updates, script and layout, processor time, p99", quantile(thread, 0.99), 'ms', 1, 50);
    figure("a second's updates, script and layout, processor time, median", quantile(thread, 0.5), 'ms', 1);
    figure("a second's updates, script and layout, as time passes, p99", quantile(wall, 0.99), 'ms', 1);
    figure("a second's updates, script and layout, as time passes, median", quantile(wall, 0.5), 'ms', 1);
    figure("a drone's send to the frame after the map's source, p95", quantile(latencies, 0.95), 'ms', 0, 500);
    figure("a drone's send to the frame after the map's source, median", quantile(latencies, 0.5), 'ms');
    figure(`heap after forced collection, second ${first_look_s}`, heaps[0].bytes / 1e6, 'MB', 2);
    figure(`heap growth from there to second ${Math.round(60 * minutes)}`, 100 * (heaps[1].bytes / heaps[0].bytes - 1), '%', 1, 5);
    figure('growth of nodes in the document meanwhile', heaps[1].nodes - heaps[0].nodes, 'nodes');

    const slow = await slow_client(city, meter, stopped_s);
    rush.stop();
    figure(`beside a client stopped for ${stopped_s} s: longest pause of updates`, slow.others.longest_pause_ms / 1000, 's', 2, 3);
    figure(`beside a client stopped for ${stopped_s} s: send to frame, p95`, quantile(slow.others.latencies, 0.95), 'ms', 0, 500);
    figure('the stopped client shows the right state after', slow.right_after_s, 's', 1, 10);
    figure("the service's memory grew meanwhile by", slow.grown_kb / 1024, 'MB', 1);
    if (full < 0.9 * orders) {
      say(`FAILS  the city is not the one that was asked for: ${full} live orders of ${orders}`);
      process.exitCode = 1;
    }
    if (page.problems.length) throw new Error(`the page told of: ${page.problems.join('; ')}`);
  } finally {
    await city.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.only !== 'live') await cold();
if (values.only !== 'cold') await live();
if (figures.some((f) => f.holds === false)) process.exitCode = 1;
const machine = { cores: cpus().length, processor: cpus()[0].model.trim(), load_before, load_after: loadavg()[0] };
say(`on ${machine.cores} × ${machine.processor}, load ${load_before.toFixed(1)} before and ${machine.load_after.toFixed(1)} at the end`);
if (values.json) {
  console.log(JSON.stringify({ schema: 'swiftlet.console_figures/1', at: new Date().toISOString(), machine, drones, orders, minutes, figures }, null, 1));
}
