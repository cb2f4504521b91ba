import type { HistoryEntry } from '../api/types';

const columns = ['number', 'at', 'actor', 'kind', 'request', 'proposal', 'slot', 'module', 'segment', 'version', 'share', 'writer', 'comment', 'content', 'evidence', 'findings'] as const;

/** The entries as CSV (RFC 4180), a column a member. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvOf(entries: readonly HistoryEntry[]): string {
  return [columns.join(','), ...entries.map((entry) => columns.map((column) => cell(entry[column])).join(','))].join('\r\n') + '\r\n';
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface Filter {
  readonly text: string;
  readonly kind: string;
  readonly actor: string;
  /** Only the chain of this entry; null for all. */
  readonly chain: HistoryEntry | null;
}

export function matches(entry: HistoryEntry, filter: Filter): boolean {
  if (filter.kind && entry.kind !== filter.kind) return false;
  if (filter.actor && entry.actor !== filter.actor) return false;
  if (filter.chain && !isOfChain(entry, filter.chain)) return false;
  return !filter.text || JSON.stringify(entry).toLowerCase().includes(filter.text.toLowerCase());
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
