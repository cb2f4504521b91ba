import type { PolicyCheckpoints } from '../api/types';

type Segments = PolicyCheckpoints['segments'];
type Kind = Segments[number]['checkpoints'][number]['kind'];

/** A moment that the policies of some segments can go back to together, and what they would have learnt from. */
export interface Moment {
  /** In ms since 1970. */
  readonly at: number;
  readonly kind: Kind;
  readonly impressions: number;
  readonly reward: number;
  /** Segments with nothing that old, which would stay as they are. */
  readonly without: number;
}

const leastGapMs = 60_000;

/**
 * The newest first. Of one segment all that is kept; of several their moments together, those that are close for their age as one. What was kept before a
 * rollback is there where all of them were rolled back then: going there takes the others back as well.
 */
export function momentsOf(segments: Segments, now: number): Moment[] {
  const kept = segments.map(({ checkpoints }) => checkpoints.map((each) => ({ ...each, at: Date.parse(each.at) })));
  const kinds = new Map<number, Kind[]>();
  for (const { at, kind } of kept.flat()) kinds.set(at, [...(kinds.get(at) ?? []), kind]);
  const moments: Moment[] = [];
  for (const [at, all] of [...kinds].sort(([a], [b]) => b - a)) {
    const kind = all.find((each) => each !== 'regular') ?? 'regular';
    if (kind === 'beforeRollback' && all.length < segments.length) continue;
    const newer = moments.at(-1);
    if (segments.length > 1 && kind === 'regular' && newer?.kind === 'regular' && newer.at - at < Math.max(leastGapMs, (now - at) / 10)) continue;
    // The engine lists the newest first, and takes the first that is not after the moment.
    const there = kept.map((checkpoints) => checkpoints.find((each) => each.at <= at)).filter((each) => each !== undefined);
    moments.push({ at, kind, impressions: there.reduce((sum, each) => sum + each.impressions, 0), reward: there.reduce((sum, each) => sum + each.reward, 0), without: segments.length - there.length });
  }
  return moments;
}

/** Whether a rollback of some of the segments can be undone by choosing one of them alone. */
export function undoneAlone(segments: Segments, moments: readonly Moment[]): boolean {
  const offered = new Set(moments.map((each) => each.at));
  return segments.some(({ checkpoints }) => checkpoints.some((each) => each.kind === 'beforeRollback' && !offered.has(Date.parse(each.at))));
}
