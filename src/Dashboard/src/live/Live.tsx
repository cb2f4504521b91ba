import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, ApiError } from '../api/client';
import type { ModuleShown } from '../api/types';
import { useEvery } from '../api/useTick';
import { TimeChart } from '../charts/TimeChart';
import { count, dateTime, decimal, percent, t, time } from '../i18n';
import { Content } from '../ui/content';
import { Icon } from '../ui/icons';
import { ChartOrTable, Choice, Dialog, Empty, Failed, Skeleton, useLoaded, Views } from '../ui/parts';
import { say, sayFailed } from '../ui/toasts';
import { Channels } from './Channels';
import { Leaderboard, Standing } from './Leaderboard';
import { ratesOf, rowsOf, Trends, type Row } from './rows';
import { Segments } from './Segments';
import { useScores } from './useScores';

type View = 'leaderboard' | 'segments' | 'channels';
const every = '*';
const announceEveryMs = 30_000;
const trendsEveryMs = 20_000;
/** Of a sparkline: few enough that each stands on something. */
const trendPoints = '12';

/** A campaign as it runs: what leads, for whom, and the means to stop it. */
export function Live({ campaign: id }: { campaign: string }) {
  const [view, setView] = useState<View>('leaderboard');
  const [segment, setSegment] = useState('default');
  const [opened, setOpened] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const narrowed = view === 'segments' || segment === every ? null : segment;
  const { scores, campaign, modules, error, reload } = useScores(id, narrowed, view === 'channels');
  const trends = useMemo(() => new Trends(), [id]);
  const slots = useMemo(() => (scores ? rowsOf(scores, campaign, narrowed) : undefined), [scores, campaign, narrowed]);
  if (slots) trends.add([...slots.values()].flat(), Date.now());
  const tick = useEvery(trendsEveryMs);
  const served = useLoaded(`${id}/${segment}`, (signal) => (segment === every ? Promise.resolve(undefined) : api.trends(id, { segment, points: trendPoints }, signal)), tick);
  const rates = useMemo(() => ratesOf(served.value), [served.value]);
  const standing = useMemo(() => new Map(modules?.modules.map((each) => [`${each.slot}/${each.id}`, each])), [modules]);

  if (!scores || !slots) return error instanceof ApiError && error.status === 404 ? <Failed error={error} retry={reload} /> : <Skeleton lines={9} />;
  const words = t().live;
  const segments = [every, ...(campaign?.segments?.map((each) => each.id) ?? []), 'default'];
  const found = opened === null ? undefined : [...slots.values()].flat().find((row) => row.key === opened);
  const isEmpty = scores.segments.every((each) => each.impressions === 0 && each.decisions === 0);
  const needle = filter.trim().toLowerCase();

  const stand = (slot: string, module: string, verb: 'stop' | 'resume' | 'pin' | 'unpin', text: string, undo?: () => void) =>
    void api.stand(id, slot, module, verb).then(
      () => {
        say(text, { undo });
        reload();
      },
      sayFailed,
    );
  const resume = (slot: string, module: string) => stand(slot, module, 'resume', words.resumed(module));
  const stop = (row: Row) => stand(row.slot, row.scores.id, 'stop', words.stopped(row.scores.id), () => resume(row.slot, row.scores.id));
  const unpin = (slot: string, module: string) => stand(slot, module, 'unpin', words.unpinned(module));
  const pin = ({ slot, scores: { id: module } }: Row, on: boolean) => (on ? stand(slot, module, 'pin', words.pinned(module, slot), () => unpin(slot, module)) : unpin(slot, module));
  const isPaused = campaign?.status === 'paused';
  const toggle = () =>
    void api.setStatus(id, isPaused ? 'live' : 'paused').then(
      () => {
        say(isPaused ? words.campaignResumed : words.campaignPaused);
        reload();
      },
      sayFailed,
    );

  return (
    <>
      <div class="controls">
        <Views
          label={words.views}
          value={view}
          options={[
            ['leaderboard', words.leaderboard],
            ['segments', words.bySegment],
            ['channels', words.byChannel],
          ]}
          onChange={(next) => {
            setView(next);
            if (next === 'channels' && segment === every) setSegment('default');
          }}
        />
        {view !== 'segments' && (
          <Choice
            label={t().segment}
            value={segment}
            options={segments.filter((each) => view !== 'channels' || each !== every).map((each) => [each, each === every ? t().allSegments : each === 'default' ? t().defaultSegment : each] as const)}
            onChange={setSegment}
          />
        )}
        {view === 'leaderboard' && (
          <label class="choice">
            <span>{words.filter}</span>
            <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
          </label>
        )}
        <span class="spring" />
        <button type="button" onClick={toggle} disabled={!campaign}>
          <Icon name={isPaused ? 'play' : 'pause'} />
          {isPaused ? words.resumeCampaign : words.pauseCampaign}
        </button>
      </div>
      {isPaused && <p class="note warn">{words.campaignPaused}</p>}
      <Totals scores={scores} />
      {isEmpty && <Empty title={words.empty} text={words.emptyText} />}
      {view === 'leaderboard' && (
        <>
          <p class="help">{words.resonanceHelp}</p>
          <div class="boards">
            {[...slots].map(([slot, rows]) => (
              <Leaderboard
                key={`${slot}/${segment}`}
                slot={slot}
                rows={needle ? rows.filter((row) => matches(row, needle)) : rows}
                trends={trends}
                rates={rates}
                standing={standing}
                everySegment={narrowed === null}
                isOnly={rows.every((row) => row.scores.id === rows[0]!.scores.id)}
                open={(row) => setOpened(row.key)}
                stop={stop}
                pin={pin}
              />
            ))}
          </div>
          <Stopped modules={modules?.modules.filter((each) => each.state === 'stopped') ?? []} resume={resume} />
        </>
      )}
      {view === 'segments' && <Segments scores={scores} />}
      {view === 'channels' && <Channels scores={scores} segment={segment} />}
      {found && <Details campaign={id} row={found} standing={standing.get(`${found.slot}/${found.scores.id}`)} trends={trends} pin={pin} close={() => setOpened(null)} />}
      <Announcer slots={slots} />
    </>
  );
}

function matches(row: Row, needle: string): boolean {
  return row.scores.id.includes(needle) || row.segment.includes(needle) || JSON.stringify(row.content ?? '').toLowerCase().includes(needle);
}

function Totals({ scores }: { scores: { asOf: string; ledger: { counted: number; duplicate: number; late: number; quarantined: number }; segments: readonly { decisions: number; impressions: number; reward: number }[] } }) {
  const sum = (pick: (segment: { decisions: number; impressions: number; reward: number }) => number) => scores.segments.reduce((all, each) => all + pick(each), 0);
  const impressions = sum((each) => each.impressions);
  const reward = sum((each) => each.reward);
  return (
    <dl class="totals">
      <div>
        <dt>{t().decisions}</dt>
        <dd>{count(sum((each) => each.decisions))}</dd>
      </div>
      <div>
        <dt>{t().impressions}</dt>
        <dd>{count(impressions)}</dd>
      </div>
      <div>
        <dt>{t().reward}</dt>
        <dd>{count(reward)}</dd>
      </div>
      <div>
        <dt>{t().experiment.rewardEach}</dt>
        <dd>{impressions === 0 ? '–' : percent(reward / impressions, 2)}</dd>
      </div>
      <div class="as-of">
        <dt>{t().live.lastUpdate('')}</dt>
        <dd>{time(scores.asOf)}</dd>
      </div>
    </dl>
  );
}

/** What was stopped, with the way back. */
function Stopped({ modules, resume }: { modules: readonly ModuleShown[]; resume: (slot: string, module: string) => void }) {
  if (modules.length === 0) return null;
  return (
    <section class="board">
      <header class="board-head">
        <h2>{t().live.stoppedTitle}</h2>
      </header>
      <ul class="plain-list">
        {modules.map(({ slot, id, content }) => (
          <li key={`${slot}/${id}`}>
            <span class="stopped-module">
              <Content content={content} small />
              <small>
                {slot} · {id}
              </small>
            </span>
            <button type="button" class="small" onClick={() => resume(slot, id)} aria-label={`${t().live.resume}: ${id}`}>
              <Icon name="play" />
              {t().live.resume}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DetailsProps {
  readonly campaign: string;
  readonly row: Row;
  readonly standing: ModuleShown | undefined;
  readonly trends: Trends;
  readonly pin: (row: Row, on: boolean) => void;
  readonly close: () => void;
}

function Details({ campaign, row, standing, trends, pin, close }: DetailsProps) {
  const { scores } = row;
  const words = t().live;
  const served = useLoaded(row.key, (signal) => api.trends(campaign, { segment: row.segment, slot: row.slot }, signal), useEvery(trendsEveryMs));
  const points = useMemo(
    () =>
      served.value?.slots
        .flatMap((slot) => slot.modules)
        .find((module) => module.id === scores.id)
        ?.points.flatMap((point) => (point.rate ? [{ at: Date.parse(point.to), ...point.rate }] : [])) ?? [],
    [served.value],
  );
  const readings = [...trends.of(row.key)];
  const last = readings.at(-1)?.at;
  const kept = useMemo(() => readings, [last]);
  const hasHistory = points.length > 1;
  const title = hasHistory ? words.rateTitle : words.trendTitle;
  const format = hasHistory ? (value: number) => percent(value, 1) : (value: number) => decimal(value, 0);
  return (
    <Dialog title={words.details(scores.id)} close={close}>
      <div class="seen">
        <Content content={row.content} />
      </div>
      <p class="standings">
        <Standing standing={standing} />
        <button type="button" class="small" onClick={() => pin(row, !standing?.pinned)}>
          <Icon name="pin" />
          {standing?.pinned ? words.unpin : words.pin}
        </button>
      </p>
      <dl class="pairs">
        <dt>{words.resonance}</dt>
        <dd>{words.interval(decimal(scores.resonance.mean, 0), decimal(scores.resonance.low, 0), decimal(scores.resonance.high, 0))}</dd>
        <dt>{t().rate}</dt>
        <dd>{words.interval(percent(scores.rate.mean, 2), percent(scores.rate.low, 2), percent(scores.rate.high, 2))}</dd>
        <dt>{words.share}</dt>
        <dd>{percent(scores.share, 1)}</dd>
        <dt>{words.best}</dt>
        <dd>{percent(scores.probabilityBest, 1)}</dd>
        <dt>{t().impressions}</dt>
        <dd>{count(scores.impressions)}</dd>
        <dt>{t().reward}</dt>
        <dd>{count(scores.reward)}</dd>
        {scores.observed && (
          <>
            <dt>{words.observed}</dt>
            <dd>{count(scores.observed.impressions)}</dd>
          </>
        )}
      </dl>
      <h3>{title}</h3>
      {!hasHistory && kept.length < 2 ? (
        <p class="help">{words.trendNone}</p>
      ) : (
        <ChartOrTable
          chart={<TimeChart key={title} readings={hasHistory ? points : kept} format={format} zero={hasHistory ? 0 : 100} label={title} />}
          table={<ReadingsTable readings={hasHistory ? points : kept} format={(value) => (hasHistory ? percent(value, 2) : decimal(value, 1))} />}
        />
      )}
    </Dialog>
  );
}

export function ReadingsTable({ readings, format }: { readings: readonly { at: number; low: number; mean: number; high: number }[]; format: (value: number) => string }) {
  return (
    <div class="scroller short" tabIndex={0} role="group" aria-label={t().showTable}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t().when}</th>
            <th scope="col" class="number">{t().low}</th>
            <th scope="col" class="number">{t().mean}</th>
            <th scope="col" class="number">{t().high}</th>
          </tr>
        </thead>
        <tbody>
          {[...readings].reverse().map((each) => (
            <tr key={each.at}>
              <th scope="row">{dateTime(each.at)}</th>
              <td class="number">{format(each.low)}</td>
              <td class="number">{format(each.mean)}</td>
              <td class="number">{format(each.high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Says who leads, when that changes, at most every half minute. */
function Announcer({ slots }: { slots: Map<string, Row[]> }) {
  const [text, setText] = useState('');
  const said = useRef({ at: 0, leaders: '' });
  const leaders = [...slots].map(([slot, rows]) => `${slot}/${rows[0]?.key}`).join();
  useEffect(() => {
    if (leaders === said.current.leaders || Date.now() - said.current.at < announceEveryMs) return;
    said.current = { at: Date.now(), leaders };
    setText([...slots].map(([slot, rows]) => (rows[0] ? t().live.leads(slot, rows[0].scores.id, decimal(rows[0].scores.resonance.mean, 0)) : '')).join(' '));
  });
  return (
    <p class="unseen" aria-live="polite">
      {text}
    </p>
  );
}
