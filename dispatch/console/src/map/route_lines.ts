import type { GeoJSONSource } from 'maplibre-gl';
import type { Drone, Flight } from '../live/model';
import { corridor, remaining } from './geometry';

/** A map's sources for routes: those of all flights, and what is left of the one that is selected, with its volume. */
export interface RouteSources {
  all: GeoJSONSource;
  selected: GeoJSONSource;
  volume: GeoJSONSource;
}

/** The proven routes on the map. What is drawn stays until its mission changes: only that goes to the map again. */
export class RouteLines {
  /** Which mission of which flight is drawn. */
  private drawn = new Map<string, number>();
  private selected = '';

  constructor(private sources: RouteSources) {}

  draw(flights: Iterable<Flight>, drones: Map<string, Drone>, selected_drone: string | null): void {
    const add: GeoJSON.Feature[] = [];
    const gone = new Set(this.drawn.keys());
    let selected: Flight | null = null;
    for (const flight of flights) {
      if (!flight.mission || flight.phase === 'landed' || flight.phase === 'waiting') continue;
      if (flight.drone === selected_drone) {
        selected = flight;
        continue;
      }
      gone.delete(flight.id);
      if (this.drawn.get(flight.id) === flight.mission.mission_no) continue;
      this.drawn.set(flight.id, flight.mission.mission_no);
      add.push(line(flight.id, flight.mission.route));
    }
    for (const id of gone) this.drawn.delete(id);
    if (add.length + gone.size) void this.sources.all.updateData({ add, remove: [...gone] });
    this.draw_selected(selected, drones);
  }

  private draw_selected(flight: Flight | null, drones: Map<string, Drone>): void {
    const mission = flight?.mission;
    const drone = flight && drones.get(flight.drone);
    const at: [number, number] | null =
      drone?.lon !== undefined && flight?.phase === 'flying' ? [drone.lon, drone.lat!] : null;
    const shown = mission ? `${flight.id} ${mission.mission_no} ${at}` : '';
    if (shown === this.selected) return;
    this.selected = shown;
    const left = mission ? remaining(mission.route, at) : [];
    const lines = left.length > 1 ? [line(flight!.id, left)] : [];
    void this.sources.selected.setData({ type: 'FeatureCollection', features: lines });
    const boxes = mission ? corridor(left, mission.lateral_clearance_m, mission.vertical_clearance_m) : [];
    void this.sources.volume.setData({ type: 'FeatureCollection', features: boxes });
  }
}

function line(id: string, points: readonly (readonly number[])[]): GeoJSON.Feature {
  const coordinates = points.map((p) => [p[0]!, p[1]!]);
  return { type: 'Feature', id, properties: { id }, geometry: { type: 'LineString', coordinates } };
}
