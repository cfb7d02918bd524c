// A browser that stands still for a minute while another one goes on.
import { until } from './city.mjs';

/** Every process of a browser. */
async function processes_of(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.map((p) => p.id);
}

/** Things of which the page shows what the service says at this moment: drones by id, and the count of live orders. */
async function shown_right(city, page) {
  const drones = (await city.ask(page, 'drones')).body.drones.filter((d) => d.lon !== undefined);
  const orders = (await city.ask(page, 'orders')).body.orders.filter((o) => o.live);
  const shown = await page.evaluate(async () => {
    const sources = await Promise.all(['drones', 'parked'].map((name) => window.swiftlet_map.getSource(name).getData()));
    const features = sources.flatMap((one) => one.features);
    const rows = Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1;
    return { drones: features.map((f) => [f.properties.id, { ...f.properties, at: f.geometry.coordinates }]), rows };
  });
  const on_map = new Map(shown.drones);
  const right = drones.filter((told) => {
    const one = on_map.get(told.id);
    if (one?.state !== told.state) return false;
    // What stands still stays as it is on the map; what flies must be where it was a moment ago.
    if (told.speed_m_s > 1) return Math.abs(Date.parse(told.sent_at) - Date.parse(one.sent_at)) < 2000;
    return Math.hypot(told.lon - one.at[0], told.lat - one.at[1]) < 1e-4;
  });
  const wanted = [...drones.map((d) => d.id), 'orders'];
  return { wanted, right: [...right.map((d) => d.id), ...(shown.rows === orders.length ? ['orders'] : [])] };
}

/** While everything moves, the page and the service are never asked at the same instant: each thing has to be right once. */
async function all_right(city, page) {
  const first = await shown_right(city, page);
  const left = new Set(first.wanted);
  for (const id of first.right) left.delete(id);
  await until('the right state', async () => {
    for (const id of (await shown_right(city, page)).right) left.delete(id);
    return left.size === 0;
  }).catch((error) => {
    throw new Error(`${error.message}: not ${[...left].slice(0, 8).join(', ')}`);
  });
}

/** Stops a second browser for so long, changes the city meanwhile, lets it go on. `meter` measures the page beside it. */
export async function slow_client(city, meter, seconds) {
  const browser = await city.another_browser();
  const page = await city.page('pia', undefined, browser);
  await page.evaluate(() => (window.still_here = true));
  const before_kb = city.service_memory_kb();
  const stopped = await processes_of(browser);
  await meter.arrivals();
  for (const id of stopped) process.kill(id, 'SIGSTOP');
  try {
    const close = { method: 'POST', headers: { 'Idempotency-Key': `close-${Date.now()}` }, body: JSON.stringify({ verb: 'close_pad', target: 'K60', preview: false }) };
    const told = await city.ask(meter.page, 'commands', close);
    if (told.status !== 200) throw new Error(`the pad is not closed: ${JSON.stringify(told)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  } finally {
    for (const id of stopped) process.kill(id, 'SIGCONT');
  }
  const resumed = performance.now();
  const others = await meter.arrivals();
  const grown_kb = city.service_memory_kb() - before_kb;
  await all_right(city, page);
  await page.click('#tab-pads');
  await page.fill('.side input[type=search]', 'K60');
  await until('the pad that was closed meanwhile', async () => /Closed/.test(await page.innerText('[data-id="K60"]')), 20);
  const right_after_s = (performance.now() - resumed) / 1000;
  if (!(await page.evaluate(() => window.still_here))) throw new Error('the page was loaded anew');
  await browser.close();
  return { others, right_after_s, grown_kb };
}
