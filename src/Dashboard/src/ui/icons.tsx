const paths = {
  rising: 'M3 11l4-4 3 3 4-5M10 5h4v4',
  steady: 'M2 8h12',
  learning: 'M8 4.5v4l2.5 1.5M8 2a6 6 0 100 12A6 6 0 008 2z',
  winning: 'M3 8.5l3.5 3.5L13 4.5',
  losing: 'M3 5l4 4 3-3 4 5M10 11h4V7',
  warning: 'M8 2.5l6 11H2zM8 7v3M8 11.8v.2',
  info: 'M8 7v4.5M8 4.7v.2M8 2a6 6 0 100 12A6 6 0 008 2z',
  block: 'M4 4l8 8M8 2a6 6 0 100 12A6 6 0 008 2z',
  stop: 'M4.5 4.5h7v7h-7z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5l7 4.5-7 4.5z',
  pin: 'M8 9.5V14M5 9.5h6L10 6V2.5H6V6z',
  live: 'M8 5.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z',
  lost: 'M2 2l12 12M4 6.5a6 6 0 011.6-1M8 12.5v.1M6 9.6a3 3 0 014 0M9.5 5.2A6.5 6.5 0 0112.5 7',
  image: 'M2.5 3.5h11v9h-11zM3 11.5l3.5-4 3 3 1.5-1.5 2.5 2.5M10.5 6v.1',
  edit: 'M3 13l.7-3L10.5 3.200l2.300 2.300L6 12.300z',
  check: 'M3 8.5l3.5 3.500L13 4.500',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3L5 8l5 5',
  down: 'M4 6l4 4 4-4',
  out: 'M6 3.5H3.500v9h9V10M9 3.500h3.500V7M12.500 3.500L7.500 8.500',
  plus: 'M8 3v10M3 8h10',
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside a word; it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={name === 'live' ? 'icon filled' : 'icon'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
