import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { live } from '../live/live.svelte';
import type { Drone, Pad, Zone, ZoneLimit } from '../live/model';
import { t } from '../words';
import { corridor, remaining } from './geometry';

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

/** Brings the service's things into the map's sources, at most once a frame and only what has changed. */
export class MapFeed {
  selected_drone: string | null = null;
  /** Drones of a replay stand in for the live ones. */
  replay: Map<string, Drone> | null = null;
  private trails = new Map<string, [number, number][]>();
  private dirty = { drones: true, pads: true, zones: true, routes: true };
  private changed = new Set<string>();
  private shown = new Set<string>();
  private whole = true;
  private frame = 0;
  private routes_at = 0;

  constructor(private map: GlMap) {}

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
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  private draw(): void {
    if (!this.source('drones')) return;
    if (this.dirty.drones) this.draw_drones();
    if (this.dirty.pads) this.source('pads').setData(features(live.pads.map(pad_feature)));
    if (this.dirty.zones) this.source('zones').setData(features(live.zones.map(([id, z]) => zone_feature(id, z))));
    // Routes and trails follow the drones, but once a second is enough for the eye.
    const now = performance.now();
    if (this.dirty.routes || (this.dirty.drones && now - this.routes_at > 950)) {
      this.routes_at = now;
      this.draw_routes();
    }
    this.dirty = { drones: false, pads: false, zones: false, routes: false };
  }

  private get things(): Map<string, Drone> {
    return this.replay ?? live.board.things.drones;
  }

  private drone_feature(d: Drone): GeoJSON.Feature {
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
        label: d.state === 'flying' || d.state === 'landing' ? `${d.id}\n${Math.round(d.alt_msl_m!)} m` : d.id,
      },
      geometry: { type: 'Point', coordinates: [d.lon!, d.lat!] },
    };
  }

  private draw_drones(): void {
    const source = this.source('drones');
    if (this.whole) {
      const placed = [...this.things.values()].filter((d) => d.lon !== undefined);
      this.shown = new Set(placed.map((d) => d.id));
      source.setData(features(placed.map((d) => this.drone_feature(d))));
    } else {
      const add: GeoJSON.Feature[] = [];
      const remove: string[] = [];
      for (const id of this.changed) {
        const d = this.things.get(id);
        if (d?.lon !== undefined) {
          add.push(this.drone_feature(d));
          this.shown.add(id);
        } else if (this.shown.delete(id)) remove.push(id);
      }
      if (add.length + remove.length) source.updateData({ add, remove });
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

  private draw_routes(): void {
    const lines: GeoJSON.Feature[] = [];
    let volume: GeoJSON.Feature[] = [];
    for (const flight of this.replay ? [] : live.board.things.flights.values()) {
      const mission = flight.mission;
      if (!mission || flight.phase === 'landed' || flight.phase === 'waiting') continue;
      const d = this.things.get(flight.drone);
      const selected = flight.drone === this.selected_drone;
      const flying = d?.lon !== undefined && flight.phase === 'flying';
      const left = selected && flying ? remaining(mission.route, [d!.lon!, d!.lat!]) : mission.route;
      lines.push({
        type: 'Feature',
        properties: { selected },
        geometry: { type: 'LineString', coordinates: left.map((p) => [p[0], p[1]]) },
      });
      if (selected) volume = corridor(left, mission.lateral_clearance_m, mission.vertical_clearance_m);
    }
    this.source('routes').setData(features(lines));
    this.source('volume').setData(features(volume));
    const trails = [...this.trails].filter(
      ([id, points]) => points.length > 1 && (this.trails.size <= TRAILS_UP_TO || id === this.selected_drone),
    );
    this.source('trails').setData(
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

function pad_feature(pad: Pad): GeoJSON.Feature {
  const taken = pad.slots.filter((s) => s.holder).length;
  return {
    type: 'Feature',
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
