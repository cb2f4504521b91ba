import { signal } from '@preact/signals';
import { api, ApiError, refused } from '../api/client';
import type { Session } from '../api/types';

/** Whose credential this browser has: `asking` until the engine has said, `none` where it needs one. */
export const session = signal<Session | 'asking' | 'none'>('asking');

/** Asks the engine who this is. Where it cannot be reached, the pages say so themselves. */
export async function askSession(): Promise<void> {
  try {
    session.value = await api.session();
  } catch (error) {
    session.value = error instanceof ApiError && error.status === 401 ? 'none' : { needsKey: false, tenant: 'default', role: 'admin' };
  }
}

export async function signIn(key: string): Promise<void> {
  session.value = await api.signIn(key);
}

export async function signOut(): Promise<void> {
  await api.signOut();
  session.value = 'none';
}

/** Whether pages of the engine as a whole are for this credential. */
export function seesTheEngine(who: Session): boolean {
  return who.role === 'admin' && who.tenant === 'default';
}

/** Whether this credential may change what is served. */
export function mayOperate(who: Session): boolean {
  return who.role === 'operate' || who.role === 'admin';
}

// A key that is revoked, or a sign-in that has ended, is met by whatever is asked next.
refused.subscribe((times) => {
  if (times > 0 && session.value !== 'asking') session.value = 'none';
});
