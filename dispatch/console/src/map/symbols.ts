import type { Map as GlMap } from 'maplibre-gl';
import type { DroneState } from '../live/model';
import { STATE_COLOUR } from './palette';

const SIZE = 56;
type Draw = (c: CanvasRenderingContext2D) => void;

function picture(draw: Draw): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const c = canvas.getContext('2d')!;
  c.translate(SIZE / 2, SIZE / 2);
  c.lineJoin = 'round';
  draw(c);
  return c.getImageData(0, 0, SIZE, SIZE);
}

function path(c: CanvasRenderingContext2D, points: [number, number][]): void {
  c.beginPath();
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}

function filled(c: CanvasRenderingContext2D, colour: string, edge: string): void {
  c.fillStyle = colour;
  c.strokeStyle = edge;
  c.lineWidth = 4;
  c.stroke();
  c.fill();
}

// Each state has a shape of its own, so that no colour has to be seen.
const SHAPES: Record<DroneState, (c: CanvasRenderingContext2D, colour: string, edge: string) => void> = {
  flying: (c, colour, edge) => {
    path(c, [[0, -20], [14, 16], [0, 8], [-14, 16]]);
    filled(c, colour, edge);
  },
  landing: (c, colour, edge) => {
    path(c, [[0, 18], [15, -8], [-15, -8]]);
    filled(c, colour, edge);
    c.fillRect(-15, -18, 30, 5);
  },
  ready: (c, colour, edge) => {
    c.beginPath();
    c.arc(0, 0, 12, 0, 2 * Math.PI);
    filled(c, colour, edge);
  },
  warning: (c, colour, edge) => {
    path(c, [[0, -15], [15, 12], [-15, 12]]);
    filled(c, colour, edge);
    c.fillStyle = '#10161c';
    c.fillRect(-2, -6, 4, 10);
    c.fillRect(-2, 6, 4, 4);
  },
  not_ready: (c, colour, edge) => {
    path(c, [[-11, -11], [11, -11], [11, 11], [-11, 11]]);
    filled(c, colour, edge);
    c.strokeStyle = '#10161c';
    c.lineWidth = 4;
    c.beginPath();
    c.moveTo(-6, 0);
    c.lineTo(6, 0);
    c.stroke();
  },
  lost: (c, colour, edge) => {
    path(c, [[0, -19], [19, 0], [0, 19], [-19, 0]]);
    filled(c, colour, edge);
    c.strokeStyle = '#10161c';
    c.lineWidth = 4;
    c.beginPath();
    for (const s of [-1, 1]) {
      c.moveTo(-6, -6 * s);
      c.lineTo(6, 6 * s);
    }
    c.stroke();
  },
};

/** The symbols that the layers name; added again they are drawn anew. */
export function add_symbols(map: GlMap, edge: string, ink: string): void {
  const add = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: 2 });
  };
  for (const state of Object.keys(SHAPES) as DroneState[]) {
    add(`drone-${state}`, picture((c) => SHAPES[state](c, STATE_COLOUR[state], edge)));
  }
  const pads: Record<string, [number, number][]> = {
    hub: [[0, -14], [13, -4], [8, 12], [-8, 12], [-13, -4]],
    kiosk: [[-10, -10], [10, -10], [10, 10], [-10, 10]],
    point: [[0, -9], [9, 0], [0, 9], [-9, 0]],
  };
  for (const [kind, points] of Object.entries(pads)) {
    for (const closed of [false, true]) {
      add(
        `pad-${kind}${closed ? '-closed' : ''}`,
        picture((c) => {
          path(c, points);
          c.lineWidth = 4;
          c.strokeStyle = ink;
          c.fillStyle = edge;
          c.fill();
          c.stroke();
          if (!closed) return;
          c.strokeStyle = STATE_COLOUR.lost;
          c.lineWidth = 5;
          c.beginPath();
          c.moveTo(-15, 15);
          c.lineTo(15, -15);
          c.stroke();
        }),
      );
    }
  }
}
