import { settings } from './settings.svelte';

const two = (n: number): string => String(n).padStart(2, '0');

/** 14:03:09, in UTC or local time as the page is set. */
export function clock_time(ms: number, seconds = true): string {
  const d = new Date(ms);
  const [h, m, s] = settings.utc
    ? [d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()]
    : [d.getHours(), d.getMinutes(), d.getSeconds()];
  return seconds ? `${two(h)}:${two(m)}:${two(s)}` : `${two(h)}:${two(m)}`;
}

/** 4:07 or 1:02:33; what has passed has a minus. */
export function countdown(seconds: number): string {
  const s = Math.round(Math.abs(seconds));
  const sign = seconds < -0.5 ? '−' : '';
  const h = Math.floor(s / 3600);
  return h > 0 ? `${sign}${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${sign}${Math.floor(s / 60)}:${two(s % 60)}`;
}

/** 3 s, 4 min, 2 h: how old something is. */
export function age(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

export function number(value: number | undefined | null, digits = 0): string {
  return value === undefined || value === null ? '–' : value.toFixed(digits);
}
