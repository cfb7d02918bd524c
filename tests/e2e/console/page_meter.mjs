// What a page costs, asked of the browser by the DevTools protocol while the page runs.

export const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];

export class PageMeter {
  static async of(page) {
    const meter = new PageMeter();
    meter.page = page;
    // The same clocks twice: time as it passes, and time that the page's thread had a processor.
    for (const [name, timeDomain] of [['wall', 'timeTicks'], ['thread', 'threadTicks']]) {
      meter[name] = await page.context().newCDPSession(page);
      await meter[name].send('Performance.enable', { timeDomain });
    }
    await page.evaluate(watch_drones);
    await meter.second();
    return meter;
  }

  async metrics(session) {
    return Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  }

  /** Milliseconds of script, style and layout a second since it was asked the last time; all that the page did. */
  async second() {
    const spent = {};
    const was = this.was ?? {};
    this.was = { at: performance.now() };
    const passed_s = (this.was.at - (was.at ?? 0)) / 1000;
    for (const name of ['wall', 'thread']) {
      const m = await this.metrics(this[name]);
      this.was[name] = m.ScriptDuration + m.LayoutDuration + m.RecalcStyleDuration;
      spent[name] = (1000 * (this.was[name] - was[name])) / passed_s;
    }
    return spent;
  }

  /** Bytes that the page's script holds after everything that can go has gone: the least of several looks, for between two
   *  of them another picture comes in and is held while it is taken over. */
  async heap() {
    const looks = [];
    for (let i = 0; i < 6; i++) {
      await this.wall.send('HeapProfiler.collectGarbage');
      looks.push((await this.wall.send('Runtime.getHeapUsage')).usedSize);
      await new Promise((resolve) => setTimeout(resolve, 130));
    }
    return { bytes: Math.min(...looks), nodes: (await this.metrics(this.wall)).Nodes };
  }

  /** Since it was asked the last time: how long drones' words took to the map in ms, and the longest pause between two. */
  async arrivals() {
    return this.page.evaluate(() => {
      const { latencies, longest_pause_ms } = window.seen_drones;
      window.seen_drones.latencies = [];
      window.seen_drones.longest_pause_ms = 0;
      return { latencies, longest_pause_ms };
    });
  }

  /** A profile of the page's thread that the browser's own tools open. */
  async profile(seconds) {
    await this.wall.send('Profiler.enable');
    await this.wall.send('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    return (await this.wall.send('Profiler.stop')).profile;
  }
}

/** In the page: from a drone's sending to the frame after its place in the map's source has changed. */
function watch_drones() {
  const seen = (window.seen_drones = { latencies: [], longest_pause_ms: 0 });
  const source = window.swiftlet_map.getSource('drones');
  const update = source.updateData.bind(source);
  const last = new Map();
  let before = performance.now();
  source.updateData = (diff) => {
    const fresh = [];
    for (const { properties } of diff.add ?? []) {
      if (!properties.sent_at || last.get(properties.id) === properties.sent_at) continue;
      if (last.has(properties.id)) fresh.push(Date.parse(properties.sent_at));
      last.set(properties.id, properties.sent_at);
    }
    const taken = update(diff);
    void taken.then(() =>
      requestAnimationFrame(() => {
        const now = Date.now();
        for (const at of fresh) seen.latencies.push(now - at);
        seen.longest_pause_ms = Math.max(seen.longest_pause_ms, performance.now() - before);
        before = performance.now();
      }),
    );
    return taken;
  };
}
