import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { PolicyRollback } from '../api/types';
import { ago, count, dateTime, decimal, t } from '../i18n';
import { Icon } from '../ui/icons';
import { Badge, Choice, Dialog, Failed, FormEnd, messageOf, Skeleton, useLoaded, Wrong } from '../ui/parts';
import { say, sayFailed } from '../ui/toasts';
import { momentsOf, undoneAlone, type Moment } from './moments';

const every = '*';

/** Takes the policies of a campaign, or of a segment, back to what was learnt by an earlier moment. */
export function GoBack({ campaign, done }: { campaign: string; done: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" class="go-back" onClick={() => setIsOpen(true)}>
        <Icon name="back" />
        {t().goBack.title}
      </button>
      {isOpen && (
        <Moments
          campaign={campaign}
          close={() => setIsOpen(false)}
          done={() => {
            setIsOpen(false);
            done();
          }}
        />
      )}
    </>
  );
}

function Moments({ campaign, close, done }: { campaign: string; close: () => void; done: () => void }) {
  const found = useLoaded(campaign, (signal) => api.checkpoints(campaign, signal));
  const [segment, setSegment] = useState(every);
  const [chosen, setChosen] = useState<number | null>(null);
  const [isSure, setIsSure] = useState(false);
  const [trouble, setTrouble] = useState('');
  const words = t().goBack;
  const segments = found.value?.segments ?? [];
  const those = segment === every ? segments : segments.filter((each) => each.id === segment);
  const now = Date.now();
  const moments = momentsOf(those, now);
  const moment = moments.find((each) => each.at === chosen);
  const isShown = useRef(true);
  useEffect(() => () => void (isShown.current = false), []);
  const go = (to: Moment) =>
    void goBack(campaign, to.at, segment === every ? undefined : segment, done).catch((error: unknown) => {
      if (!isShown.current) return sayFailed(error);
      setTrouble(messageOf(error));
      setIsSure(false);
      found.reload();
    });
  return (
    <Dialog title={words.title} close={close}>
      <p>{words.help}</p>
      {isSure && moment ? (
        <Sure moment={moment} segment={segment === every ? null : segment} go={() => go(moment)} back={() => setIsSure(false)} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setTrouble('');
            setIsSure(true);
          }}
        >
          <Choice
            label={t().segment}
            value={segment}
            options={[every, ...segments.map((each) => each.id)].map((each) => [each, each === every ? t().allSegments : each === 'default' ? t().defaultSegment : each] as const)}
            onChange={(next) => {
              setSegment(next);
              setChosen(null);
            }}
          />
          <fieldset class="moments">
            <legend class="unseen">{words.moments}</legend>
            {found.error && !found.value ? (
              <Failed error={found.error} retry={found.reload} />
            ) : !found.value ? (
              <Skeleton lines={4} />
            ) : moments.length === 0 ? (
              <p class="quiet">{words.none}</p>
            ) : (
              moments.map((each) => (
                <label key={each.at}>
                  <input type="radio" name="moment" checked={each.at === chosen} onChange={() => setChosen(each.at)} />
                  <span class="when">
                    {dateTime(each.at)} <small>{ago(now - each.at)}</small>
                  </span>
                  <span class="learnt">{learnt(each)}</span>
                  <Badge tone={each.kind === 'beforeRollback' ? 'accent' : 'quiet'} icon={each.kind === 'beforeRollback' ? 'back' : undefined}>
                    {words.kinds[each.kind] ?? each.kind}
                  </Badge>
                </label>
              ))
            )}
          </fieldset>
          {undoneAlone(those, moments) && <p class="help">{words.own}</p>}
          <Wrong text={trouble} />
          <FormEnd verb={words.next} disabled={!moment} close={close} />
        </form>
      )}
    </Dialog>
  );
}

/** The question before it is done; the keyboard goes on at its first button. */
function Sure({ moment, segment, go, back }: { moment: Moment; segment: string | null; go: () => void; back: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  const [isSending, setIsSending] = useState(false);
  const words = t().goBack;
  useEffect(() => first.current?.focus(), []);
  return (
    <div class="sure">
      <p>
        <b>{words.sure(segment, dateTime(moment.at))}</b>
      </p>
      <p>{words.from(learnt(moment))}</p>
      {moment.kind === 'beforeRollback' && <p>{words.undoes}</p>}
      {moment.without > 0 && <p>{words.without(moment.without)}</p>}
      <footer>
        <button
          ref={first}
          type="button"
          class="danger"
          aria-disabled={isSending}
          onClick={() => {
            if (isSending) return;
            setIsSending(true);
            go();
          }}
        >
          {words.go}
        </button>
        <button type="button" onClick={back}>
          {words.back}
        </button>
      </footer>
    </div>
  );
}

function learnt({ impressions, reward }: Moment): string {
  return t().goBack.learnt(count(impressions), Number.isInteger(reward) ? count(reward) : decimal(reward, 2));
}

/** Goes back and tells what came of it, with the way back where it concerns the same segments alone. */
async function goBack(campaign: string, at: number, segment: string | undefined, done: () => void): Promise<void> {
  const answer: PolicyRollback = await api.rollBack(campaign, new Date(at).toISOString(), segment);
  const words = t().goBack;
  const undo = () => void goBack(campaign, Date.parse(answer.undo), segment, done).catch(sayFailed);
  say((answer.served ? words.served : words.durable)(dateTime(at)), { undo: answer.unchanged.length === 0 ? undo : undefined });
  done();
}
