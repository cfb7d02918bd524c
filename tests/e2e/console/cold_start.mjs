// The page from a cold cache, by somebody who is logged in: what comes over the wire, and when there is a useful picture.

/** Useful: the map is drawn with relief, buildings and drones, and the table beside it has its rows. */
const USEFUL = () => {
  if (performance.getEntriesByName('swiftlet-first-picture').length === 0 || document.querySelectorAll('.line').length === 0) return null;
  const map = window.swiftlet_map;
  const drawn = (layer) => map.queryRenderedFeatures({ layers: [layer] }).length > 0;
  return map.isSourceLoaded('relief') && drawn('obstacles') && drawn('parked') ? performance.now() : null;
};

/** What the page itself is made of; the region's map and what is live do not count. */
const WEIGHT = () => {
  const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const own = loaded.filter(({ name }) => !name.includes('/api/') && /^https?:/.test(name));
  return own.map(({ name, transferSize }) => ({ name, bytes: transferSize }));
};

/** There must be an order already, or the table stays empty. */
export async function cold_start(city, account, times) {
  const first_picture_ms = [];
  let parts = [];
  for (let i = 0; i < times; i++) {
    const page = await city.page(account);
    await page.waitForFunction(USEFUL, null, { timeout: 60_000 });
    const client = await page.context().newCDPSession(page);
    await client.send('Network.clearBrowserCache');
    await page.reload({ waitUntil: 'commit' });
    const handle = await page.waitForFunction(USEFUL, null, { timeout: 60_000, polling: 'raf' });
    first_picture_ms.push(await handle.jsonValue());
    parts = await page.evaluate(WEIGHT);
    await page.context().close();
  }
  for (const part of ['worker', '.css', '/assets/index-']) {
    if (!parts.some(({ name, bytes }) => name.includes(part) && bytes > 1000)) throw new Error(`${part} did not come over the wire: ${JSON.stringify(parts)}`);
  }
  return { weight_bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), first_picture_ms };
}
