import { signal } from '@preact/signals';

/** A document that was read from a file and not put yet. */
export const imported = signal<{ readonly id: string; readonly text: string } | null>(null);
