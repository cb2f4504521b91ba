import { useState } from 'preact/hooks';
import { api, historyPage, historyPath, type HistoryFilter } from '../api/client';
import type { HistoryEntry } from '../api/types';
import { useTick } from '../api/useTick';
import { count, dateTime, percent, t } from '../i18n';
import { figuresOf } from '../inbox/evidence';
import { mayOperate, session } from '../shell/session';
import { Content } from '../ui/content';
import { Figures } from '../ui/Figures';
import type { IconName } from '../ui/icons';
import { Badge, Choice, Empty, Failed, Skeleton, type Tone, useLoaded } from '../ui/parts';
import { sayFailed } from '../ui/toasts';
import { GoBack } from './GoBack';
import { holds, isOfChain } from './table';

const looks: Record<string, readonly [IconName, Tone]> = {
  approved: ['check', 'good'], promoted: ['rising', 'good'], rejected: ['close', 'quiet'], blocked: ['block', 'bad'], failed: ['warning', 'bad'], rolledBack: ['losing', 'bad'],
  stopped: ['stop', 'warn'], agentsStopped: ['stop', 'warn'], resumed: ['play', 'quiet'], agentsResumed: ['play', 'quiet'], proposed: ['plus', 'accent'], requested: ['info', 'quiet'], revised: ['edit', 'quiet'], edited: ['edit', 'quiet'], reopened: ['back', 'quiet'],
  pinned: ['pin', 'accent'], unpinned: ['pin', 'quiet'], policyRolledBack: ['back', 'warn'],
};
const nothing: HistoryFilter = { kind: '', actor: '', slot: '', module: '', from: '', to: '' };
/** Drawn at once; what is older comes when it is asked for. */
const pageSize = 100;

/** Who or what changed what, when, on which evidence. The engine narrows it; a text and a chain are looked for in what is here. */
export function History({ campaign }: { campaign: string }) {
  const tick = useTick(campaign, 5_000);
  const [filter, setFilter] = useState(nothing);
  const key = JSON.stringify(filter);
  const document = useLoaded(campaign, (signal) => api.campaign(campaign, signal), tick);
  const newest = useLoaded(`${campaign}/${key}`, (signal) => api.history(campaign, filter, undefined, signal), tick);
  const [older, setOlder] = useState<{ key: string; entries: readonly HistoryEntry[] }>({ key, entries: [] });
  const [text, setText] = useState('');
  const [chain, setChain] = useState<HistoryEntry | null>(null);
  const [drawn, setDrawn] = useState(pageSize);
  const words = t().history;
  const who = session.value;
  if (newest.error && !newest.value) return <Failed error={newest.error} retry={newest.reload} />;
  if (!document.value) return <Skeleton lines={9} />;
  const first = newest.value?.at(-1)?.number ?? 0;
  const entries = [...(newest.value ?? []), ...(older.key === key ? older.entries.filter((entry) => entry.number < first) : [])];
  const shown = entries.filter((entry) => holds(entry, text) && (!chain || isOfChain(entry, chain)));
  const last = entries.at(-1)?.number ?? 0;
  const mayHaveMore = entries.length > 0 && entries.length % historyPage === 0 && last > 0;
  const narrow = (part: Partial<HistoryFilter>) => {
    setFilter({ ...filter, ...part });
    setDrawn(pageSize);
  };
  const more = () => {
    if (drawn < shown.length) return setDrawn(drawn + pageSize);
    api.history(campaign, filter, last).then(
      (found) => {
        setOlder({ key, entries: [...(older.key === key ? older.entries : []), ...found] });
        setDrawn(drawn + pageSize);
      },
      sayFailed,
    );
  };
  const slots = document.value.slots;
  const modules = [...new Set([...slots.filter((slot) => !filter.slot || slot.id === filter.slot).flatMap((slot) => slot.modules.map((module) => module.id)), ...(filter.module ? [filter.module] : [])])];
  const isNarrowed = key !== JSON.stringify(nothing);
  if (newest.value && entries.length === 0 && !isNarrowed) return <Empty title={words.empty} text={words.emptyText} />;
  return (
    <>
      <div class="controls filters">
        <Choice label={words.kind} value={filter.kind} options={[['', words.anyKind] as const, ...Object.entries(words.kinds)]} onChange={(kind) => narrow({ kind })} />
        <Choice label={words.actor} value={filter.actor} options={[['', words.anyActor] as const, ...Object.entries(words.actors)]} onChange={(actor) => narrow({ actor })} />
        <Choice label={t().slot} value={filter.slot} options={[['', words.any] as const, ...slots.map((slot) => [slot.id, slot.id] as const)]} onChange={(slot) => narrow({ slot, module: '' })} />
        <Choice label={t().module} value={filter.module} options={[['', words.any] as const, ...modules.map((module) => [module, module] as const)]} onChange={(module) => narrow({ module })} />
        <Day label={words.since} value={filter.from} end="start" onChange={(from) => narrow({ from })} />
        <Day label={words.until} value={filter.to} end="end" onChange={(to) => narrow({ to })} />
        <label class="choice">
          <span>{words.filter}</span>
          <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        {(chain || isNarrowed) && (
          <button
            type="button"
            onClick={() => {
              setChain(null);
              narrow(nothing);
            }}
          >
            {words.all}
          </button>
        )}
        <span class="spring" />
        {typeof who === 'object' && mayOperate(who) && <GoBack campaign={campaign} done={newest.reload} />}
        <a class="button" href={historyPath(campaign, filter, { format: 'csv' })} download>
          {words.exportCsv}
        </a>
        <a class="button" href={historyPath(campaign, filter, { format: 'json' })} download>
          {words.exportJson}
        </a>
      </div>
      {!newest.value ? (
        <Skeleton lines={9} />
      ) : (
        <>
          <p class="help" role="status">
            {words.shown(count(shown.length))}
          </p>
          {shown.length === 0 ? (
            <Empty title={words.noMatch} text={words.noMatchText} />
          ) : (
            <ol class="history">
              {shown.slice(0, drawn).map((entry) => (
                <Entry key={entry.number} entry={entry} follow={chain ? undefined : () => setChain(entry)} />
              ))}
            </ol>
          )}
        </>
      )}
      {(drawn < shown.length || mayHaveMore) && (
        <button type="button" class="more" onClick={more}>
          {words.more}
        </button>
      )}
    </>
  );
}

/** A day, told to the engine as the moment that it begins or ends here. */
function Day({ label, value, end, onChange }: { label: string; value: string; end: 'start' | 'end'; onChange: (value: string) => void }) {
  const momentOf = (day: string) => (day ? new Date(`${day}T${end === 'start' ? '00:00:00.000' : '23:59:59.999'}`).toISOString() : '');
  const shown = value ? new Date(new Date(value).getTime() - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 10) : '';
  return (
    <label class="choice">
      <span>{label}</span>
      <input type="date" value={shown} onChange={(event) => onChange(momentOf(event.currentTarget.value))} />
    </label>
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
