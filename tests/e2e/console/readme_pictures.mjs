// The two pictures of the console in the README, from a running service and fleet.
//
//   node readme_pictures.mjs SWIFTLET SOURCE_DIR      writes tools/pictures/console_{dark,light}.png
import { join } from 'node:path';
import { City, until } from './city.mjs';

const [swiftlet, source] = process.argv.slice(2);
const city = new City(swiftlet, source, { drones: 12, speed: 5 });
try {
  await city.open((i) => `H${1 + (i % 6)}`);
  const page = await city.page('olga', { width: 1440, height: 900 });
  const pad = (n) => `K${String(1 + (n % 38)).padStart(2, '0')}`;
  for (let i = 0; i < 14; i++) await city.order(pad(i * 5), pad(i * 11 + 17), 'Ring at the side door');
  await page.evaluate(() => {
    window.swiftlet_map.setPixelRatio(1);
    window.swiftlet_map.jumpTo({ center: [115.103, 22.447], zoom: 14.1, pitch: 52, bearing: -18 });
  });
  const order = await until('a parcel in the air', async () =>
    (await city.ask(page, 'orders')).body.orders.find((o) => o.state === 'airborne')?.id, 180);
  await page.click(`[data-id="${order}"]`);
  await page.waitForTimeout(6000);
  await page.screenshot({ path: join(source, 'tools/pictures/console_dark.png') });
  await page.keyboard.press('Escape');
  await page.click('[data-testid=theme]');
  await page.click('#tab-fleet');
  await page.waitForTimeout(8000);
  await page.screenshot({ path: join(source, 'tools/pictures/console_light.png') });
} finally {
  await city.close();
}
