import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, ApiError } from '../api/client';
import { TimeChart } from '../charts/TimeChart';
import { count, decimal, percent, t, time } from '../i18n';
import { Content } from '../ui/content';
import { Icon } from '../ui/icons';
import { ChartOrTable, Choice, Dialog, Empty, Failed, messageOf, Skeleton, Views } from '../ui/parts';
import { say } from '../ui/toasts';
import { Channels } from './Channels';
import { Leaderboard } from './Leaderboard';
import { rowsOf, Trends, type Row } from './rows';
import { Segments } from './Segments';
import { stoppedOf } from './stopped';
import { useScores } from './useScores';

type View = 'leaderboard' | 'segments' | 'channels';
const every = '*';
const announceEveryMs = 30_000;

/** A campaign as it runs: what leads, for whom, and the means to stop it. */
export function Live({ campaign: id }: { campaign: string }) {
  const [view, setView] = useState<View>('leaderboard');
  const [segment, setSegment] = useState('default');
  const [opened, setOpened] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const narrowed = view === 'segments' || segment === every ? null : segment;
  const { scores, campaign, error, reload } = useScores(id, narrowed, view === 'channels');
  const trends = useMemo(() => new Trends(), [id]);
  const slots = useMemo(() => (scores ? rowsOf(scores, campaign, narrowed) : undefined), [scores, campaign, narrowed]);
  if (slots) trends.add([...slots.values()].flat(), Date.now());

  if (!scores || !slots) return error instanceof ApiError && error.status === 404 ? <Failed error={error} retry={reload} /> : <Skeleton lines={9} />;
  const words = t().live;
  const segments = [every, ...(campaign?.segments?.map((each) => each.id) ?? []), 'default'];
  const found = opened === null ? undefined : [...slots.values()].flat().find((row) => row.key === opened);
  const isEmpty = scores.segments.every((each) => each.impressions === 0 && each.decisions === 0);
  const needle = filter.trim().toLowerCase();

  const stop = (row: Row) =>
    void api.stop(id, row.slot, row.scores.id).then(
      () => {
        say(words.stopped(row.scores.id), { undo: () => resume(row.slot, row.scores.id) });
        reload();
      },
      (failure: unknown) => say(messageOf(failure), { isBad: true }),
    );
  const resume = (slot: string, module: string) =>
    void api.resume(id, slot, module).then(
      () => {
        say(words.resumed(module));
        reload();
      },
      (failure: unknown) => say(messageOf(failure), { isBad: true }),
    );
  const isPaused = campaign?.status === 'paused';
  const toggle = () =>
    void api.setStatus(id, isPaused ? 'live' : 'paused').then(
      () => {
        say(isPaused ? words.campaignResumed : words.campaignPaused);
        reload();
      },
      (failure: unknown) => say(messageOf(failure), { isBad: true }),
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
          {[...slots].map(([slot, rows]) => (
            <Leaderboard
              key={`${slot}/${segment}`}
              slot={slot}
              rows={needle ? rows.filter((row) => matches(row, needle)) : rows}
              trends={trends}
              everySegment={narrowed === null}
              open={(row) => setOpened(row.key)}
              stop={stop}
            />
          ))}
          <Stopped campaign={id} turn={campaign} resume={resume} />
        </>
      )}
      {view === 'segments' && <Segments scores={scores} />}
      {view === 'channels' && <Channels scores={scores} segment={segment} />}
      {found && <Details row={found} trends={trends} close={() => setOpened(null)} />}
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
function Stopped({ campaign, turn, resume }: { campaign: string; turn: unknown; resume: (slot: string, module: string) => void }) {
  const [stopped, setStopped] = useState<readonly { slot: string; module: string }[]>([]);
  useEffect(() => {
    const end = new AbortController();
    api.history(campaign, undefined, end.signal).then((entries) => setStopped(stoppedOf(entries)), () => undefined);
    return () => end.abort();
  }, [campaign, turn]);
  if (stopped.length === 0) return null;
  return (
    <section class="board">
      <header class="board-head">
        <h2>{t().live.stoppedTitle}</h2>
      </header>
      <ul class="plain-list">
        {stopped.map(({ slot, module }) => (
          <li key={`${slot}/${module}`}>
            <span>
              {slot} · <b>{module}</b>
            </span>
            <button type="button" class="small" onClick={() => resume(slot, module)} aria-label={`${t().live.resume}: ${module}`}>
              <Icon name="play" />
              {t().live.resume}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Details({ row, trends, close }: { row: Row; trends: Trends; close: () => void }) {
  const { scores } = row;
  const words = t().live;
  const readings = [...trends.of(row.key)];
  const last = readings.at(-1)?.at;
  const kept = useMemo(() => readings, [last]);
  return (
    <Dialog title={words.details(scores.id)} close={close}>
      <div class="seen">
        <Content content={row.content} />
      </div>
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
      <h3>{words.trendTitle}</h3>
      {kept.length < 2 ? (
        <p class="help">{words.trendNone}</p>
      ) : (
        <ChartOrTable
          chart={<TimeChart readings={kept} format={(value) => decimal(value, 0)} zero={100} label={words.trendTitle} />}
          table={<ReadingsTable readings={kept} format={(value) => decimal(value, 1)} />}
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
              <th scope="row">{time(each.at)}</th>
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
