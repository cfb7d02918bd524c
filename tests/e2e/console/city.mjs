// The real thing under test: a dispatch service, a simulated fleet, merchants' orders, and browsers that look at it.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const PASSWORDS = { olga: 'correct-horse-1', pia: 'correct-horse-3', oskar: 'correct-horse-2' };
export const EVIL_NOTE = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>';

export class City {
  constructor(swiftlet, source, { drones = 6, speed = 4, region } = {}) {
    this.swiftlet = swiftlet;
    this.source = source;
    this.drones = drones;
    this.speed = speed;
    this.region = region ?? join(source, 'maps/regions/harbour/region.toml');
    this.folder = mkdtempSync(join(tmpdir(), 'swiftlet-console-'));
    const require = createRequire(join(source, 'dispatch/console/package.json'));
    this.chromium = require('playwright-core').chromium;
    this.axe_source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  }

  async open(homes = (i) => `H${1 + (i % 3)}`) {
    const accounts = join(this.folder, 'accounts');
    for (const [name, role] of [['olga', 'operator'], ['pia', 'operator'], ['oskar', 'observer']]) {
      const made = run(this.swiftlet, ['accounts', 'create', role, name, '--file', accounts, '--password-stdin']);
      made.child.stdin.end(`${PASSWORDS[name]}\n`);
      await made;
    }
    const drones = Array.from(
      { length: this.drones },
      (_, i) => `[[drone]]\nid = "D${String(i + 1).padStart(2, '0')}"\nprofile = "courier-4"\nhome_pad = "${homes(i)}"\n`,
    ).join('');
    writeFileSync(
      join(this.folder, 'serve.toml'),
      `[service]\nregion = "${this.region}"\ndata_dir = "${this.folder}/data"\nspeed = ${this.speed.toFixed(1)}\n` +
        '[merchants]\nbind = "tcp://127.0.0.1:*"\n[merchant_http]\nbind = "127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n' +
        `[http]\nbind = "127.0.0.1:*"\naccounts = "${accounts}"\n[security]\nmode = "none"\n${drones}`,
    );
    this.service = spawn(this.swiftlet, ['serve', '--config', join(this.folder, 'serve.toml')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise((resolve, reject) => {
      this.service.stdout.once('data', (data) => resolve(data.toString()));
      this.service.once('exit', (status) => reject(new Error(`the service ended with ${status}`)));
    });
    this.ready = JSON.parse(said);
    this.url = this.ready.http;
    this.start_fleet();
    this.browser = await this.another_browser();
  }

  another_browser() {
    return this.chromium.launch({
      executablePath: '/usr/bin/chromium',
      // The page is put together where the map is drawn, as with a graphics card: reading the map back for a compositor
      // on the processor makes every frame, and with it every click, take several times as long.
      args: ['--no-sandbox', '--use-angle=swiftshader', '--disable-background-networking', '--enable-unsafe-swiftshader'],
    });
  }

  start_fleet() {
    this.fleet = spawn(
      this.swiftlet,
      ['fly', '--connect', this.ready.drones, '--drones', String(this.drones), '--vehicle', 'courier-4'],
      { stdio: 'ignore' },
    );
  }

  /** What the service holds in memory. */
  service_memory_kb() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.service.pid}/status`, 'utf8'))[1]);
  }

  stop_fleet() {
    this.fleet.kill('SIGKILL');
  }

  /** An order between two pads; the service's answer, or what it refuses with. One that has no time now is asked again. */
  async order(from, to, note = EVIL_NOTE, tries = 4) {
    const words = ['--json', 'order', 'create', '--from', from, '--to', to, '--mass-kg', '0.5', '--note', note];
    try {
      const { stdout } = await run(this.swiftlet, [...words, '--connect', this.ready.merchants]);
      return JSON.parse(stdout);
    } catch (error) {
      const refusal = JSON.parse(error.stdout);
      if (refusal.code !== 'overloaded' || tries === 1) return refusal;
      await new Promise((resolve) => setTimeout(resolve, 5000 / this.speed));
      return this.order(from, to, note, tries - 1);
    }
  }

  /** Merchants that go on ordering, so that somebody is always in the air. */
  keep_busy() {
    let number = 0;
    this.rush = setInterval(() => {
      const pad = (n) => `K${20 + (n % 19)}`;
      number += 1;
      void this.order(pad(number), pad(number * 7 + 3), '').catch(() => {});
    }, 8000);
  }

  /** A page that is logged in and shows the room. */
  async page(account, viewport = { width: 1280, height: 800 }, browser = this.browser) {
    const context = await browser.newContext({ viewport, locale: 'en-GB', colorScheme: 'dark', acceptDownloads: true });
    const page = await context.newPage();
    page.problems = [];
    page.on('pageerror', (error) => page.problems.push(error.message));
    page.on('console', (line) => {
      // The page asks who it is before anybody has logged in: that 401 is an answer, not a fault.
      if (line.type() === 'error' && !line.text().includes('401')) page.problems.push(line.text());
    });
    await page.goto(this.url);
    if (!account) return page;
    await page.fill('input[name=account]', account);
    await page.fill('input[name=password]', PASSWORDS[account]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=link].live', { timeout: 60_000 });
    await page.waitForFunction(() => performance.getEntriesByName('swiftlet-first-picture').length > 0, null, { timeout: 60_000 });
    return page;
  }

  /** What the service itself says, asked beside the page. */
  async ask(page, path, init = {}) {
    return page.evaluate(
      async ([to, how]) => {
        const session = await (await fetch('/api/v1/session')).json();
        const headers = { 'X-CSRF-Token': session.csrf, ...how.headers };
        const reply = await fetch(`/api/v1/${to}`, { ...how, headers });
        return { status: reply.status, body: await reply.json() };
      },
      [path, init],
    );
  }

  async close() {
    clearInterval(this.rush);
    await this.browser?.close();
    this.fleet?.kill('SIGKILL');
    if (this.service && this.service.exitCode === null) {
      this.service.kill('SIGCONT');
      this.service.kill('SIGKILL');
      await new Promise((resolve) => this.service.once('exit', resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function until(what, holds, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
