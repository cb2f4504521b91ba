import { language } from '../shell/settings';
import { en, type Texts } from './en';
import { fr } from './fr';

/** The texts of the language in force. */
export function t(): Texts {
  return language.value === 'fr' ? fr : en;
}

const locale = () => (language.value === 'fr' ? 'fr-FR' : 'en-GB');

const formats = new Map<string, Intl.NumberFormat>();

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format;
}

export const count = (value: number) => number({ maximumFractionDigits: 0 }).format(value);
export const decimal = (value: number, digits: number) => number({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
export const percent = (value: number, digits = 0) => number({ style: 'percent', maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
export const signed = (value: number, digits = 0) =>
  number({ style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: digits, minimumFractionDigits: digits })
    .format(value)
    .replace('-', '−');

export function time(value: string | number | Date): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(value));
}

export function dateTime(value: string | number | Date): string {
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(value));
}

/** A time on an axis that spans so many ms: with seconds up to a quarter of an hour, with the day beyond a day and a half. */
export function axisTime(value: number, spanMs: number): string {
  const hour = { hour: '2-digit', minute: '2-digit' } as const;
  const options: Intl.DateTimeFormatOptions = spanMs < 900_000 ? { ...hour, second: '2-digit' } : spanMs < 36 * 3_600_000 ? hour : { day: 'numeric', month: 'short', hour: '2-digit' };
  return new Intl.DateTimeFormat(locale(), options).format(value);
}

/** How long ago, in the largest whole unit: 12 s ago, il y a 3 min. */
export function ago(ms: number): string {
  const format = new Intl.RelativeTimeFormat(locale(), { style: 'narrow', numeric: 'always' });
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3_600) return format.format(-Math.floor(seconds / 60), 'minute');
  return seconds < 86_400 ? format.format(-Math.floor(seconds / 3_600), 'hour') : format.format(-Math.floor(seconds / 86_400), 'day');
}

/** A stretch of time, rounded to one unit: 40 min, 3 h, 2 days. */
export function duration(ms: number): string {
  const unit = (value: number, name: string) => number({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  const minutes = ms / 60_000;
  if (minutes < 1) return unit(ms / 1_000, 'second');
  if (minutes < 90) return unit(minutes, 'minute');
  return minutes < 48 * 60 ? unit(minutes / 60, 'hour') : unit(minutes / 1_440, 'day');
}
