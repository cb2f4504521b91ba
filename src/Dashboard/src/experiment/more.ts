import type { ExperimentReading } from '../api/types';

export type More = { readonly kind: 'none' | 'unhealthy' | 'known' | 'small' } | { readonly kind: 'factor'; readonly impressions: number };

/** Beyond this many times the traffic so far nothing is foretold. */
const mostFold = 1_000;

/**
 * What it would take for the interval of the lift to leave zero out, were the lift as it is now: an interval narrows with the square root of the
 * impressions, so the end that lies across zero comes to zero at (distance of that end from the mean ÷ mean)² times the impressions so far.
 */
export function moreOf(reading: ExperimentReading): More {
  if (!reading.sampleRatio.healthy) return { kind: 'unhealthy' };
  const { lift } = reading;
  if (!lift) return { kind: 'none' };
  if (lift.low > 0 || lift.high < 0) return { kind: 'known' };
  const arm = lift.mean > 0 ? lift.mean - lift.low : lift.high - lift.mean;
  const fold = (arm / Math.abs(lift.mean)) ** 2;
  if (!(fold <= mostFold)) return { kind: 'small' };
  const so = reading.learned.impressions + reading.control.impressions;
  return { kind: 'factor', impressions: Math.ceil(so * (fold - 1)) };
}

/** Impressions a second from readings of the page: (at in ms, impressions); null where too little is known. */
export function paceOf(first: readonly [number, number] | undefined, last: readonly [number, number] | undefined): number | null {
  if (!first || !last || last[0] - first[0] < 3_000) return null;
  const pace = ((last[1] - first[1]) * 1_000) / (last[0] - first[0]);
  return pace > 0 ? pace : null;
}

/** A number one can say: two figures that count. */
export function roundly(value: number): number {
  if (value < 100) return Math.ceil(value);
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
