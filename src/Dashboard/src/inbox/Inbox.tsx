import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Campaign, Proposal, Scores } from '../api/types';
import { useTick } from '../api/useTick';
import { dateTime, t } from '../i18n';
import { Content, textOf } from '../ui/content';
import { Figures } from '../ui/Figures';
import { Icon, type IconName } from '../ui/icons';
import { Badge, Dialog, Empty, Failed, FormEnd, messageOf, Skeleton, type Tone, useLoaded, Views, Wrong } from '../ui/parts';
import { say, sayFailed } from '../ui/toasts';
import { decide, held, takeBack, type HeldDecision, type Verb } from './decisions';
import { diff } from './diff';
import { isUndoable } from './draft';
import { Edit } from './Edit';
import { figuresOf } from './evidence';

type Shown = 'pending' | 'decided';

const looks: Record<string, readonly [IconName, Tone]> = {
  pending: ['learning', 'accent'], live: ['live', 'good'], rejected: ['close', 'quiet'], blocked: ['block', 'bad'], retired: ['stop', 'quiet'], rolledBack: ['losing', 'bad'],
};
const severities: Record<string, readonly [IconName, Tone]> = { info: ['info', 'quiet'], warning: ['warning', 'warn'], block: ['block', 'bad'] };

/** What the agents propose, beside what it would replace, for a person to decide on. */
export function Inbox({ campaign: id }: { campaign: string }) {
  const tick = useTick(id, 3_000);
  const [shown, setShown] = useState<Shown>('pending');
  const [at, setAt] = useState<string | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<string | null>(null);
  const [asking, setAsking] = useState<{ verb: Verb; ids: readonly string[] } | null>(null);
  const found = useLoaded(id, (signal) => api.proposals(id, signal), tick);
  const campaign = useLoaded(id, (signal) => api.campaign(id, signal), tick);
  const scores = useLoaded(id, (signal) => api.scores(id, signal));
  const words = t().inbox;
  const proposals = found.value ?? [];
  const pending = proposals.filter((each) => each.status === 'pending');
  const list = shown === 'pending' ? pending : proposals.filter((each) => each.status !== 'pending').reverse();
  const current = list.find((each) => each.id === at) ?? list[0];

  const told = (proposal: string) => (verb: Verb, error?: unknown) => {
    say(error === undefined ? words.done[verb]!(proposal) : messageOf(error), { isBad: error !== undefined, undo: error === undefined && verb !== 'revise' ? () => undo(proposal) : undefined });
    reload();
  };
  const reload = () => {
    found.reload();
    campaign.reload();
  };
  const undo = (proposal: string) =>
    void api.undo(id, proposal).then(
      (after) => {
        say(words.undone[after.status === 'pending' ? 'rejected' : 'live']!(proposal));
        reload();
      },
      sayFailed,
    );
  const take = (verb: Verb, ids: readonly string[], comment: string) => {
    for (const each of ids) decide(id, each, verb, comment, proposals.find((one) => one.id === each)!.revision, told(each));
    setPicked(new Set());
    setAsking(null);
    step(1);
  };
  const begin = (verb: Verb, ids: readonly string[]) => (verb === 'approve' ? take(verb, ids, '') : setAsking({ verb, ids }));
  const step = (by: number) => {
    const next = list[list.indexOf(current!) + by];
    if (next) setAt(next.id);
  };
  const pick = (proposal: string) => {
    const next = new Set(picked);
    if (!next.delete(proposal)) next.add(proposal);
    setPicked(next);
  };
  const edited = proposals.find((each) => each.id === editing);
  const lastHeld = held.value.filter((each) => each.campaign === id).at(-1);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || asking || editing || (event.target as HTMLElement).closest('input, textarea, select, dialog')) return;
      const isOpen = current?.status === 'pending' && !held.value.some((each) => each.campaign === id && each.proposal === current.id);
      const act: Record<string, () => void> = { j: () => step(1), k: () => step(-1), z: () => (lastHeld ? takeBack(id, lastHeld.proposal) : current && isUndoable(current) && undo(current.id)) };
      if (isOpen) {
        act.a = () => begin('approve', [current.id]);
        act.e = () => setEditing(current.id);
        act.r = () => begin('reject', [current.id]);
        act.v = () => begin('revise', [current.id]);
        act.x = () => pick(current.id);
      }
      const found = act[event.key];
      if (!found) return;
      event.preventDefault();
      found();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value || !campaign.value) return <Skeleton lines={9} />;
  return (
    <>
      <div class="controls">
        <Views
          label={t().nav.inbox}
          value={shown}
          options={[
            ['pending', `${words.pending} (${pending.length})`],
            ['decided', words.decided],
          ]}
          onChange={setShown}
        />
        {picked.size > 0 && (
          <>
            <button type="button" class="primary" onClick={() => begin('approve', [...picked])}>
              {words.approveN(picked.size)}
            </button>
            <button type="button" onClick={() => begin('reject', [...picked])}>
              {words.rejectN(picked.size)}
            </button>
          </>
        )}
        <span class="spring" />
        <Asker id={id} campaign={campaign.value} />
      </div>
      <HeldBar campaign={id} />
      {list.length === 0 ? (
        shown === 'pending' && <Empty title={words.empty} text={words.emptyText} />
      ) : (
        <div class="inbox">
          <ul class="inbox-list" aria-label={words.list}>
            {list.map((proposal) => (
              <li key={proposal.id} class={proposal.id === current?.id ? 'current' : ''}>
                {shown === 'pending' && <input type="checkbox" checked={picked.has(proposal.id)} onChange={() => pick(proposal.id)} aria-label={words.select(proposal.id)} />}
                <button type="button" aria-current={proposal.id === current?.id} onClick={() => setAt(proposal.id)}>
                  <span class="content-text">{textOf(proposal.module.content)}</span>
                  <small>{`${proposal.id} · ${proposal.slot}`}</small>
                </button>
                <Status proposal={proposal} />
              </li>
            ))}
          </ul>
          {current && <Card key={current.id} proposal={current} campaign={campaign.value} scores={scores.value} begin={(verb) => begin(verb, [current.id])} edit={() => setEditing(current.id)} undo={() => undo(current.id)} />}
        </div>
      )}
      <p class="help keys">
        <b>{words.keys}</b> {words.keysText}
      </p>
      {edited && (
        <Edit
          proposal={edited}
          close={() => setEditing(null)}
          done={() => {
            setEditing(null);
            say(words.edited(edited.id));
            reload();
          }}
        />
      )}
      {asking && <Ask verb={asking.verb} close={() => setAsking(null)} send={(comment) => take(asking.verb, asking.ids, comment)} />}
    </>
  );
}

function Status({ proposal }: { proposal: Proposal }) {
  const [icon, tone] = looks[proposal.status] ?? ['info', 'quiet'];
  return (
    <Badge tone={tone} icon={icon}>
      {t().inbox.statuses[proposal.status] ?? proposal.status}
    </Badge>
  );
}

/** Decisions that are not sent yet, with the way back. */
function HeldBar({ campaign }: { campaign: string }) {
  const mine = held.value.filter((each) => each.campaign === campaign);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (mine.length === 0) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [mine.length]);
  return (
    <div class="held-bar" role="status">
      {mine.map((each: HeldDecision) => (
        <p key={each.proposal}>
          <span>
            {t().inbox.deciding[each.verb]} <b>{each.proposal}</b>
          </span>
          <span class="quiet" aria-hidden="true">
            {t().inbox.inSeconds(Math.max(0, Math.ceil((each.dueAt - now) / 1_000)))}
          </span>
          <button type="button" class="small" onClick={() => takeBack(campaign, each.proposal)}>
            {t().undo}
          </button>
        </p>
      ))}
    </div>
  );
}

function Asker({ id, campaign }: { id: string; campaign: Campaign }) {
  const words = t().inbox;
  const report = (text: string) => [() => say(text), sayFailed] as const;
  return (
    <span class="asker">
      {campaign.slots.map((slot) => (
        <button key={slot.id} type="button" onClick={() => void api.refresh(id, slot.id).then(...report(words.asked(slot.id)))}>
          <Icon name="plus" />
          {campaign.slots.length === 1 ? words.ask : `${words.ask} · ${slot.id}`}
        </button>
      ))}
    </span>
  );
}

/** What the proposal is held against: the module that it names, or the one that gets most of the slot's traffic. */
function rivalOf(proposal: Proposal, campaign: Campaign, scores: Scores | undefined) {
  const slot = campaign.slots.find((each) => each.id === proposal.slot);
  if (proposal.replaces) return { content: slot?.modules.find((module) => module.id === proposal.replaces)?.content, id: proposal.replaces, isReplaced: true };
  const segment = scores?.segments.find((each) => each.id === proposal.segment) ?? scores?.segments.find((each) => each.id === 'default');
  const best = segment?.slots.find((each) => each.id === proposal.slot)?.modules.filter((module) => module.id !== proposal.module.id).sort((a, b) => b.share - a.share)[0];
  const module = slot?.modules.find((each) => each.id === best?.id) ?? slot?.modules.find((each) => each.id !== proposal.module.id);
  return module ? { content: module.content, id: module.id, isReplaced: false } : null;
}

interface CardProps {
  readonly proposal: Proposal;
  readonly campaign: Campaign;
  readonly scores: Scores | undefined;
  readonly begin: (verb: Verb) => void;
  readonly edit: () => void;
  readonly undo: () => void;
}

function Card({ proposal, campaign, scores, begin, edit, undo }: CardProps) {
  const words = t().inbox;
  const rival = useMemo(() => rivalOf(proposal, campaign, scores), [proposal, campaign, scores]);
  const isHeld = held.value.some((each) => each.campaign === proposal.campaign && each.proposal === proposal.id);
  const figures = figuresOf(proposal.evidence);
  const isText = typeof proposal.module.content.text === 'string';
  return (
    <article class="proposal" aria-label={`${proposal.id}: ${textOf(proposal.module.content)}`}>
      <header>
        <h2>{proposal.id}</h2>
        <Status proposal={proposal} />
        <span class="quiet">
          {`${words.writer} ${words.writers[proposal.writer] ?? proposal.writer} · ${dateTime(proposal.createdAt)}`}
        </span>
      </header>
      <div class="sides">
        <div class="side">
          <h3>{rival ? `${rival.isReplaced ? words.replaces : words.compared} · ${rival.id}` : words.compared}</h3>
          <div class="seen">{rival ? <Content content={rival.content} /> : <span class="quiet">{words.nothing}</span>}</div>
        </div>
        <div class="side new">
          <h3>{`${words.proposal} · ${proposal.module.id}`}</h3>
          <div class="seen">{isText && rival ? <Diff before={textOf(rival.content)} after={textOf(proposal.module.content)} /> : <Content content={proposal.module.content} />}</div>
        </div>
      </div>
      {Object.keys(proposal.module.attributes ?? {}).length > 0 && (
        <p class="attributes">
          {Object.entries(proposal.module.attributes ?? {}).map(([name, value]) => (
            <span key={name} class="chip">{`${name}: ${value}`}</span>
          ))}
        </p>
      )}
      <h3>{words.reason}</h3>
      <p>{proposal.reason}</p>
      <h3>{words.findings}</h3>
      {proposal.findings.length === 0 ? (
        <p class="quiet">{words.noFindings}</p>
      ) : (
        <ul class="findings">
          {proposal.findings.map((finding, i) => {
            const [icon, tone] = severities[finding.severity] ?? ['info', 'quiet'];
            return (
              <li key={i}>
                <Badge tone={tone} icon={icon}>
                  {words.severities[finding.severity] ?? finding.severity}
                </Badge>{' '}
                <code>{finding.rule}</code> {finding.text}
              </li>
            );
          })}
        </ul>
      )}
      {figures.length > 0 && (
        <>
          <h3>{words.evidence}</h3>
          <div class="scroller" tabIndex={0} role="group" aria-label={words.evidence}>
            <Figures figures={figures} />
          </div>
        </>
      )}
      {proposal.decidedAt && (
        <p class="decided">
          {`${words.decided} ${dateTime(proposal.decidedAt)} ${words.by} ${proposal.decidedBy === 'auto' ? words.auto : words.person}`}
          {proposal.comment && ` — ${proposal.comment}`}
        </p>
      )}
      {isUndoable(proposal) && (
        <footer>
          <button type="button" onClick={undo}>
            <Icon name="back" />
            {t().undo}
          </button>
          <span class="help">{words.undoHelp[proposal.status]}</span>
        </footer>
      )}
      {proposal.status === 'pending' && (
        <footer>
          <button type="button" class="primary" disabled={isHeld} onClick={() => begin('approve')}>
            <Icon name="check" />
            {words.approve}
          </button>
          <button type="button" disabled={isHeld} onClick={edit}>
            <Icon name="edit" />
            {words.edit}
          </button>
          <button type="button" disabled={isHeld} onClick={() => begin('revise')}>
            <Icon name="back" />
            {words.revise}
          </button>
          <button type="button" disabled={isHeld} onClick={() => begin('reject')}>
            <Icon name="close" />
            {words.reject}
          </button>
        </footer>
      )}
    </article>
  );
}

function Diff({ before, after }: { before: string; after: string }) {
  const words = t().inbox;
  return (
    <span class="diff">
      {diff(before, after).map((piece, i) =>
        piece.kind === 'same' ? (
          <span key={i}>{piece.text}</span>
        ) : piece.kind === 'added' ? (
          <ins key={i}>
            <span class="unseen">{`[${words.added}: `}</span>
            {piece.text}
            <span class="unseen">]</span>
          </ins>
        ) : (
          <del key={i}>
            <span class="unseen">{`[${words.removed}: `}</span>
            {piece.text}
            <span class="unseen">]</span>
          </del>
        ),
      )}
    </span>
  );
}

function Ask({ verb, close, send }: { verb: Verb; close: () => void; send: (comment: string) => void }) {
  const words = t().inbox;
  const text = useRef<HTMLTextAreaElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const comment = text.current!.value.trim();
    if (comment) return send(comment);
    setIsMissing(true);
    text.current!.focus();
  };
  return (
    <Dialog title={verb === 'reject' ? words.reject : words.revise} close={close}>
      <form onSubmit={submit}>
        <label class="field">
          <span>{verb === 'reject' ? words.commentReject : words.commentRevise}</span>
          <textarea ref={text} rows={4} maxLength={1_000} data-first aria-invalid={isMissing} aria-describedby={isMissing ? 'comment-missing' : undefined} />
        </label>
        <Wrong id="comment-missing" text={isMissing ? words.needComment : ''} />
        <FormEnd verb={verb === 'reject' ? words.reject : words.revise} close={close} />
      </form>
    </Dialog>
  );
}
