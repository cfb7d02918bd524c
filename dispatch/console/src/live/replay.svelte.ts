import { session } from './session.svelte';
import type { Drone } from './model';

interface TrackLine {
  drone: string;
  at: string;
  lon: number;
  lat: number;
  alt_msl_m: number;
  v_e_m_s: number;
  v_n_m_s: number;
  battery_wh: number;
  phase: string;
}

/** A stretch of the track log, shown again. While `frame` is set the map shows it instead of what is live. */
class Replay {
  frame: Map<string, Drone> | null = $state.raw(null);
  from_ms = $state(0);
  to_ms = $state(0);
  at_ms = $state(0);
  rate = $state(10);
  playing = $state(false);
  problem = $state('');
  private tracks = new Map<string, (TrackLine & { ms: number })[]>();
  private timer = 0;

  async load(from_ms: number, to_ms: number): Promise<void> {
    const query = `from=${new Date(from_ms).toISOString()}&to=${new Date(to_ms).toISOString()}`;
    const answer = await session.get<{ tracks: TrackLine[]; cut: boolean }>(`tracks?${query}`);
    this.problem = answer.ok ? (answer.body.cut ? 'replay.cut' : '') : answer.error.message;
    if (!answer.ok) return;
    this.tracks.clear();
    for (const line of answer.body.tracks) {
      const ms = Date.parse(line.at);
      const track = this.tracks.get(line.drone) ?? [];
      track.push({ ...line, ms });
      this.tracks.set(line.drone, track);
    }
    if (this.tracks.size === 0) {
      this.problem = 'replay.none';
      return;
    }
    for (const track of this.tracks.values()) track.sort((a, b) => a.ms - b.ms);
    this.from_ms = Math.min(...[...this.tracks.values()].map((track) => track[0]!.ms));
    this.to_ms = Math.max(...[...this.tracks.values()].map((track) => track.at(-1)!.ms));
    this.seek(this.from_ms);
  }

  seek(ms: number): void {
    this.at_ms = Math.max(this.from_ms, Math.min(this.to_ms, ms));
    const frame = new Map<string, Drone>();
    for (const [id, track] of this.tracks) {
      let low = 0;
      let high = track.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (track[middle]!.ms <= this.at_ms) low = middle + 1;
        else high = middle;
      }
      const line = track[low - 1];
      if (line) frame.set(id, as_drone(id, line));
    }
    this.frame = frame;
  }

  play(): void {
    this.playing = true;
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      this.seek(this.at_ms + 100 * this.rate);
      if (this.at_ms >= this.to_ms) this.pause();
    }, 100);
  }

  pause(): void {
    this.playing = false;
    window.clearInterval(this.timer);
  }

  end(): void {
    this.pause();
    this.tracks.clear();
    this.frame = null;
  }
}

function as_drone(id: string, line: TrackLine): Drone {
  const speed = Math.hypot(line.v_e_m_s, line.v_n_m_s);
  const airborne = !['idle', 'landed', 'loading', 'releasing', 'swapping'].includes(line.phase);
  return {
    id,
    profile: '',
    home_pad: '',
    state: !airborne ? 'ready' : line.phase === 'landing' ? 'landing' : 'flying',
    link: 'fresh',
    heard_at: line.at,
    battery_wh: line.battery_wh,
    battery_share: 0,
    battery_reserve_wh: 0,
    lon: line.lon,
    lat: line.lat,
    alt_msl_m: line.alt_msl_m,
    speed_m_s: speed,
    heading_deg: speed > 0.5 ? ((Math.atan2(line.v_e_m_s, line.v_n_m_s) * 180) / Math.PI + 360) % 360 : 0,
    phase: line.phase,
  };
}

export const replay = new Replay();
