import type { DroneState } from '../live/model';
import type { Theme } from '../settings.svelte';

export interface Palette {
  ground: string;
  building: string;
  building_top: string;
  text: string;
  halo: string;
  route: string;
  trail: string;
  pad: string;
  zone: string;
  zone_idle: string;
  draft: string;
}

// After Okabe and Ito: told apart with every common kind of colour-blindness. Shapes say the same.
export const STATE_COLOUR: Record<DroneState, string> = {
  ready: '#3fae8a',
  warning: '#e8b23a',
  not_ready: '#97a3ad',
  flying: '#4aa8e8',
  landing: '#b493f0',
  lost: '#ff6a3d',
};

export const PALETTES: Record<Theme, Palette> = {
  dark: {
    ground: '#16202a',
    building: '#34465a',
    building_top: '#4a617a',
    text: '#dbe6ef',
    halo: '#0d1319',
    route: '#79c3f5',
    trail: '#79c3f5',
    pad: '#dbe6ef',
    zone: '#ff8a5c',
    zone_idle: '#8896a3',
    draft: '#f0b440',
  },
  light: {
    ground: '#eef0ec',
    building: '#c3ccd3',
    building_top: '#aab6c0',
    text: '#1b2733',
    halo: '#ffffff',
    route: '#0a5f9e',
    trail: '#0a5f9e',
    pad: '#22303c',
    zone: '#c2410c',
    zone_idle: '#75818c',
    draft: '#9a6700',
  },
};
