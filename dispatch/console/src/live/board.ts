import { SECTIONS, type Section, type Sections } from './model';

type Changed = Partial<Record<Section, Set<string>>>;

interface Delta {
  at: string;
  [section: string]: unknown;
}

/** What a message of the service's stream did: the ids that changed, by section; or that something is missing. */
export type Applied = { changed: Changed; whole: boolean } | 'gap';

/** The service's things as this page knows them, kept up to date by snapshot and numbered deltas. */
export class Board {
  seq = -1;
  at = '';
  things = Object.fromEntries(SECTIONS.map((s) => [s, new Map()])) as {
    [S in Section]: Map<string, Sections[S]>;
  };

  apply(message: { seq: number; snapshot?: Delta; delta?: Delta }): Applied {
    const changed: Changed = {};
    if (message.snapshot) {
      this.seq = message.seq;
      this.at = message.snapshot.at;
      for (const section of SECTIONS) {
        const now = Object.entries((message.snapshot[section] ?? {}) as Record<string, never>);
        changed[section] = new Set([...this.things[section].keys(), ...now.map(([id]) => id)]);
        this.things[section].clear();
        for (const [id, thing] of now) this.things[section].set(id, thing);
      }
      return { changed, whole: true };
    }
    if (!message.delta || message.seq <= this.seq) return { changed, whole: false };
    if (this.seq < 0 || message.seq !== this.seq + 1) return 'gap';
    this.seq = message.seq;
    this.at = message.delta.at;
    for (const section of SECTIONS) {
      const change = message.delta[section] as { set: Record<string, never>; gone: string[] } | undefined;
      if (!change) continue;
      const ids = (changed[section] = new Set<string>());
      for (const [id, thing] of Object.entries(change.set)) {
        this.things[section].set(id, thing);
        ids.add(id);
      }
      for (const id of change.gone) {
        this.things[section].delete(id);
        ids.add(id);
      }
    }
    return { changed, whole: false };
  }
}
