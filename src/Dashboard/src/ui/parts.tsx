import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { t } from '../i18n';
import { Icon, type IconName } from './icons';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'accent';

/** A state: an icon and a word, and a color besides. */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** How a dialog's form ends: what it does, and the way out. */
export function FormEnd({ verb, disabled, close }: { verb: string; disabled?: boolean; close: () => void }) {
  return (
    <footer>
      <button type="submit" class="primary" disabled={disabled}>
        {verb}
      </button>
      <button type="button" onClick={close}>
        {t().cancel}
      </button>
    </footer>
  );
}

/** What is wrong, said aloud; nothing where nothing is. */
export function Wrong({ id, text }: { id?: string; text: string }) {
  return text ? (
    <p id={id} class="field-error" role="alert">
      <Icon name="warning" /> {text}
    </p>
  ) : null;
}

export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Lines where text will be. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{t().loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} class={`bone bone${i % 3}`} />
      ))}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const text = error instanceof ApiError ? (error.status === 0 ? t().unreachable : error.message) : String(error);
  return (
    <div class="empty failed" role="alert">
      <h2>
        <Icon name="warning" /> {t().failed}
      </h2>
      <p>{text}</p>
      <button type="button" onClick={retry}>
        {t().retry}
      </button>
    </div>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof ApiError ? (error.status === 0 ? t().unreachable : error.message) : String(error);
}

const retryMs = 3_000;

/** What is asked for once, and again where `key` or `tick` changes, `reload` is called, or it failed. What was there stays while it is asked for again. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, tick = 0) {
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal).then(
      (value) => !stop.signal.aborted && setState({ key, value }),
      (error: unknown) => !stop.signal.aborted && setState((before) => ({ key, value: before.key === key ? before.value : undefined, error })),
    );
    return () => stop.abort();
  }, [key, turn, tick]);
  useEffect(() => {
    if (state.error === undefined || (state.error instanceof ApiError && state.error.status === 404)) return;
    const timer = setTimeout(() => setTurn((n) => n + 1), retryMs);
    return () => clearTimeout(timer);
  }, [state]);
  const mine = state.key === key;
  return {
    value: mine ? state.value : undefined,
    error: mine ? state.error : undefined,
    reload: () => setTurn((n) => n + 1),
    set: (value: T) => setState({ key, value }),
  };
}

/** A dialog over the page: the browser keeps the focus in it and gives it back. It begins at what is marked `data-first`. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current!;
    const before = document.activeElement;
    shown.showModal();
    shown.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      shown.close();
      // The browser gives the focus back to a dialog's opener only while the dialog is still in the page.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div class="dialog-body">
        <header>
          <h2>{title}</h2>
          <button type="button" class="plain" onClick={close} aria-label={t().close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** A chart and the table of the same figures, one at a time. */
export function ChartOrTable({ chart, table }: { chart: ComponentChildren; table: ComponentChildren }) {
  const [isTable, setIsTable] = useState(false);
  return (
    <div class="chart-or-table">
      <button type="button" class="small" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
        {isTable ? t().showChart : t().showTable}
      </button>
      {isTable ? table : chart}
    </div>
  );
}

export function Choice<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One of a few views of the same thing. */
export function Views<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) {
  return (
    <div class="views" role="group" aria-label={label}>
      {options.map(([id, text]) => (
        <button key={id} type="button" aria-pressed={id === value} onClick={() => onChange(id)}>
          {text}
        </button>
      ))}
    </div>
  );
}
