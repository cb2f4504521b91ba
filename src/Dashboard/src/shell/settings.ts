import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'fr';

function stored<T extends string>(key: string, allowed: readonly T[], otherwise: T) {
  let first: T = otherwise;
  try {
    const kept = localStorage.getItem(key) as T | null;
    if (kept !== null && allowed.includes(kept)) first = kept;
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the tab.
  }
  const value = signal<T>(first);
  return {
    value,
    set(next: T) {
      value.value = next;
      try {
        localStorage.setItem(key, next);
      } catch {
        // As above.
      }
    },
  };
}

/** The first of the browser's languages that the dashboard speaks. */
export function preferred(languages: readonly string[]): Language {
  for (const each of languages) {
    const tag = each.slice(0, 2).toLowerCase();
    if (tag === 'fr' || tag === 'en') return tag;
  }
  return 'en';
}

const themes = stored<Theme>('flywheel.theme', ['system', 'light', 'dark'], 'system');
const languages = stored<Language>('flywheel.language', ['en', 'fr'], preferred(navigator.languages));
const motions = stored<'on' | 'off'>('flywheel.paused', ['on', 'off'], 'off');

export const theme = themes.value;
export const setTheme = themes.set;
export const language = languages.value;
export const setLanguage = languages.set;
/** Whether the person asked for figures that hold still. */
export const paused = signal(motions.value.value === 'on');
export function setPaused(on: boolean): void {
  paused.value = on;
  motions.set(on ? 'on' : 'off');
}

export function applySettings(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    document.documentElement.dataset.motion = paused.value ? 'paused' : 'running';
    document.documentElement.lang = language.value;
  });
}
