import type { Alert, Order, Pad } from '../live/model';
import type { Wish } from '../ui.svelte';

/** What of the city an alert's answer depends on. */
export interface Situation {
  order: Order | undefined;
  pads: Map<string, Pad>;
  gates: { weather_hold?: string | null; ground_stop?: string | null };
}

const to_order = (verb: string, order: string): Wish => ({ verb, target: order, named: order });
const to_drone = (verb: string, drone: string): Wish => ({ verb, target: drone, named: drone });

/** Takes a parcel that is aboard back, and ends an order whose parcel is not. */
function end_of(order: Order): Wish[] {
  if (order.state === 'returning' || !order.live) return [];
  const aboard = ['airborne', 'holding', 'arriving', 'diverted'].includes(order.state);
  return [to_order(aboard ? 'recall' : 'cancel', order.id)];
}

/** What closes the way of an order and can be opened again. `city`: what the whole city is called. */
function openings(order: Order, { pads, gates }: Situation, city: string): Wish[] {
  const stops = [order.pickup.pad, order.dropoff.pad].filter((id) => id !== undefined && pads.get(id)?.closed);
  const wishes: Wish[] = stops.map((id) => ({ verb: 'open_pad', target: id!, named: id! }));
  const everywhere = (verb: string): Wish => ({ verb, target: '', named: city, grave: true });
  if (typeof gates.weather_hold === 'string') wishes.push(everywhere('weather_clear'));
  if (typeof gates.ground_stop === 'string') wishes.push(everywhere('ground_resume'));
  return wishes;
}

/** The commands that answer an alert, likeliest first; none where only hands help, or nothing is wrong any more. */
export function responses(alert: Alert, situation: Situation, city: string): Wish[] {
  if (alert.over_at) return [];
  const { order } = situation;
  const wishes: Wish[] = [];
  const reassign = (id: string): Wish => ({ ...to_order('reassign', id), needs: ['drone'] });
  switch (alert.kind) {
    case 'order_late':
      if (order?.drone) wishes.push(reassign(order.id));
      if (order) wishes.push(...end_of(order));
      break;
    case 'order_stuck':
      if (order) wishes.push(...openings(order, situation, city), ...end_of(order));
      break;
    case 'battery_low':
      if (!alert.drone) break;
      wishes.push(to_drone('return', alert.drone), { ...to_drone('divert', alert.drone), needs: ['pad'] });
      wishes.push({ ...to_drone('land', alert.drone), grave: true });
      break;
    case 'drone_stuck':
      if (order?.live && order.drone) wishes.push(reassign(order.id));
      if (alert.drone) wishes.push(to_drone('withdraw_drone', alert.drone));
      break;
    case 'drone_lost':
      if (alert.drone) wishes.push(to_drone('withdraw_drone', alert.drone));
      break;
  }
  return wishes;
}
