import type { Proposal } from '../api/types';

export interface EvidenceFigure {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly n?: number;
}

/** Gathers the figures of evidence that come as `kept`, `keptLow`, `keptHigh`, `keptN`. */
export function figuresOf(evidence: Proposal['evidence']): EvidenceFigure[] {
  return Object.keys(evidence)
    .filter((name) => !['Low', 'High', 'N'].some((end) => name.endsWith(end) && name.slice(0, -end.length) in evidence))
    .map((name) => ({ name, value: evidence[name]!, low: evidence[`${name}Low`], high: evidence[`${name}High`], n: evidence[`${name}N`] }));
}
