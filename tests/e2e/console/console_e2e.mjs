// The console in a real browser against a real service and a simulated fleet: what is clicked, what the service did,
// what the page shows. Pictures of each view are left in OUT.
//
//   node console_e2e.mjs SWIFTLET SOURCE_DIR OUT [NAME]     (NAME: only the tests whose name holds it)
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { City, EVIL_NOTE, until } from './city.mjs';

const [swiftlet, source, out, only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const city = new City(swiftlet, source);
let tests = 0;

async function test(name, body) {
  if (only && !name.includes(only)) return;
  const began = Date.now();
  await body();
  tests += 1;
  console.log(`ok ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

const picture = (page, name) => page.screenshot({ path: join(out, `${name}.png`) });
const tab = (page, name) => page.click(`#tab-${name}`);
const text = (page, testid) => page.innerText(`[data-testid=${testid}]`);

/** No finding of axe-core that is serious or worse. */
async function accessible(page, view) {
  await page.evaluate(city.axe_source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const grave = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  assert.deepEqual(grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3).join(' | ')}`), [], view);
}

/** Opens a command's dialog, lets it show its effects, confirms, and waits for the result. Its effects as text. */
async function command(page, verb, { within = '[data-testid=details]', fill } = {}) {
  await page.click(`${within} [data-verb="${verb}"]`);
  await page.waitForSelector('[data-testid=command-dialog]');
  if (fill) await fill();
  const sure = page.locator('[data-testid=command-dialog] input[type=checkbox]');
  if (await sure.count()) {
    assert.ok(await page.isDisabled('[data-testid=confirm]'), `${verb} wants a second confirmation`);
    await sure.check();
  }
  await page.waitForSelector('[data-testid=confirm]:not([disabled])');
  const effects = await text(page, 'effects');
  await picture(page, `command-${verb}`);
  await page.click('[data-testid=confirm]');
  await page.waitForSelector('[data-testid=result]');
  await page.click('[data-testid=command-dialog] .buttons button:first-child');
  await page.waitForSelector('[data-testid=command-dialog]', { state: 'detached' });
  return effects;
}

async function main() {
  await city.open();

  await test('a wrong password stays outside', async () => {
    const page = await city.page(null);
    await page.waitForSelector('input[name=account]');
    await page.fill('input[name=account]', 'olga');
    await page.fill('input[name=password]', 'not the password');
    await page.keyboard.press('Enter');
    await until('told so', async () => (await page.innerText('[role=alert]')).includes('wrong'));
    assert.equal(await page.locator('[data-testid=map]').count(), 0);
    await accessible(page, 'login');
    await picture(page, 'login');
    await page.context().close();
  });

  const page = await city.page('olga');
  await page.evaluate(() => (window.still_here = true));

  await test('the map shows relief, buildings, zones, pads and live drones', async () => {
    const seen = await until('all layers drawn', () =>
      page.evaluate(() => {
        const map = window.swiftlet_map;
        const count = (id) => map.queryRenderedFeatures({ layers: [id] }).length;
        const all = { obstacles: count('obstacles'), zones: count('zones-fill'), pads: count('pads'), drones: count('parked') + count('drones') };
        return map.isSourceLoaded('relief') && Object.values(all).every((n) => n > 0) ? all : null;
      }),
    );
    assert.ok(seen.obstacles > 100 && seen.pads > 10, JSON.stringify(seen));
    const relief = await page.evaluate(async () => (await fetch('/api/v1/map/relief.png')).headers.get('content-type'));
    assert.equal(relief, 'image/png');
    await picture(page, 'map');
  });

  await test('an order appears, counts down, and names its risk; its note is inert', async () => {
    const made = [];
    for (let i = 1; i <= 6; i++) made.push(await city.order(`K0${i}`, `K2${i}`));
    assert.ok(made.every((o) => o.order_id), JSON.stringify(made));
    const row = page.locator(`[data-id="${made[0].order_id}"]`);
    await row.waitFor();
    const countdown = async () => {
      const [, m, s] = /(\d+):(\d\d)/.exec(await row.innerText());
      return Number(m) * 60 + Number(s);
    };
    const eta_s = async () => {
      const { body } = await city.ask(page, 'orders');
      return Date.parse(body.orders.find((o) => o.id === made[0].order_id)?.eta) / 1000;
    };
    await until('an ETA', eta_s);
    const [before, eta_before] = [await countdown(), await eta_s()];
    await page.waitForTimeout(3000);
    const [after, eta_after] = [await countdown(), await eta_s()];
    // An ETA may be revised meanwhile, by more than the time that has passed.
    const counted = before - after + (eta_after - eta_before);
    assert.ok(counted > 4 && counted < 60, `3 s at four times life: ${before} -> ${after}, ETA ${eta_before} -> ${eta_after}`);
    assert.match(await row.innerText(), /on time|tight|late/);
    await row.click();
    await until('the note', async () => (await text(page, 'note')) === EVIL_NOTE);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator('img[src=x]').count(), 0);
    await page.click('[data-testid=history] summary');
    await until('its history', async () => /Accepted/.test(await text(page, 'history')));
    await picture(page, 'orders');
    await accessible(page, 'orders');
  });

  await test('orders are searched, filtered and walked by keyboard', async () => {
    await page.keyboard.press('Escape');
    await until('what is likeliest to be late stands first', async () => {
      const { orders } = (await city.ask(page, 'orders')).body;
      const rows = await page.locator('.line').evaluateAll((lines) => lines.map((line) => line.dataset.id));
      const risks = rows.map((id) => orders.find((o) => o.id === id)?.risk ?? NaN);
      return rows.length > 4 && risks.every((risk, i) => i === 0 || risk <= risks[i - 1] + 0.05);
    });
    await page.keyboard.press('/');
    await page.keyboard.type('K01');
    await until('one order left', async () => (await page.locator('.line').count()) === 1);
    await page.fill('input[type=search]', '');
    await page.focus('[role=grid]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.line[aria-selected=true]');
    await page.waitForSelector('[data-testid=details]');
    const named = (name) => page.locator('.side').getByRole('button', { name, exact: true });
    await named('At risk').click();
    await until('only what is at risk', async () =>
      (await page.locator('.line').count()) === (await city.ask(page, 'orders')).body.orders.filter((o) => o.live && o.risk > 0.1).length);
    await named('Live').click();
  });

  // What needs nobody in the air comes while the first drones are on their way.
  city.keep_busy();
  await test('a pad is closed and opened again', async () => {
    await page.keyboard.press('Escape');
    await tab(page, 'pads');
    await page.fill('.side input[type=search]', 'K40');
    await page.click('[data-id="K40"]');
    await command(page, 'close_pad');
    await until('closed', async () => (await city.ask(page, 'pads/K40')).body.closed === true);
    await until('the page says so', async () => /Closed/.test(await page.innerText('[data-id="K40"]')));
    const refused = await city.order('K01', 'K40');
    assert.equal(refused.code, 'pad_closed', JSON.stringify(refused));
    await command(page, 'open_pad');
    await until('open', async () => !(await city.ask(page, 'pads/K40')).body.closed);
    await accessible(page, 'pads');
  });

  await test('a route is planned by hand with two clicks', async () => {
    await page.keyboard.press('Escape');
    await tab(page, 'plan');
    await page.click('[data-testid=plan-begin]');
    for (const place of [[115.0930, 22.4505], [115.1020, 22.4400]]) {
      const [x, y] = await page.evaluate((p) => {
        const at = window.swiftlet_map.project(p);
        const box = window.swiftlet_map.getCanvas().getBoundingClientRect();
        return [at.x + box.x, at.y + box.y];
      }, place);
      await page.mouse.click(x, y);
      await page.waitForTimeout(400);
    }
    await page.waitForSelector('[data-testid=plan-facts], [data-testid=plan-problem]', { timeout: 60_000 });
    if (await page.locator('[data-testid=plan-problem]').count()) {
      // A point inside a building is refused with the reason; pads are always free.
      assert.match(await text(page, 'plan-problem'), /\w/);
      await page.selectOption('.planner select >> nth=0', 'K01');
      await page.selectOption('.planner select >> nth=1', 'K33');
    }
    await page.waitForSelector('[data-testid=plan-facts]', { timeout: 60_000 });
    assert.match(await text(page, 'plan-facts'), /Wh/);
    await page.waitForSelector('.planner .uplot canvas');
    // Another way, with its own facts, line and profile: between two pads that have towers between them.
    await page.selectOption('.planner select >> nth=0', 'K01');
    await page.selectOption('.planner select >> nth=1', 'K33');
    await page.waitForSelector('[data-way="1"]', { timeout: 60_000 });
    const drawn = () => page.evaluate(async () => JSON.stringify(await window.swiftlet_map.getSource('draft').getData()));
    const [best, best_line] = [await text(page, 'plan-facts'), await drawn()];
    assert.match(await page.innerText('[data-way="1"]'), /left|right|higher|lower/);
    await page.click('[data-way="1"]');
    await until('another line', async () => (await drawn()) !== best_line);
    assert.notEqual(await text(page, 'plan-facts'), best);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Export")')]);
    assert.equal(download.suggestedFilename(), 'route.json');
    const exported = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.ok(exported.differs && exported.waypoints.length > 1, 'what is shown is what is exported');
    await picture(page, 'plan');
    await accessible(page, 'plan');
    await page.keyboard.press('Escape');
  });

  await test('who has control is told, and another operator is held back', async () => {
    await page.click('button:has-text("Take control")');
    await until('taken', async () => /You have control/.test(await text(page, 'control')));
    const pia = await city.page('pia');
    await until('told', async () => /olga has control/.test(await text(pia, 'control')));
    const answer = await city.ask(pia, 'commands', { method: 'POST', body: JSON.stringify({ verb: 'hold', target: 'D01', preview: true }) });
    assert.equal(answer.status, 409);
    await pia.context().close();
    await page.click('button:has-text("Release control")');
    await until('released', async () => /Nobody/.test(await text(page, 'control')));
  });

  await test('an observer sees everything and commands nothing', async () => {
    const oskar = await city.page('oskar');
    await tab(oskar, 'fleet');
    await oskar.click('.line >> nth=0');
    const buttons = oskar.locator('[data-testid=details] [data-verb]');
    for (let i = 0; i < (await buttons.count()); i++) {
      assert.ok(await buttons.nth(i).isDisabled());
      assert.match(await buttons.nth(i).getAttribute('title'), /Observers/);
    }
    const answer = await city.ask(oskar, 'commands', {
      method: 'POST', headers: { 'Idempotency-Key': 'x' }, body: JSON.stringify({ verb: 'weather_hold' }),
    });
    assert.equal(answer.status, 403);
    assert.deepEqual(oskar.problems.filter((p) => !p.includes('403')), []);
    await oskar.context().close();
  });

  let flying;
  await test('a drone says its state in words, its age, its route and why it has its order', async () => {
    await tab(page, 'fleet');
    flying = await until('a drone on its way to deliver', async () => {
      const { body } = await city.ask(page, 'drones');
      return body.drones.find((d) => d.state === 'flying' && d.phase === 'cruise' && d.purpose === 'deliver')?.id;
    }, 120);
    await page.click(`[data-id="${flying}"]`);
    assert.match(await text(page, 'details'), /Flying/);
    assert.match(await text(page, 'details'), /\d s ago/);
    assert.ok(await until('its route and volume on the map', () => page.evaluate(() => {
      const map = window.swiftlet_map;
      return map.querySourceFeatures('route').length > 0 && map.querySourceFeatures('volume').length > 0;
    })));
    await until('its altitude beside it, its heading, and the trail behind it', () => page.evaluate(async (id) => {
      const map = window.swiftlet_map;
      const { features } = await map.getSource('drones').getData();
      const seen = features.find((f) => f.properties.id === id)?.properties;
      return /^D\d+\n\d+ m$/.test(seen?.label ?? '') && seen.heading > 0 && map.querySourceFeatures('trails').length > 0;
    }, flying));
    await page.click('[data-testid=explain]');
    assert.match(await text(page, 'explanation'), /Wh to spare/);
    await picture(page, 'fleet');
    await accessible(page, 'fleet');
  });

  await test('hold and resume: previewed, confirmed, done by the drone, audited', async () => {
    const target = await until('a drone on its way', async () => {
      const { body } = await city.ask(page, 'drones');
      return body.drones.find((d) => d.state === 'flying' && d.purpose === 'deliver' && d.phase === 'cruise')?.id;
    }, 120);
    await page.click(`[data-id="${target}"]`);
    const effects = await command(page, 'hold');
    assert.match(effects, /hold/);
    await until('it hovers', async () => {
      const now = (await city.ask(page, `drones/${target}`)).body;
      return now.steer === 'hold' && now.speed_m_s < 1;
    });
    await until('the page says so', async () => /Hold/.test(await text(page, 'details')));
    await command(page, 'resume');
    await until('it flies on', async () => (await city.ask(page, `drones/${target}`)).body.speed_m_s > 3);
  });

  /** A drone that has just begun to cruise, to its pick-up or with the parcel. */
  const cruising = (purpose) =>
    until(`a drone on its way: ${purpose}`, async () => {
      const { drones } = (await city.ask(page, 'drones')).body;
      return drones.find((d) => d.state === 'flying' && d.purpose === purpose && d.phase === 'cruise' && !d.steer);
    }, 180);
  const state_of = async (order) => (await city.ask(page, 'orders')).body.orders.find((o) => o.id === order)?.state;
  const select = async (table, id) => {
    await page.keyboard.press('Escape');
    await tab(page, table);
    await page.fill('.side input[type=search]', id);
    await page.click(`[data-id="${id}"]`);
  };

  await test('recall: the parcel comes back', async () => {
    const { order_id } = await cruising('deliver');
    await select('orders', order_id);
    assert.match(await command(page, 'recall'), /returning/);
    await until('it returns', async () => (await state_of(order_id)) === 'returning');
    await until('the page says so', async () => /Returning/.test(await text(page, 'details')));
  });

  await test('divert: to the pad that was chosen', async () => {
    const { id } = await cruising('deliver');
    await select('fleet', id);
    const effects = await command(page, 'divert', { fill: () => page.selectOption('[data-testid=command-dialog] select', 'K39') });
    assert.match(effects, /K39/);
    await until('a slot there is kept for it', async () => (await city.ask(page, 'pads/K39')).body.slots.some((s) => s.holder === id));
    await select('pads', 'K39');
    await until('the page says so', async () => (await text(page, 'details')).includes(id));
  });

  await test('return home, and reassign: the order gets another drone', async () => {
    const first = await cruising('pickup');
    await select('orders', first.order_id);
    assert.match(await command(page, 'reassign', {}), /accepted|waits/);
    await until('another drone has it', async () => {
      const { orders } = (await city.ask(page, 'orders')).body;
      const now = orders.find((o) => o.id === first.order_id);
      return now && (!now.live || (now.drone && now.drone !== first.id));
    }, 180);
    const second = await cruising('pickup');
    await select('fleet', second.id);
    assert.match(await command(page, 'return'), /home/);
    await until('it turns round', async () => {
      const now = (await city.ask(page, `drones/${second.id}`)).body;
      return now.steer === 'home' || now.purpose === 'bring_back' || now.purpose === 'home';
    });
  });

  await test('land now: straight down, with two confirmations', async () => {
    const { id } = await cruising('deliver');
    await select('fleet', id);
    assert.match(await command(page, 'land'), /not on a proven route/);
    await until('it comes down', async () => {
      const now = (await city.ask(page, `drones/${id}`)).body;
      return now.steer === 'land' || now.phase === 'landing' || now.phase === 'landed' || now.withdrawn;
    });
    await until('the page says so', async () => /Land/.test(await text(page, 'details')));
  });

  await test('a drone is withdrawn and reinstated', async () => {
    const { id } = await until('one at home', async () =>
      (await city.ask(page, 'drones')).body.drones.find((d) => d.link === 'fresh' && !d.withdrawn && !d.flight_id));
    await select('fleet', id);
    await command(page, 'withdraw_drone');
    await until('out of service', async () => !!(await city.ask(page, `drones/${id}`)).body.maintenance);
    await until('the page says so', async () => /Not ready/.test(await page.innerText(`[data-id="${id}"]`)));
    await command(page, 'reinstate_drone');
    await until('in service', async () => !(await city.ask(page, `drones/${id}`)).body.maintenance);
    await page.fill('.side input[type=search]', '');
  });

  await test('a command by keyboard alone', async () => {
    await page.keyboard.press('Escape');
    await tab(page, 'pads');
    await page.keyboard.press('/');
    await page.keyboard.type('K38');
    await until('one pad left', async () => (await page.locator('.line').count()) === 1);
    /** Tabs on until something has the focus. */
    const tab_to = async (selector, keys = 'Tab') => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press(keys);
        if (await page.evaluate((to) => !!document.activeElement?.matches(to), selector)) return;
      }
      throw new Error(`the keyboard does not come to ${selector}`);
    };
    await tab_to('[role=grid]');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[data-testid=details]');
    for (const [verb, closed] of [['close_pad', true], ['open_pad', false]]) {
      await tab_to(`[data-testid=details] [data-verb="${verb}"]`);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=confirm]:not([disabled])');
      await tab_to('[data-testid=confirm]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=result]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=command-dialog]', { state: 'detached' });
      await until(verb, async () => !!(await city.ask(page, 'pads/K38')).body.closed === closed);
    }
    await page.fill('.side input[type=search]', '');
  });

  await test('an order that nothing can move: its alert says why, opens the pad or cancels the order', async () => {
    const made = [await city.order('K07', 'K40'), await city.order('K08', 'K40')];
    assert.ok(made.every((o) => o.order_id), JSON.stringify(made));
    const close = { method: 'POST', headers: { 'Idempotency-Key': 'close K40' }, body: JSON.stringify({ verb: 'close_pad', target: 'K40' }) };
    assert.equal((await city.ask(page, 'commands', close)).status, 200);
    await tab(page, 'alerts');
    const alert = (order) => `[data-alert="order_stuck:${order.order_id}"]`;
    await page.waitForSelector(`${alert(made[0])} [data-verb="cancel"]`, { timeout: 120_000 });
    await page.waitForSelector(`${alert(made[1])} [data-verb="open_pad"]`, { timeout: 120_000 });
    assert.match(await page.innerText(alert(made[0])), /K40.*given up at/s);
    await picture(page, 'alert-stuck');
    assert.match(await command(page, 'cancel', { within: alert(made[0]) }), /cancelled/);
    await until('cancelled', async () => (await state_of(made[0].order_id)) === 'cancelled');
    await command(page, 'open_pad', { within: alert(made[1]) });
    await until('the pad is open', async () => !(await city.ask(page, 'pads/K40')).body.closed);
    await until('nothing to answer any more', async () => (await page.locator(`${alert(made[1])} [data-verb]`).count()) === 0, 90);
  });

  await test('a ground stop is put on and lifted', async () => {
    await page.keyboard.press('Escape');
    await tab(page, 'pads');
    await command(page, 'ground_stop', { within: '.side' });
    await page.waitForSelector('.gate');
    await command(page, 'ground_resume', { within: '.side' });
    await page.waitForSelector('.gate', { state: 'detached' });
  });

  await test('weather hold for the whole city, with two confirmations', async () => {
    await page.keyboard.press('Escape');
    await tab(page, 'pads');
    await command(page, 'weather_hold', { within: '.side' });
    await page.waitForSelector('.gate');
    assert.equal((await city.order('K01', 'K09')).code, 'weather_hold');
    await command(page, 'weather_clear', { within: '.side' });
    await page.waitForSelector('.gate', { state: 'detached' });
  });

  await test('a merchant is paused and resumed', async () => {
    await command(page, 'pause_merchant', { within: '.side' });
    assert.equal((await city.order('K01', 'K09')).code, 'merchant_paused');
    await command(page, 'resume_merchant', { within: '.side' });
    assert.ok((await city.order('K01', 'K09')).order_id);
  });

  await test('a no-fly zone is drawn, binds at once, and is taken down', async () => {
    // Over the hills in the north-east: no pad, no zone, nothing of the page lies there.
    const box = await page.locator('[data-testid=map]').boundingBox();
    const at = [[560, 210], [640, 212], [640, 235], [560, 233]].map(([x, y]) => [x + box.x, y + box.y]);
    const [lon, lat] = await page.evaluate(() => {
      const p = window.swiftlet_map.unproject([600, 222]);
      return [p.lng, p.lat];
    });
    await page.click('[data-testid=draw-zone]');
    for (const [x, y] of at) {
      await page.mouse.click(x, y);
      await page.waitForTimeout(350);
    }
    await page.keyboard.press('Enter');
    await page.fill('[data-testid=zone-form] input >> nth=0', 'Fire brigade');
    await picture(page, 'zone-drawn');
    const before = (await city.ask(page, 'zones')).body.zones.length;
    await page.click('[data-testid=zone-form] button.primary');
    await page.waitForSelector('[data-testid=command-dialog]');
    await page.check('[data-testid=command-dialog] input[type=checkbox]');
    await page.waitForSelector('[data-testid=confirm]:not([disabled])');
    await page.click('[data-testid=confirm]');
    await page.waitForSelector('[data-testid=result]');
    await page.click('[data-testid=command-dialog] .buttons button:first-child');
    const zone = await until('in force', async () =>
      (await city.ask(page, 'zones')).body.zones.find((z) => z.name === 'Fire brigade' && z.active));
    assert.equal((await city.ask(page, 'zones')).body.zones.length, before + 1);
    // A route planned by hand goes round it from now on: it is the planners' airspace too.
    const plan = { method: 'POST', body: JSON.stringify({ id: 'in', from: { pad: 'K01' }, to: { lon, lat } }) };
    const into = await until('the planner knows it', async () => {
      const { body } = await city.ask(page, 'plan', plan);
      return body.route?.status !== 'ok' ? body.route : null;
    });
    assert.match(JSON.stringify(into.error), /zone|no_fly/);
    await until('on the map', () => page.evaluate(() => window.swiftlet_map.querySourceFeatures('zones').some((f) => f.properties.label.includes('Fire brigade'))));
    await page.mouse.click(600 + box.x, 222 + box.y);
    await page.waitForSelector('[data-testid=details] [data-verb=remove_zone]');
    assert.match(await text(page, 'details'), /0 m AGL – 120 m AGL/);
    await command(page, 'remove_zone');
    await until('gone', async () => !(await city.ask(page, 'zones')).body.zones.some((z) => z.zone === zone.zone));
  });

  await test('silent drones: "communication lost" after 10 s, one alert each, Ack, Own, Resolve', async () => {
    city.stop_fleet();
    const gone = Date.now();
    await tab(page, 'alerts');
    const alert = page.locator('.alert:not(.over)[data-alert^="drone_lost"]').first();
    await alert.waitFor({ timeout: 30_000 });
    assert.ok(Date.now() - gone > 8000, 'not before its time');
    await until('it is announced', async () => /Communication with D\d+ lost/.test(await text(page, 'announcer')));
    const id = await alert.getAttribute('data-alert');
    await page.waitForTimeout(3000);
    const all = await page.locator('.alert').evaluateAll((list) => list.map((a) => a.dataset.alert));
    assert.equal(new Set(all).size, all.length, 'no alert is there twice');
    const same = page.locator(`[data-alert="${id}"]`);
    await same.locator('button:has-text("Acknowledge")').click();
    await until('acknowledged', async () => /seen by olga/.test(await same.innerText()));
    await same.locator('button:has-text("Own")').click();
    await until('owned', async () => /owned by olga/.test(await same.innerText()));
    await picture(page, 'alerts');
    await accessible(page, 'alerts');
    await same.locator('button:has-text("Resolve")').click();
    await same.waitFor({ state: 'detached' });
    await tab(page, 'fleet');
    await until('said in words', async () => /Communication lost/.test(await page.innerText('.side')));
    city.start_fleet();
    await until('back', async () => (await city.ask(page, 'drones')).body.drones.every((d) => d.link === 'fresh'), 90);
  });

  await test('a service that stands still is told at once, and the page heals by itself', async () => {
    city.service.kill('SIGSTOP');
    await page.waitForSelector('[data-testid=link-banner]', { timeout: 15_000 });
    await picture(page, 'connection-lost');
    city.service.kill('SIGCONT');
    await page.waitForSelector('[data-testid=link-banner]', { state: 'detached', timeout: 30_000 });
    assert.equal(await page.evaluate(() => window.still_here), true, 'without a reload');
  });

  await test('replay cannot be taken for live', async () => {
    await tab(page, 'replay');
    await page.click('[data-minutes="15"]');
    await page.waitForSelector('[data-testid=replay-banner]');
    // The same by naming the time: from the first minute of what was just shown.
    const bounds = async () => page.locator('.replay input[type=range]').evaluate((r) => [Number(r.min), Number(r.max)]);
    const [first_ms] = await bounds();
    const second = (first_ms - (first_ms % 1000)) / 1000 + 60;
    await page.fill('[data-testid=replay-period] input >> nth=0', new Date(second * 1000).toISOString().slice(0, 19));
    await page.fill('[data-testid=replay-period] input >> nth=1', '2');
    await page.keyboard.press('Enter');
    await until('that period alone', async () => {
      const [from, to] = await bounds();
      return from >= second * 1000 && to <= (second + 120) * 1000 && to > from;
    });
    const start = await text(page, 'replay-time');
    const named = (name) => page.locator('.replay').getByRole('button', { name, exact: true });
    await named('Play').click();
    await until('time runs', async () => (await text(page, 'replay-time')) !== start);
    if (await named('Pause').count()) await named('Pause').click().catch(() => {});
    await page.locator('input[type=range]').focus();
    await page.keyboard.press('End');
    await picture(page, 'replay');
    await accessible(page, 'replay');
    await tab(page, 'fleet');
    await page.click('.line >> nth=0');
    assert.ok(await page.locator('[data-testid=details] [data-verb]').first().isDisabled(), 'no commands into the past');
    await tab(page, 'replay');
    await page.click('[data-testid=replay-end]');
    await page.waitForSelector('[data-testid=replay-banner]', { state: 'detached' });
  });

  await test('charts', async () => {
    await tab(page, 'charts');
    await page.waitForSelector('.charts .uplot canvas', { timeout: 30_000 });
    // Yanwan's wind, as the planners have it.
    assert.match(await page.innerText('[data-chart="chart.wind"]'), /10 m above ground \(now from 135°\)/);
    await page.waitForSelector('[data-chart="chart.wind"] .uplot canvas', { timeout: 30_000 });
    await picture(page, 'charts');
    await accessible(page, 'charts');
  });

  await test('light, Chinese, local time', async () => {
    await tab(page, 'orders');
    await page.click('[data-testid=theme]');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    await page.waitForTimeout(1500);
    await picture(page, 'light');
    await accessible(page, 'light');
    await page.click('[data-testid=language]');
    assert.match(await page.innerText('#tab-orders'), /订单/);
    await page.click('[data-testid=clock]');
    assert.match(await text(page, 'clock'), /本地/);
    await picture(page, 'chinese');
    await page.click('[data-testid=language]');
  });

  await test('usable on a wall screen', async () => {
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.waitForTimeout(1500);
    await picture(page, 'wall');
    const side = await page.locator('.side').boundingBox();
    assert.ok(side.width < 1000, 'the map keeps most of it');
  });

  await test('nothing went wrong in the page meanwhile', async () => {
    assert.deepEqual(page.problems.filter((p) => !/WebSocket|ERR_|40[139]/.test(p)), []);
    const strangers = await page.evaluate(() =>
      performance.getEntriesByType('resource').map((r) => r.name).filter((name) => !name.startsWith(location.origin) && !/^(blob|data):/.test(name)));
    assert.deepEqual(strangers, [], 'all of it comes from the service');
  });
}

try {
  await main();
  console.log(`${tests} tests passed`);
} catch (error) {
  // What the pages showed when it went wrong.
  for (const context of city.browser?.contexts() ?? []) {
    for (const [i, page] of context.pages().entries()) await picture(page, `failure-${i}`).catch(() => {});
  }
  throw error;
} finally {
  await city.close();
}
