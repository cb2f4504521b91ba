import type { Campaign, Module, ModuleScores, Scores, Trends as ServedTrends } from '../api/types';

/** A line of a leaderboard: a module in a segment. */
export interface Row {
  readonly key: string;
  readonly slot: string;
  readonly segment: string;
  readonly scores: ModuleScores;
  readonly content: Module['content'] | undefined;
}

/** The rows of each slot, the best resonance first; `segment` null for every segment. */
export function rowsOf(scores: Scores, campaign: Campaign | undefined, segment: string | null): Map<string, Row[]> {
  const contents = new Map(campaign?.slots.flatMap((slot) => slot.modules.map((module) => [`${slot.id}/${module.id}`, module.content] as const)));
  const slots = new Map<string, Row[]>();
  for (const each of scores.segments) {
    if (segment !== null && each.id !== segment) continue;
    for (const slot of each.slots) {
      let rows = slots.get(slot.id);
      if (!rows) slots.set(slot.id, (rows = []));
      for (const module of slot.modules)
        rows.push({ key: `${each.id}/${slot.id}/${module.id}`, slot: slot.id, segment: each.id, scores: module, content: contents.get(`${slot.id}/${module.id}`) });
    }
  }
  for (const rows of slots.values()) rows.sort(byResonance);
  return slots;
}

function byResonance(a: Row, b: Row): number {
  return b.scores.resonance.mean - a.scores.resonance.mean || (a.key < b.key ? -1 : 1);
}

/** The rows with their new figures in the order of `order`; rows that it does not name come last, as they are. */
export function inOrder(rows: readonly Row[], order: readonly string[]): Row[] {
  const places = new Map(order.map((key, i) => [key, i]));
  return [...rows].sort((a, b) => (places.get(a.key) ?? Infinity) - (places.get(b.key) ?? Infinity) || 0);
}

/** The end of the scale that resonances are drawn on: 200, or further in steps of 100 where an average lies beyond. */
export function scaleOf(rows: readonly Row[]): number {
  return Math.max(200, ...rows.map((row) => Math.min(1_000, Math.ceil((row.scores.resonance.mean * 1.25) / 100) * 100)));
}

/** The rates of each row through time, as the engine keeps them, by the row's key; a row with fewer than two is left out. */
export function ratesOf(trends: ServedTrends | undefined): ReadonlyMap<string, readonly number[]> {
  const rates = new Map<string, readonly number[]>();
  for (const slot of trends?.slots ?? [])
    for (const module of slot.modules) {
      const mine = module.points.flatMap((point) => (point.rate ? [point.rate.mean] : []));
      if (mine.length > 1) rates.set(`${trends!.segment}/${slot.id}/${module.id}`, mine);
    }
  return rates;
}

const mostReadings = 60;

/** The last readings of each row's resonance, one every few seconds, for as long as the page is open: for rows that the engine has no history of yet. */
export class Trends {
  private readonly readings = new Map<string, { at: number; mean: number; low: number; high: number }[]>();
  private lastAt = 0;

  constructor(private readonly everyMs = 2_000) {}

  /** Takes a reading of every row, unless the last one was just taken. */
  add(rows: Iterable<Row>, at: number): void {
    if (at - this.lastAt < this.everyMs) return;
    this.lastAt = at;
    for (const { key, scores } of rows) {
      let mine = this.readings.get(key);
      if (!mine) this.readings.set(key, (mine = []));
      mine.push({ at, ...scores.resonance });
      if (mine.length > mostReadings) mine.shift();
    }
  }

  of(key: string) {
    return this.readings.get(key) ?? [];
  }
}
