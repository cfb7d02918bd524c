import { session, type Answer } from '../live/session.svelte';
import type { RegionMap } from './style';

// Asked for while the page still asks who is there; who is not logged in yet gets nothing, and it is asked for again.
let early: Promise<Answer<RegionMap>> | null = session.get<RegionMap>('map');

export async function region_map(): Promise<Answer<RegionMap>> {
  const first = early && (await early);
  early = null;
  return first?.ok ? first : session.get<RegionMap>('map');
}
