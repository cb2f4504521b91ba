import type { HistoryEntry } from '../api/types';

/** Whether an entry holds a text, wherever. */
export function holds(entry: HistoryEntry, text: string): boolean {
  return !text || JSON.stringify(entry).toLowerCase().includes(text.toLowerCase());
}

/** Whether two entries are of one story: the same request, the same proposal, or the same module of a slot. */
export function isOfChain(a: HistoryEntry, b: HistoryEntry): boolean {
  return (
    a.number === b.number ||
    (a.request !== undefined && a.request === b.request) ||
    (a.proposal !== undefined && a.proposal === b.proposal) ||
    (a.module !== undefined && a.module === b.module && a.slot === b.slot)
  );
}
