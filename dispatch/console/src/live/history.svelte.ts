import { live } from './live.svelte';

const EVERY_MS = 5000;
const KEPT = 720;

/** What the charts show of the fleet, a point every five seconds of this page's life. */
class History {
  at_s: number[] = $state.raw([]);
  busy: number[] = $state.raw([]);
  lowest: number[] = $state.raw([]);
  median: number[] = $state.raw([]);
  wind: (number | null)[] = $state.raw([]);
  private last_ms = 0;

  note(): void {
    const now = performance.now();
    if (now - this.last_ms < EVERY_MS || live.drones.length === 0 || !live.clock.known) return;
    this.last_ms = now;
    const shares = live.drones.map((d) => d.battery_share * 100).sort((a, b) => a - b);
    const keep = <T>(list: T[], value: T): T[] => [...list.slice(-KEPT), value];
    this.at_s = keep(this.at_s, live.clock.now_ms() / 1000);
    this.busy = keep(this.busy, (100 * live.drones.filter((d) => d.flight_id).length) / live.drones.length);
    this.lowest = keep(this.lowest, shares[0]!);
    this.wind = keep(this.wind, live.service.wind?.speed_m_s ?? null);
    this.median = keep(this.median, shares[shares.length >> 1]!);
  }
}

export const history = new History();
