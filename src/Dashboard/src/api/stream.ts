import { signal } from '@preact/signals';
import { refused } from './client';
import { EventParser } from './events';

/**
 * The one stream of this tab. `idle`: none is asked for. `connecting`: not heard yet. `live`: heard within `staleMs`. `stale`: silent for longer, as when a
 * laptop slept. `lost`: it ended, and is asked for again at `retryAt`. `gone`: what it was about is no more.
 */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'stale' | 'lost' | 'gone';

export interface Connection {
  readonly state: ConnectionState;
  /** When the engine was last heard, in ms since 1970; 0 for never. */
  readonly heardAt: number;
  readonly retryAt: number;
}

/** The engine sends a comment every 15 s, so more than this is silence. */
const staleMs = 20_000;
/** After so long a line that says nothing is given up. */
const deadMs = 40_000;
const firstDelayMs = 500;
const mostDelayMs = 15_000;

export const connection = signal<Connection>({ state: 'idle', heardAt: 0, retryAt: 0 });

/** How long to wait before trying again: doubling, spread by up to a half so that tabs don't come back all at once. */
export function delayMs(failures: number, random: number): number {
  return Math.min(mostDelayMs, firstDelayMs * 2 ** Math.min(failures, 10)) * (0.75 + random / 2);
}

let current: AbortController | null = null;

/**
 * Opens the tab's stream, in place of the one before. `onEvent` gets each event with data, by name.
 * Returns what closes it.
 */
export function watch(path: string, onEvent: (name: string, data: string) => void): () => void {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  connection.value = { state: 'connecting', heardAt: 0, retryAt: 0 };
  void keep(path, onEvent, mine.signal);
  return () => {
    mine.abort();
    if (current !== mine) return;
    current = null;
    connection.value = { state: 'idle', heardAt: 0, retryAt: 0 };
  };
}

async function keep(path: string, onEvent: (name: string, data: string) => void, signal: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  for (let failures = 0; !signal.aborted; failures++) {
    const silence = new AbortController();
    let heard = false;
    const watchdog = setInterval(() => {
      const { state, heardAt } = connection.value;
      const silentMs = Date.now() - heardAt;
      if (state === 'live' && silentMs > staleMs) connection.value = { ...connection.value, state: 'stale' };
      if (heard && silentMs > deadMs) silence.abort();
    }, 1_000);
    try {
      const response: Response = await fetch(path, {
        headers: { accept: 'text/event-stream', ...(lastId ? { 'last-event-id': lastId } : {}) },
        signal: AbortSignal.any([signal, silence.signal]),
        cache: 'no-store',
      });
      if (response.status === 404) {
        connection.value = { ...connection.value, state: 'gone' };
        return;
      }
      if (response.status === 401) refused.value++;
      if (response.ok && response.body) {
        heard = true;
        connection.value = { state: 'live', heardAt: Date.now(), retryAt: 0 };
        const parser = new EventParser();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
          failures = 0;
          connection.value = { state: 'live', heardAt: Date.now(), retryAt: 0 };
          for (const event of parser.push(piece.value)) {
            if (event.id !== null) lastId = event.id;
            if (event.name) onEvent(event.name, event.data);
          }
        }
      }
    } catch {
      // The engine is away, or we were told to stop: both are looked at below.
    } finally {
      clearInterval(watchdog);
    }
    if (signal.aborted) return;
    const wait = delayMs(failures, Math.random());
    connection.value = { state: 'lost', heardAt: connection.value.heardAt, retryAt: Date.now() + wait };
    await pause(wait, signal);
  }
}

/** Waits, or less where the network or the person comes back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
