import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Theme } from '../settings.svelte';
import { PALETTES } from './palette';

export interface RegionMap {
  name: string;
  vertical_datum: string;
  bounds: [number, number, number, number];
  policy: { min_height_agl_m: number; max_height_agl_m: number };
  relief: { corners: [[number, number], [number, number], [number, number], [number, number]] };
  obstacles: GeoJSON.FeatureCollection;
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
/** What moves is cut into few large tiles, to 1 m: a tile that has changed is made and drawn anew as a whole, each in a
 *  frame of its own. */
const MOVING = { type: 'geojson', data: EMPTY, maxzoom: 12 } as const;

/** The whole map: nothing of it comes from elsewhere than the service. Text is drawn with the machine's own fonts. */
export function map_style(region: RegionMap, theme: Theme): StyleSpecification {
  const p = PALETTES[theme];
  const text = { 'text-color': p.text, 'text-halo-color': p.halo, 'text-halo-width': 1.5 };
  const font = ['Noto Sans Regular'];
  const drone_layer = (source: 'drones' | 'parked'): LayerSpecification => ({
    id: source,
    type: 'symbol',
    source,
    layout: {
      'icon-image': ['concat', 'drone-', ['get', 'state']],
      'icon-rotate': ['get', 'heading'],
      'icon-rotation-alignment': 'map',
      'icon-pitch-alignment': 'viewport',
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-size': 0.85,
      // Dozens stand side by side at a hub: their names come when there is room for them.
      'text-field': source === 'parked' ? ['step', ['zoom'], '', 15.5, ['get', 'label']] : ['get', 'label'],
      'text-font': font,
      'text-size': 11,
      'text-offset': [0, 1.4],
      'text-anchor': 'top',
      'text-optional': true,
    },
    paint: { ...text, 'icon-opacity': ['case', ['get', 'stale'], 0.45, 1] },
  });
  return {
    version: 8,
    sources: {
      relief: { type: 'image', url: '/api/v1/map/relief.png', coordinates: region.relief.corners },
      obstacles: { type: 'geojson', data: region.obstacles, tolerance: 0.1 },
      zones: { type: 'geojson', data: EMPTY },
      pads: MOVING,
      routes: MOVING,
      route: MOVING,
      volume: MOVING,
      trails: MOVING,
      drones: MOVING,
      parked: MOVING,
      draft: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
      {
        id: 'relief',
        type: 'raster',
        source: 'relief',
        paint: { 'raster-opacity': theme === 'dark' ? 0.55 : 0.5, 'raster-fade-duration': 0 },
      },
      {
        id: 'zones-fill',
        type: 'fill',
        source: 'zones',
        paint: {
          'fill-color': ['case', ['get', 'active'], p.zone, p.zone_idle],
          'fill-opacity': ['case', ['get', 'active'], 0.16, 0.06],
        },
      },
      {
        id: 'obstacles',
        type: 'fill-extrusion',
        source: 'obstacles',
        paint: {
          'fill-extrusion-color': ['interpolate', ['linear'], ['get', 'height_m'], 0, p.building, 120, p.building_top],
          'fill-extrusion-height': ['get', 'height_m'],
          'fill-extrusion-base': ['get', 'base_m'],
        },
      },
      {
        id: 'zones-line',
        type: 'line',
        source: 'zones',
        filter: ['get', 'active'],
        paint: { 'line-color': p.zone, 'line-width': 1.6 },
      },
      {
        id: 'zones-line-idle',
        type: 'line',
        source: 'zones',
        filter: ['!', ['get', 'active']],
        paint: { 'line-color': p.zone_idle, 'line-width': 1, 'line-dasharray': [3, 3] },
      },
      {
        id: 'volume',
        type: 'fill-extrusion',
        source: 'volume',
        paint: {
          'fill-extrusion-color': p.route,
          'fill-extrusion-base': ['get', 'base'],
          'fill-extrusion-height': ['get', 'top'],
          'fill-extrusion-opacity': 0.28,
        },
      },
      {
        id: 'trails',
        type: 'line',
        source: 'trails',
        paint: { 'line-color': p.trail, 'line-width': 1.5, 'line-opacity': 0.45, 'line-dasharray': [1, 1.5] },
      },
      {
        id: 'routes',
        type: 'line',
        source: 'routes',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': p.route, 'line-width': 1.2, 'line-opacity': 0.4 },
      },
      {
        id: 'route',
        type: 'line',
        source: 'route',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': p.route, 'line-width': 3.5, 'line-opacity': 0.95 },
      },
      {
        id: 'zones-label',
        type: 'symbol',
        source: 'zones',
        minzoom: 12,
        layout: { 'text-field': ['get', 'label'], 'text-font': font, 'text-size': 11, 'text-max-width': 14 },
        paint: text,
      },
      {
        id: 'pads',
        type: 'symbol',
        source: 'pads',
        layout: {
          'icon-image': ['get', 'icon'],
          'icon-size': 0.62,
          'icon-allow-overlap': true,
          'text-field': ['get', 'label'],
          'text-font': font,
          'text-size': 10.5,
          'text-offset': [0, 0.9],
          'text-anchor': 'top',
          'text-optional': true,
        },
        paint: text,
      },
      {
        id: 'draft-fill',
        type: 'fill',
        source: 'draft',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': p.draft, 'fill-opacity': 0.2 },
      },
      {
        id: 'draft-line',
        type: 'line',
        source: 'draft',
        filter: ['!=', ['geometry-type'], 'Point'],
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': p.draft, 'line-width': 3 },
      },
      {
        id: 'draft-point',
        type: 'circle',
        source: 'draft',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: { 'circle-radius': 6, 'circle-color': p.draft, 'circle-stroke-color': p.halo, 'circle-stroke-width': 2 },
      },
      drone_layer('parked'),
      {
        id: 'drones-halo',
        type: 'circle',
        source: 'drones',
        filter: ['any', ['get', 'selected'], ['==', ['get', 'state'], 'lost']],
        paint: {
          'circle-radius': 17,
          'circle-color': 'transparent',
          'circle-stroke-width': 2,
          'circle-stroke-color': ['case', ['==', ['get', 'state'], 'lost'], p.zone, p.route],
        },
      },
      drone_layer('drones'),
    ],
  };
}
