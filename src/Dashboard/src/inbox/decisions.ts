import { signal } from '@preact/signals';
import { api } from '../api/client';

export type Verb = 'approve' | 'reject' | 'revise';

/** A decision that was taken and not sent yet: until `dueAt` it can be taken back. */
export interface HeldDecision {
  readonly campaign: string;
  readonly proposal: string;
  readonly verb: Verb;
  readonly comment: string;
  /** What the person has read, so that nothing is approved that was rewritten meanwhile. */
  readonly revision: number | undefined;
  readonly dueAt: number;
}

/** Each decision waits this long before it is sent: the engine takes a rejection back, but an approval only by retiring what was approved, and a revision not at all. */
export const holdMs = 5_000;

export const held = signal<readonly HeldDecision[]>([]);
const timers = new Map<string, number>();

const keyOf = (decision: { campaign: string; proposal: string }) => `${decision.campaign}/${decision.proposal}`;

/** Holds a decision for a while, then sends it and tells what came of it. */
export function decide(campaign: string, proposal: string, verb: Verb, comment: string, revision: number | undefined, told: (verb: Verb, error?: unknown) => void): void {
  const decision: HeldDecision = { campaign, proposal, verb, comment, revision, dueAt: Date.now() + holdMs };
  takeBack(campaign, proposal);
  held.value = [...held.value, decision];
  timers.set(
    keyOf(decision),
    window.setTimeout(() => {
      api.decide(campaign, proposal, verb, comment, revision).then(
        () => {
          forget(decision);
          told(verb);
        },
        (error: unknown) => {
          forget(decision);
          told(verb, error);
        },
      );
    }, holdMs),
  );
}

/** Takes a held decision back, as if it had not been taken. */
export function takeBack(campaign: string, proposal: string): void {
  const found = held.value.find((each) => each.campaign === campaign && each.proposal === proposal);
  if (!found) return;
  clearTimeout(timers.get(keyOf(found)));
  forget(found);
}

function forget(decision: HeldDecision): void {
  timers.delete(keyOf(decision));
  held.value = held.value.filter((each) => each !== decision);
}

// Who closes the tab has decided.
window.addEventListener('pagehide', () => {
  for (const decision of held.value) {
    clearTimeout(timers.get(keyOf(decision)));
    void api.decide(decision.campaign, decision.proposal, decision.verb, decision.comment, decision.revision, true).catch(() => undefined);
  }
  held.value = [];
});
