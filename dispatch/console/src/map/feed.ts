import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { live } from '../live/live.svelte';
import type { Drone, Pad, Zone, ZoneLimit } from '../live/model';
import { t } from '../words';
import { RouteLines } from './route_lines';

const TRAIL_POINTS = 60;
const TRAILS_UP_TO = 120;

function limit(l: ZoneLimit | null, otherwise: string): string {
  return l ? `${Math.round(l.value_m)} m ${l.reference}` : otherwise;
}

export function zone_heights(zone: Zone): string {
  return `${limit(zone.lower, t('zone.ground'))} – ${limit(zone.upper, t('zone.unlimited'))}`;
}

function features(list: GeoJSON.Feature[]): GeoJSON.FeatureCollection {
  return { type: 'FeatureCollection', features: list };
}

/** Brings the service's things into the map's sources: only what has changed, and at once. A frame of the map takes long
 *  enough; what it shows should not have waited for the one before as well. */
export class MapFeed {
  selected_drone: string | null = null;
  /** Drones of a replay stand in for the live ones. */
  replay: Map<string, Drone> | null = null;
  private trails = new Map<string, [number, number][]>();
  private dirty = { drones: true, pads: true, zones: true, routes: true };
  private changed = new Set<string>();
  /** What the map shows of each drone, by source: telemetry that changes nothing of it does not reach the map. Those that
   *  stand at their pads have a source of their own, so that hundreds of them are not drawn anew with the few that fly. */
  private shown = { drones: new Map<string, string>(), parked: new Map<string, string>() };
  private shown_pads = new Map<string, string>();
  private whole = true;
  private scheduled = false;
  private lines_at = 0;
  private routes: RouteLines;

  constructor(private map: GlMap) {
    this.routes = new RouteLines({ all: this.source('routes'), selected: this.source('route'), volume: this.source('volume') });
  }

  mark(what: keyof MapFeed['dirty']): void {
    this.dirty[what] = true;
    if (what === 'drones') this.whole = true;
    this.schedule();
  }

  drones_changed(ids: Iterable<string>): void {
    for (const id of ids) this.changed.add(id);
    this.dirty.drones = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  private draw(): void {
    if (!this.source('drones')) return;
    if (this.dirty.drones) this.draw_drones();
    if (this.dirty.pads) this.draw_pads();
    if (this.dirty.zones) void this.source('zones').setData(features(live.zones.map(([id, z]) => zone_feature(id, z))));
    // Trails, and what is left of a route, follow the drones: once a second is enough for the eye.
    const now = performance.now();
    if (this.dirty.routes || (this.dirty.drones && now - this.lines_at > 950)) {
      this.lines_at = now;
      this.routes.draw(this.replay ? [] : live.board.things.flights.values(), this.things, this.selected_drone);
      this.draw_trails();
    }
    this.dirty = { drones: false, pads: false, zones: false, routes: false };
  }

  private draw_pads(): void {
    const add: GeoJSON.Feature[] = [];
    for (const pad of live.pads) {
      const feature = pad_feature(pad);
      const shown = `${feature.properties!.icon} ${feature.properties!.label}`;
      if (this.shown_pads.get(pad.id) === shown) continue;
      this.shown_pads.set(pad.id, shown);
      add.push(feature);
    }
    if (add.length) void this.source('pads').updateData({ add });
  }

  private get things(): Map<string, Drone> {
    return this.replay ?? live.board.things.drones;
  }

  private drone_feature(d: Drone): GeoJSON.Feature {
    const airborne = d.state === 'flying' || d.state === 'landing';
    return {
      type: 'Feature',
      id: d.id,
      properties: {
        id: d.id,
        sent_at: d.sent_at,
        state: d.state,
        heading: d.state === 'flying' ? (d.heading_deg ?? 0) : 0,
        stale: d.link === 'stale' || d.link === 'lost',
        selected: d.id === this.selected_drone,
        label: airborne ? `${d.id}\n${Math.round(d.alt_msl_m!)} m` : d.id,
      },
      geometry: { type: 'Point', coordinates: [d.lon!, d.lat!] },
    };
  }

  private draw_drones(): void {
    for (const name of ['drones', 'parked'] as const) {
      const shown = this.shown[name];
      if (this.whole) shown.clear();
      const add: GeoJSON.Feature[] = [];
      const remove: string[] = [];
      for (const id of this.whole ? this.things.keys() : this.changed) {
        const d = this.things.get(id);
        const here = d?.lon !== undefined && is_parked(d, this.selected_drone) === (name === 'parked');
        if (!here) {
          if (shown.delete(id)) remove.push(id);
          continue;
        }
        const feature = this.drone_feature(d!);
        const { state, heading, stale, selected, label } = feature.properties!;
        const now = `${d!.lon} ${d!.lat} ${state} ${heading} ${stale} ${selected} ${label}`;
        if (shown.get(id) === now) continue;
        shown.set(id, now);
        add.push(feature);
      }
      if (this.whole) void this.source(name).setData(features(add));
      else if (add.length + remove.length) void this.source(name).updateData({ add, remove });
    }
    for (const id of this.whole ? this.things.keys() : this.changed) this.lengthen_trail(id);
    this.whole = false;
    this.changed.clear();
  }

  private lengthen_trail(id: string): void {
    const d = this.things.get(id);
    if (!d || d.lon === undefined || (d.state !== 'flying' && d.state !== 'landing')) {
      if (d?.state !== 'lost') this.trails.delete(id);
      return;
    }
    const trail = this.trails.get(id) ?? [];
    const last = trail.at(-1);
    if (last && last[0] === d.lon && last[1] === d.lat) return;
    trail.push([d.lon, d.lat!]);
    if (trail.length > TRAIL_POINTS) trail.shift();
    this.trails.set(id, trail);
  }

  private draw_trails(): void {
    const trails = [...this.trails].filter(
      ([id, points]) => points.length > 1 && (this.trails.size <= TRAILS_UP_TO || id === this.selected_drone),
    );
    void this.source('trails').setData(
      features(
        trails.map(([, coordinates]) => ({
          type: 'Feature',
          properties: {},
          geometry: { type: 'LineString', coordinates },
        })),
      ),
    );
  }
}

function is_parked(d: Drone, selected: string | null): boolean {
  return (d.state === 'ready' || d.state === 'not_ready') && d.id !== selected;
}

function pad_feature(pad: Pad): GeoJSON.Feature {
  const taken = pad.slots.filter((s) => s.holder).length;
  return {
    type: 'Feature',
    id: pad.id,
    properties: {
      id: pad.id,
      icon: `pad-${pad.kind}${pad.closed ? '-closed' : ''}`,
      label: `${pad.id} ${taken}/${pad.slots.length}`,
    },
    geometry: { type: 'Point', coordinates: [pad.slots[0]!.lon, pad.slots[0]!.lat] },
  };
}

function zone_feature(id: string, zone: Zone): GeoJSON.Feature {
  return {
    type: 'Feature',
    properties: {
      id,
      active: zone.active && zone.restriction !== 'NO_RESTRICTION',
      label: `${zone.name || zone.zone}\n${zone_heights(zone)}${zone.active ? '' : `\n${t('zone.inactive')}`}`,
    },
    geometry: { type: 'MultiPolygon', coordinates: zone.polygons },
  };
}
