export type Tab = 'orders' | 'fleet' | 'alerts' | 'pads' | 'plan' | 'charts' | 'replay';
export const TABS: Tab[] = ['orders', 'fleet', 'alerts', 'pads', 'plan', 'charts', 'replay'];

export type Selection = { kind: 'drone' | 'order' | 'pad' | 'zone'; id: string } | null;

/** A command that somebody is about to give: its dialog is open. */
export interface Wish {
  verb: string;
  target: string;
  /** What stands in the confirmation: whom it is for. */
  named: string;
  args?: Record<string, unknown>;
  needs?: ('pad' | 'drone')[];
  grave?: boolean;
}

export type Point = [number, number];

/** What the page shows and what the pointer does on the map. */
class Ui {
  tab: Tab = $state('orders');
  selected: Selection = $state.raw(null);
  wish: Wish | null = $state.raw(null);
  follow = $state(false);
  /** What a click on the map means. */
  pointing: 'select' | 'route' | 'zone' = $state('select');
  corners: Point[] = $state.raw([]);
  /** A drawn zone whose corners are all there. */
  closed = $state(false);
  ends: Point[] = $state.raw([]);
  /** Lines that are drawn over the map for the route planned by hand. */
  draft_route: Point[] = $state.raw([]);
  view: { to: Point; zoom?: number } | 'whole' | null = $state.raw(null);
  replaying = $state(false);

  select(kind: NonNullable<Selection>['kind'], id: string): void {
    this.selected = { kind, id };
  }

  point(what: Ui['pointing']): void {
    this.pointing = what;
    this.corners = [];
    this.closed = false;
    if (what === 'route') {
      this.ends = [];
      this.draft_route = [];
    }
  }
}

export const ui = new Ui();
