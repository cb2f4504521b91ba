import { useState } from 'preact/hooks';
import { api } from '../api/client';
import type { HistoryEntry } from '../api/types';
import { useTick } from '../api/useTick';
import { count, dateTime, percent, t } from '../i18n';
import { figuresOf } from '../inbox/evidence';
import { saveFile } from '../campaigns/Editor';
import { Content } from '../ui/content';
import { Figures } from '../ui/Figures';
import type { IconName } from '../ui/icons';
import { Badge, Choice, Empty, Failed, messageOf, Skeleton, useLoaded, type Tone } from '../ui/parts';
import { say } from '../ui/toasts';
import { csvOf, matches, type Filter } from './table';

const looks: Record<string, readonly [IconName, Tone]> = {
  approved: ['check', 'good'], promoted: ['rising', 'good'], rejected: ['close', 'quiet'], blocked: ['block', 'bad'], failed: ['warning', 'bad'], rolledBack: ['losing', 'bad'],
  stopped: ['stop', 'warn'], agentsStopped: ['stop', 'warn'], resumed: ['play', 'quiet'], agentsResumed: ['play', 'quiet'], proposed: ['plus', 'accent'], requested: ['info', 'quiet'], revised: ['edit', 'quiet'],
};
const nothing: Filter = { text: '', kind: '', actor: '', chain: null };
/** Drawn at once; what is older comes when it is asked for. */
const pageSize = 100;

/** Who or what changed what, when, on which evidence. */
export function History({ campaign }: { campaign: string }) {
  const tick = useTick(campaign, 5_000);
  const newest = useLoaded(campaign, (signal) => api.history(campaign, undefined, signal), tick);
  const [older, setOlder] = useState<readonly HistoryEntry[]>([]);
  const [filter, setFilter] = useState(nothing);
  const [drawn, setDrawn] = useState(pageSize);
  if (newest.error && !newest.value) return <Failed error={newest.error} retry={newest.reload} />;
  if (!newest.value) return <Skeleton lines={9} />;
  const first = newest.value.at(-1)?.number ?? 0;
  const entries = [...newest.value, ...older.filter((entry) => entry.number < first)];
  const words = t().history;
  if (entries.length === 0) return <Empty title={words.empty} text={words.emptyText} />;
  const shown = entries.filter((entry) => matches(entry, filter));
  const last = entries.at(-1)!.number;
  const more = () => {
    if (drawn < shown.length) return setDrawn(drawn + pageSize);
    api.history(campaign, last).then(
      (found) => {
        setOlder([...older, ...found]);
        setDrawn(drawn + pageSize);
      },
      (error: unknown) => say(messageOf(error), { isBad: true }),
    );
  };
  const of = (pick: (entry: HistoryEntry) => string) => [...new Set(entries.map(pick))].sort();
  const save = (text: string, type: string, end: string) => saveFile(`${campaign}-history.${end}`, text, type);
  return (
    <>
      <div class="controls">
        <label class="choice">
          <span>{words.filter}</span>
          <input type="search" value={filter.text} onInput={(event) => setFilter({ ...filter, text: event.currentTarget.value })} />
        </label>
        <Choice label={words.kind} value={filter.kind} options={[['', words.anyKind] as const, ...of((entry) => entry.kind).map((kind) => [kind, words.kinds[kind] ?? kind] as const)]} onChange={(kind) => setFilter({ ...filter, kind })} />
        <Choice label={words.actor} value={filter.actor} options={[['', words.anyActor] as const, ...of((entry) => entry.actor).map((actor) => [actor, words.actors[actor] ?? actor] as const)]} onChange={(actor) => setFilter({ ...filter, actor })} />
        {filter.chain && (
          <button type="button" onClick={() => setFilter({ ...filter, chain: null })}>
            {words.all}
          </button>
        )}
        <span class="spring" />
        <button type="button" onClick={() => save(csvOf(shown), 'text/csv', 'csv')}>
          {words.exportCsv}
        </button>
        <button type="button" onClick={() => save(JSON.stringify({ entries: shown }, null, 2), 'application/json', 'json')}>
          {words.exportJson}
        </button>
      </div>
      <p class="help" role="status">
        {words.shown(count(shown.length))}
      </p>
      {shown.length === 0 ? (
        <Empty title={words.noMatch} text={words.noMatchText} />
      ) : (
        <ol class="history">
          {shown.slice(0, drawn).map((entry) => (
            <Entry key={entry.number} entry={entry} follow={filter.chain ? undefined : () => setFilter({ ...nothing, chain: entry })} />
          ))}
        </ol>
      )}
      {(drawn < shown.length || last > 0) && (
        <button type="button" class="more" onClick={more}>
          {words.more}
        </button>
      )}
    </>
  );
}

function Entry({ entry, follow }: { entry: HistoryEntry; follow?: () => void }) {
  const words = t().history;
  const [icon, tone] = looks[entry.kind] ?? ['info', 'quiet'];
  const figures = figuresOf(entry.evidence ?? {});
  const about = [entry.slot, entry.module, entry.segment, entry.proposal, entry.version === undefined ? undefined : t().live.version(entry.version), entry.share === undefined ? undefined : percent(entry.share, 0)].filter(Boolean);
  const isChain = entry.proposal !== undefined || entry.request !== undefined || entry.module !== undefined;
  return (
    <li>
      <time dateTime={entry.at}>{dateTime(entry.at)}</time>
      <div class="what">
        <p>
          <Badge tone={tone} icon={icon}>
            {words.kinds[entry.kind] ?? entry.kind}
          </Badge>{' '}
          <span class="about">{about.join(' · ')}</span>
        </p>
        {entry.content && (
          <p class="history-content">
            <Content content={entry.content} small />
          </p>
        )}
        {entry.comment && <p class="comment">{entry.comment}</p>}
        {(figures.length > 0 || (entry.findings?.length ?? 0) > 0) && (
          <details>
            <summary>{words.details}</summary>
            {figures.length > 0 && <Figures figures={figures} />}
            {entry.findings?.map((finding, i) => (
              <p key={i} class="finding">
                <b>{t().inbox.severities[finding.severity] ?? finding.severity}</b> {finding.rule}: {finding.text}
              </p>
            ))}
          </details>
        )}
      </div>
      <span class="actor">{words.actors[entry.actor] ?? entry.actor}</span>
      <span class="follow">
        {follow && isChain && (
          <button type="button" class="small" onClick={follow} aria-label={`${words.chain}: ${about.join(' · ')}`}>
            {words.chain}
          </button>
        )}
      </span>
    </li>
  );
}
