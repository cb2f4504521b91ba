import type { Cluster, Ledger } from '../api/types';

export interface SiloLoad {
  readonly partitions: number;
  /** Of the signals that were accepted, 0 to 1. */
  readonly share: number;
}

const none: Ledger = { accepted: 0, counted: 0, duplicate: 0, late: 0, quarantined: 0 };

/** The ledgers of all partitions together. */
export function ledgerOf(partitions: Cluster['partitions']): Ledger {
  return partitions.reduce(
    (all, { ledger }) => ({
      accepted: all.accepted + ledger.accepted, counted: all.counted + ledger.counted, duplicate: all.duplicate + ledger.duplicate, late: all.late + ledger.late, quarantined: all.quarantined + ledger.quarantined,
    }),
    none,
  );
}

/** Accepted signals that the ledger does not account for; 0 where all is well. */
export function unaccounted(ledger: Ledger): number {
  return ledger.accepted - ledger.counted - ledger.duplicate - ledger.late - ledger.quarantined;
}

/** What each silo that owns a partition carries, by address. */
export function loadsOf(partitions: Cluster['partitions']): ReadonlyMap<string, SiloLoad> {
  const all = ledgerOf(partitions).accepted;
  const loads = new Map<string, SiloLoad>();
  for (const { silo, ledger } of partitions) {
    if (silo === null) continue;
    const before = loads.get(silo) ?? { partitions: 0, share: 0 };
    loads.set(silo, { partitions: before.partitions + 1, share: before.share + (all === 0 ? 0 : ledger.accepted / all) });
  }
  return loads;
}

/** The partition with the most signals, and how many times an even share it has; null while there are none. */
export function busiestOf(partitions: Cluster['partitions']): { readonly number: number; readonly times: number } | null {
  const all = ledgerOf(partitions).accepted;
  if (all === 0) return null;
  const most = partitions.reduce((best, each) => (each.ledger.accepted > best.ledger.accepted ? each : best));
  return { number: most.number, times: (most.ledger.accepted * partitions.length) / all };
}
