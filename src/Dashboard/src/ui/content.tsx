import { useState } from 'preact/hooks';
import type { Module } from '../api/types';
import { Icon } from './icons';

/** The text that stands for a module's content: its text, the alt of its image, or its JSON. Never markup. */
export function textOf(content: Module['content'] | undefined): string {
  if (!content) return '';
  if (typeof content.text === 'string') return content.text;
  if (typeof content.alt === 'string') return content.alt;
  if (typeof content.url === 'string') return fileOf(content.url);
  const json = JSON.stringify(content);
  return json === '{}' ? '' : json;
}

export function fileOf(url: string): string {
  return url.split(/[?#]/)[0]!.split('/').filter(Boolean).pop() ?? url;
}

/** Whether the page's policy lets this image be loaded: from the engine itself, from data, or from an origin that its operator allowed. */
export function useImage(url: string): [boolean, () => void] {
  const [failed, setFailed] = useState<string | null>(null);
  return [failed !== url && (allowed.has(originOf(url)) || url.startsWith('data:image/')), () => setFailed(url)];
}

function originOf(url: string): string {
  try {
    return new URL(url, location.href).origin;
  } catch {
    return '';
  }
}

const allowed = new Set([location.origin]);

/** Allows the origins that the engine's operator named. */
export function allowImages(origins: readonly string[]): void {
  for (const origin of origins) allowed.add(origin);
}

/** A module as it would be seen: text as text, an image as an image with its alt; where it may not be loaded, its alt and file name. */
export function Content({ content, small = false }: { content: Module['content'] | undefined; small?: boolean }) {
  const url = typeof content?.url === 'string' ? content.url : null;
  const [isShown, fail] = useImage(url ?? '');
  if (url === null) return <span class="content-text">{textOf(content)}</span>;
  const alt = typeof content?.alt === 'string' ? content.alt : '';
  return (
    <span class={small ? 'content-image small' : 'content-image'}>
      {isShown ? (
        <img src={url} alt={alt} loading="lazy" onError={fail} />
      ) : (
        <span class="placeholder">
          <Icon name="image" />
        </span>
      )}
      <span class="image-words">
        {!isShown && alt && <span class="content-text">{alt}</span>}
        <span class="file">{fileOf(url)}</span>
      </span>
    </span>
  );
}
