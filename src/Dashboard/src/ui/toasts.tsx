import { signal } from '@preact/signals';
import { t } from '../i18n';
import { Icon } from './icons';
import { messageOf } from './parts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
  readonly undo?: () => void;
}

const most = 4;
const shownMs = 8_000;
const toasts = signal<readonly Toast[]>([]);
let next = 0;

/** Says what was done, with a way back where there is one. */
export function say(text: string, options: { isBad?: boolean; undo?: () => void } = {}): void {
  const toast = { id: next++, text, isBad: options.isBad ?? false, undo: options.undo };
  toasts.value = [...toasts.value, toast].slice(-most);
  setTimeout(() => dismiss(toast.id), shownMs);
}

/** Says what went wrong. */
export function sayFailed(error: unknown): void {
  say(messageOf(error), { isBad: true });
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={toast.isBad ? 'toast bad' : 'toast'}>
          <Icon name={toast.isBad ? 'warning' : 'check'} />
          <span>{toast.text}</span>
          {toast.undo && (
            <button
              type="button"
              class="small"
              onClick={() => {
                toast.undo!();
                dismiss(toast.id);
              }}
            >
              {t().undo}
            </button>
          )}
          <button type="button" class="plain" aria-label={t().close} onClick={() => dismiss(toast.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
