import { session } from './session.svelte';
import { Board, type Applied } from './board';
import { ServiceClock } from './clock';
import type { Alert, Drone, Flight, Order, Pad, Zone } from './model';

export type LinkState = 'connecting' | 'live' | 'late' | 'lost';

const RETRY_MS = [250, 500, 1000, 2000, 4000];
const LATE_MS = 3000;
const LOST_MS = 10000;

type Listener = (applied: Exclude<Applied, 'gap'>) => void;

/** The live connection: one WebSocket that heals itself. Tables read the arrays, the map listens to each message. */
class Live {
  readonly board = new Board();
  readonly clock = new ServiceClock();
  link: LinkState = $state('connecting');
  silent_s = $state(0);
  /** Grows once a second and with every change of a table: what shows times or ages reads it. */
  tick = $state(0);
  drones: Drone[] = $state.raw([]);
  orders: Order[] = $state.raw([]);
  flights: Flight[] = $state.raw([]);
  pads: Pad[] = $state.raw([]);
  zones: [string, Zone][] = $state.raw([]);
  alerts: Alert[] = $state.raw([]);
  service: Record<string, any> = $state.raw({});

  private socket: WebSocket | null = null;
  private heard_ms = 0;
  private attempts = 0;
  private retry = 0;
  private listeners = new Set<Listener>();
  private stale_tables = false;

  start(speed: number): void {
    this.clock.speed = speed;
    this.heard_ms = performance.now();
    this.open();
    window.setInterval(() => this.second(), 1000);
  }

  /** The listener hears a whole picture at once if there is one. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.board.seq >= 0) listener({ changed: {}, whole: true });
    return () => this.listeners.delete(listener);
  }

  private open(): void {
    window.clearTimeout(this.retry);
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(event.data as string);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      this.socket = null;
      void session.check();
      this.retry = window.setTimeout(() => this.open(), RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)]);
    };
  }

  private hear(text: string): void {
    const applied = this.board.apply(JSON.parse(text));
    if (applied === 'gap') {
      this.socket?.send('{"ask":"snapshot"}');
      return;
    }
    this.heard_ms = performance.now();
    this.attempts = 0;
    this.clock.hear(this.board.at);
    if (this.link !== 'live') this.link = 'live';
    for (const listener of this.listeners) listener(applied);
    const c = applied.changed;
    if (applied.whole || c.orders || c.alerts || c.flights || c.pads || c.zones || c.service) this.fill(applied);
    else this.stale_tables = true;
  }

  private fill({ changed, whole }: Exclude<Applied, 'gap'>): void {
    const { things } = this.board;
    this.drones = [...things.drones.values()];
    if (whole || changed.orders) this.orders = [...things.orders.values()];
    if (whole || changed.flights) this.flights = [...things.flights.values()];
    if (whole || changed.pads) this.pads = [...things.pads.values()];
    if (whole || changed.zones) this.zones = [...things.zones.entries()];
    if (whole || changed.alerts) this.alerts = [...things.alerts.values()];
    if (whole || changed.service) this.service = Object.fromEntries(things.service);
    this.stale_tables = false;
    this.tick++;
  }

  private second(): void {
    const silent_ms = performance.now() - this.heard_ms;
    this.silent_s = Math.floor(silent_ms / 1000);
    if (silent_ms > LOST_MS) this.link = 'lost';
    else if (silent_ms > LATE_MS) this.link = 'late';
    // A socket that is open but silent is of no use: another one.
    if (silent_ms > LOST_MS && this.socket?.readyState === WebSocket.OPEN) this.socket.close();
    if (this.stale_tables) this.drones = [...this.board.things.drones.values()];
    this.stale_tables = false;
    this.tick++;
  }
}

export const live = new Live();
