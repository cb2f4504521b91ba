import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from '@tanstack/virtual-core';
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { IntervalBar } from '../charts/IntervalBar';
import { Sparkline } from '../charts/Sparkline';
import type { ModuleShown } from '../api/types';
import { count, decimal, percent, t } from '../i18n';
import { Content, textOf } from '../ui/content';
import { Icon, type IconName } from '../ui/icons';
import { Badge, type Tone } from '../ui/parts';
import { inOrder, scaleOf, type Row, type Trends } from './rows';

const states: Record<string, readonly [IconName, Tone]> = { rising: ['rising', 'good'], steady: ['steady', 'quiet'], learning: ['learning', 'accent'] };

/** Below this many rows all are drawn; beyond it only those in sight. */
const fewRows = 40;
const wideRowPx = 56;
const narrowRowPx = 152;
const narrow = window.matchMedia('(max-width: 1080px)');

interface Props {
  readonly slot: string;
  readonly rows: readonly Row[];
  readonly trends: Trends;
  /** Rates through time by row, where the engine has a history of them. */
  readonly rates: ReadonlyMap<string, readonly number[]>;
  /** How modules stand, by `slot/module`. */
  readonly standing: ReadonlyMap<string, ModuleShown>;
  readonly everySegment: boolean;
  /** Whether the slot has one module, which cannot be stopped. */
  readonly isOnly: boolean;
  readonly open: (row: Row) => void;
  readonly stop: (row: Row) => void;
  readonly pin: (row: Row, on: boolean) => void;
}

/** The modules of a slot, the best first. While somebody points at it or works in it, figures change and rows stay where they are. */
export function Leaderboard({ slot, rows, trends, rates, standing, everySegment, isOnly, open, stop, pin }: Props) {
  const [isHeld, setIsHeld] = useState(false);
  const order = useRef<readonly string[]>([]);
  const pointed = useRef(false);
  const focused = useRef(false);
  if (!isHeld) order.current = rows.map((row) => row.key);
  const shown = isHeld ? inOrder(rows, order.current) : rows;
  const scale = scaleOf(rows);
  const hold = () => setIsHeld(pointed.current || focused.current);
  const words = t().live;
  return (
    <section class="board" aria-label={`${t().slot} ${slot}`}>
      <header class="board-head">
        <h2>{slot}</h2>
        <span class="quiet">{rows.length > fewRows ? words.rowsOf(count(rows.length)) : ''}</span>
        <span class="held" role="status">
          {isHeld && (
            <>
              <Icon name="pin" />
              <span class="cut">{words.held}</span>
            </>
          )}
        </span>
      </header>
      <div
        class="table"
        role="table"
        aria-label={slot}
        aria-rowcount={rows.length + 1}
        onPointerEnter={() => ((pointed.current = true), hold())}
        onPointerLeave={() => ((pointed.current = false), hold())}
        onFocusIn={(event: FocusEvent) => ((focused.current = (event.target as HTMLElement).matches(':focus-visible')), hold())}
        onFocusOut={(event: FocusEvent) => {
          if ((event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) return;
          focused.current = false;
          hold();
        }}
      >
        <div role="rowgroup" class="head">
          <div role="row" aria-rowindex={1} class="row">
            <span role="columnheader">{t().module}</span>
            <span role="columnheader">{words.resonance}</span>
            <span role="columnheader">{words.share}</span>
            <span role="columnheader">{words.best}</span>
            <span role="columnheader" class="number">
              {t().impressions}
            </span>
            <span role="columnheader">{words.state}</span>
            <span role="columnheader">{words.trend}</span>
            <span role="columnheader">
              <span class="unseen">{words.actions}</span>
            </span>
          </div>
        </div>
        <Body count={shown.length}>
          {(i) => {
            const row = shown[i]!;
            return (
              <Line
                key={row.key}
                row={row}
                index={i}
                scale={scale}
                values={rates.get(row.key) ?? trends.of(row.key).map((each) => each.mean)}
                standing={standing.get(`${slot}/${row.scores.id}`)}
                everySegment={everySegment}
                open={open}
                stop={stop}
                pin={pin}
                isOnly={isOnly}
              />
            );
          }}
        </Body>
      </div>
    </section>
  );
}

/** The rows in sight, and room for the others. */
function Body({ count: total, children }: { count: number; children: (index: number) => preact.JSX.Element }) {
  const holder = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number, _: void) => n + 1, 0);
  const isVirtual = total > fewRows;
  const rowPx = narrow.matches ? narrowRowPx : wideRowPx;
  const virtualizer = useMemo(
    () =>
      new Virtualizer<Window, HTMLDivElement>({
        count: total,
        getScrollElement: () => window,
        estimateSize: () => rowPx,
        overscan: 8,
        observeElementRect: observeWindowRect,
        observeElementOffset: observeWindowOffset,
        scrollToFn: windowScroll,
        initialOffset: () => window.scrollY,
        onChange: () => redraw(undefined),
      }),
    [],
  );
  useEffect(() => {
    const mounted = virtualizer._didMount();
    const resized = () => {
      virtualizer.measure();
      redraw(undefined);
    };
    narrow.addEventListener('change', resized);
    redraw(undefined);
    return () => {
      mounted();
      narrow.removeEventListener('change', resized);
    };
  }, []);
  useEffect(() => virtualizer._willUpdate());
  if (!isVirtual) return <div role="rowgroup">{Array.from({ length: total }, (_, i) => children(i))}</div>;
  const scrollMargin = holder.current ? holder.current.getBoundingClientRect().top + window.scrollY : 0;
  virtualizer.setOptions({ ...virtualizer.options, count: total, scrollMargin, estimateSize: () => rowPx });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.start ?? scrollMargin;
  return (
    <div ref={holder} role="rowgroup" style={{ height: `${total * rowPx}px` }}>
      <div role="presentation" style={{ transform: `translateY(${first - scrollMargin}px)` }}>
        {items.map((item) => children(item.index))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: Row;
  readonly index: number;
  readonly scale: number;
  readonly values: readonly number[];
  readonly standing: ModuleShown | undefined;
  readonly everySegment: boolean;
  readonly isOnly: boolean;
  readonly open: (row: Row) => void;
  readonly stop: (row: Row) => void;
  readonly pin: (row: Row, on: boolean) => void;
}

function Line({ row, index, scale, values, standing, everySegment, isOnly, open, stop, pin }: LineProps) {
  const { scores } = row;
  const { resonance } = scores;
  const [icon, tone] = states[scores.state] ?? ['steady', 'quiet'];
  const isPinned = standing?.pinned === true;
  const words = t().live;
  return (
    <div role="row" aria-rowindex={index + 2} class="row">
      <div role="cell" class="module-cell">
        <button type="button" class="module" onClick={() => open(row)} title={textOf(row.content)}>
          <Content content={row.content} small />
          <span class="module-id">
            {scores.id}
            {scores.version > 1 && ` · ${words.version(scores.version)}`}
            {everySegment && ` · ${row.segment}`}
            <Standing standing={standing} />
          </span>
        </button>
      </div>
      <div role="cell" class="resonance-cell" data-label={words.resonance}>
        <IntervalBar low={resonance.low} mean={resonance.mean} high={resonance.high} from={0} to={scale} zero={100} tone={tone} />
        <span class="figures">
          <b>{decimal(resonance.mean, 0)}</b> <small>{`${decimal(resonance.low, 0)}–${decimal(resonance.high, 0)}`}</small>
        </span>
      </div>
      <div role="cell" class="share-cell" data-label={words.share}>
        <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect width={100 * scores.share} height="4" />
        </svg>
        <span>{percent(scores.share, 1)}</span>
      </div>
      <span role="cell" class="best-cell" data-label={words.best}>
        {percent(scores.probabilityBest, 1)}
      </span>
      <span role="cell" class="number impressions-cell" data-label={t().impressions}>
        {count(scores.impressions)}
      </span>
      <span role="cell" class="state-cell">
        <Badge tone={tone} icon={icon}>
          {words.states[scores.state] ?? scores.state}
        </Badge>
      </span>
      <span role="cell" class="trend-cell">
        <Sparkline values={values} />
      </span>
      <span role="cell" class="action-cell">
        <button
          type="button"
          class="small"
          aria-pressed={isPinned}
          onClick={() => pin(row, !isPinned)}
          aria-label={`${isPinned ? words.unpin : words.pin} ${scores.id}`}
          title={isPinned ? words.unpin : words.pin}
        >
          <Icon name="pin" />
        </button>
        <button type="button" class="small" disabled={isOnly} onClick={() => stop(row)} aria-label={`${words.stop} ${scores.id}`} title={words.stop}>
          <Icon name="stop" />
          <span class="word">{words.stop}</span>
        </button>
      </span>
    </div>
  );
}

/** What is particular about how a module stands: pinned, on trial with its bound. */
export function Standing({ standing }: { standing: ModuleShown | undefined }) {
  const words = t().live.standing;
  if (!standing) return null;
  return (
    <>
      {standing.pinned && (
        <span class="standing accent">
          <Icon name="pin" />
          {words.pinned}
        </span>
      )}
      {standing.trialShare !== undefined && (
        <span class="standing">
          <Icon name="learning" />
          {words.trial(percent(standing.trialShare, 0))}
        </span>
      )}
    </>
  );
}
