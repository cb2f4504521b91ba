import type { HistoryEntry } from '../api/types';

/** The modules that were stopped and not resumed since, from a history that begins with the newest entry. */
export function stoppedOf(entries: readonly HistoryEntry[]): { slot: string; module: string }[] {
  const seen = new Set<string>();
  const stopped: { slot: string; module: string }[] = [];
  for (const { kind, slot, module } of entries) {
    if (!slot || !module || (kind !== 'stopped' && kind !== 'resumed') || seen.has(`${slot}/${module}`)) continue;
    seen.add(`${slot}/${module}`);
    if (kind === 'stopped') stopped.push({ slot, module });
  }
  return stopped;
}
