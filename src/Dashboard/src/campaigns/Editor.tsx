import { useEffect, useState } from 'preact/hooks';
import { api, ApiError } from '../api/client';
import { t } from '../i18n';
import { go } from '../shell/router';
import { Icon } from '../ui/icons';
import { Dialog, Failed, messageOf, Skeleton, useLoaded, Views } from '../ui/parts';
import { say, sayFailed } from '../ui/toasts';
import { listOf, messagesAt, nextId, read, write, type Document } from './fields';
import { imported } from './imported';

const fresh: Document = {
  name: '',
  slots: [{ id: 'headline', kind: 'text', modules: [{ id: 'h1', content: { text: '' } }, { id: 'h2', content: { text: '' } }] }],
  rewards: { click: 1 },
  policy: { control: 0.05 },
  governance: { mode: 'approve' },
};

/** Creates a campaign, from nothing or from what was imported. */
export function NewCampaign() {
  const from = imported.peek();
  useEffect(() => {
    imported.value = null;
  }, []);
  return (
    <>
      <h1 class="page-head">{t().nav.new}</h1>
      <Editor id={from?.id ?? ''} first={from ? (JSON.parse(from.text) as Document) : fresh} isNew />
    </>
  );
}

/** Changes a campaign that there is. */
export function EditCampaign({ campaign }: { campaign: string }) {
  const found = useLoaded(campaign, (signal) => api.campaign(campaign, signal));
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Skeleton lines={9} />;
  const { id: _, ...document } = found.value as Document;
  return <Editor id={campaign} first={document} isNew={false} />;
}

function Editor({ id: firstId, first, isNew }: { id: string; first: Document; isNew: boolean }) {
  const [id, setId] = useState(firstId);
  const [document, setDocument] = useState(first);
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<{ text: string; fields: Readonly<Record<string, string[]>> } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const words = t().campaigns;

  const toJson = () => setText(JSON.stringify(document, null, 2));
  const toForm = () => {
    if (text === null) return;
    try {
      setDocument(JSON.parse(text) as Document);
      setText(null);
      setProblem(null);
    } catch (error) {
      setProblem({ text: `${words.notParsed}: ${(error as Error).message}`, fields: {} });
    }
  };
  const save = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const next = text === null ? document : (JSON.parse(text) as Document);
      if (isNew && (await isThere(id))) throw new ApiError(409, words.exists, { id: [words.exists] });
      const saved = await api.put(id, next);
      say(words.saved(saved.name ?? id));
      go({ page: 'live', campaign: id });
    } catch (error) {
      setProblem({ text: error instanceof SyntaxError ? `${words.notParsed}: ${error.message}` : messageOf(error), fields: error instanceof ApiError ? error.fields : {} });
      window.scrollTo({ top: 0 });
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form class="editor" onSubmit={(event) => void save(event)}>
      {problem && (
        <div class="refused" role="alert">
          <p>
            <Icon name="warning" /> <b>{words.refused}</b>
          </p>
          <p>{problem.text}</p>
        </div>
      )}
      <div class="controls">
        <Views
          label={t().live.views}
          value={text === null ? 'form' : 'json'}
          options={[
            ['form', words.form],
            ['json', words.json],
          ]}
          onChange={(next) => (next === 'json' ? text === null && toJson() : toForm())}
        />
        <span class="spring" />
        {!isNew && <Remove id={id} />}
        {!isNew && (
          <button type="button" onClick={() => saveFile(`${id}.json`, text ?? JSON.stringify({ id, ...document }, null, 2))}>
            {words.export}
          </button>
        )}
        <button type="submit" class="primary" disabled={isBusy}>
          {isNew ? words.create : words.save}
        </button>
      </div>
      {isNew && (
        <section class="board">
          <Field label={words.id} help={words.idHelp} errors={[...messagesAt(problem?.fields ?? {}, 'id'), ...messagesAt(problem?.fields ?? {}, 'campaign')]}>
            {(extra) => <input {...extra} value={id} required pattern="[a-z0-9\-]{1,64}" onInput={(event) => setId(event.currentTarget.value)} />}
          </Field>
        </section>
      )}
      {text === null ? (
        <Form document={document} errors={problem?.fields ?? {}} set={(path, value) => setDocument(write(document, path, value))} />
      ) : (
        <section class="board">
          <label class="field">
            <span>{words.json}</span>
            <textarea class="code" rows={28} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          </label>
          <p class="help">{words.jsonHelp}</p>
        </section>
      )}
    </form>
  );
}

async function isThere(id: string): Promise<boolean> {
  return api.campaign(id).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    },
  );
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface Extra {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

let fields = 0;

/** A label, what is typed, and the engine's own messages about it. */
function Field({ label, help, errors, children }: { label: string; help?: string; errors: readonly string[]; children: (extra: Extra) => preact.JSX.Element }) {
  const [id] = useState(() => `field-${fields++}`);
  const about = [help ? `${id}-help` : '', errors.length > 0 ? `${id}-errors` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': errors.length > 0, 'aria-describedby': about || undefined })}
      {help && (
        <small id={`${id}-help`}>{help}</small>
      )}
      {errors.length > 0 && (
        <p class="field-error" id={`${id}-errors`}>
          <Icon name="warning" /> {errors.join('; ')}
        </p>
      )}
    </div>
  );
}

interface FormProps {
  readonly document: Document;
  readonly errors: Readonly<Record<string, string[]>>;
  readonly set: (path: string, value: unknown) => void;
}

function Form({ document, errors, set }: FormProps) {
  const words = t().campaigns;
  const text = (path: string, label: string) => (
    <Field label={label} errors={messagesAt(errors, path)}>
      {(extra) => <input {...extra} value={String(read(document, path) ?? '')} onInput={(event) => set(path, event.currentTarget.value || undefined)} />}
    </Field>
  );
  const number = (path: string, label: string, help?: string) => (
    <Field label={label} help={help} errors={messagesAt(errors, path)}>
      {(extra) => <input {...extra} type="number" step="any" value={String(read(document, path) ?? '')} onInput={(event) => set(path, event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))} />}
    </Field>
  );
  const list = (path: string, label: string) => (
    <Field label={label} errors={messagesAt(errors, path, true)}>
      {(extra) => <input {...extra} value={((read(document, path) as string[] | undefined) ?? []).join(', ')} onChange={(event) => set(path, listOf(event.currentTarget.value))} />}
    </Field>
  );
  const slots = (read(document, 'slots') ?? []) as Document[];
  const rewards = Object.entries((read(document, 'rewards') ?? {}) as Document);
  return (
    <>
      <section class="board fields">
        {text('name', words.name)}
        <Field label={t().live.state} errors={messagesAt(errors, 'status')}>
          {(extra) => (
            <select {...extra} value={String(read(document, 'status') ?? 'live')} onChange={(event) => set('status', event.currentTarget.value)}>
              <option value="live">{t().status.live}</option>
              <option value="paused">{t().status.paused}</option>
            </select>
          )}
        </Field>
      </section>
      {slots.map((_, i) => (
        <SlotForm key={i} document={document} errors={errors} set={set} at={`slots.${i}`} isOnly={slots.length === 1} />
      ))}
      <p>
        <button type="button" onClick={() => set(`slots.${slots.length}`, { id: nextId('slot-', slots.map((slot) => slot.id)), kind: 'text', modules: [{ id: 'm1', content: { text: '' } }] })}>
          <Icon name="plus" />
          {words.addSlot}
        </button>
        <Errors messages={messagesAt(errors, 'slots')} />
      </p>
      <section class="board">
        <h2>{words.policy}</h2>
        <div class="fields">
          {number('policy.control', words.control, words.controlHelp)}
          {text('policy.attributionWindow', words.window)}
        </div>
        <h3>{words.rewards}</h3>
        {rewards.map(([signal, weight]) => (
          <div key={signal} class="fields">
            <Field label={words.signal} errors={[]}>
              {(extra) => <input {...extra} value={signal} readOnly />}
            </Field>
            <Field label={words.weight} errors={messagesAt(errors, `rewards.${signal}`, true)}>
              {(extra) =>
                typeof weight === 'number' ? (
                  <input {...extra} type="number" step="any" value={weight} onInput={(event) => set(`rewards.${signal}`, Number(event.currentTarget.value))} />
                ) : (
                  <input {...extra} value={JSON.stringify(weight)} readOnly />
                )
              }
            </Field>
            <button type="button" class="plain" aria-label={`${words.remove}: ${signal}`} onClick={() => set(`rewards.${signal}`, undefined)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
        <AddReward taken={rewards.map(([signal]) => signal)} add={(signal) => set(`rewards.${signal}`, 1)} />
        <Errors messages={messagesAt(errors, 'rewards')} />
      </section>
      <section class="board">
        <h2>{words.governance}</h2>
        <div class="fields">
          <Field label={words.mode} errors={messagesAt(errors, 'governance.mode')}>
            {(extra) => (
              <select {...extra} value={String(read(document, 'governance.mode') ?? 'approve')} onChange={(event) => set('governance.mode', event.currentTarget.value)}>
                {Object.entries(words.modes).map(([mode, label]) => (
                  <option key={mode} value={mode}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {text('brief.brand', words.brand)}
          {text('brief.objective', words.objective)}
          {text('brief.language', words.language)}
          {list('brief.tone', words.tone)}
          {list('brief.neverSay', words.never)}
        </div>
      </section>
    </>
  );
}

function SlotForm({ document, errors, set, at, isOnly }: FormProps & { at: string; isOnly: boolean }) {
  const words = t().campaigns;
  const modules = (read(document, `${at}.modules`) ?? []) as Document[];
  const kind = String(read(document, `${at}.kind`) ?? 'text');
  return (
    <section class="board">
      <div class="fields">
        <Field label={t().slot} errors={[...messagesAt(errors, `${at}.id`), ...messagesAt(errors, at)]}>
          {(extra) => <input {...extra} value={String(read(document, `${at}.id`) ?? '')} onInput={(event) => set(`${at}.id`, event.currentTarget.value)} />}
        </Field>
        <Field label={words.kind} errors={messagesAt(errors, `${at}.kind`)}>
          {(extra) => (
            <select {...extra} value={words.kinds[kind] ? kind : 'other'} onChange={(event) => set(`${at}.kind`, event.currentTarget.value)}>
              {Object.entries(words.kinds).map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        {!isOnly && (
          <button type="button" class="plain" onClick={() => set(at, undefined)} aria-label={`${words.remove}: ${String(read(document, `${at}.id`))}`}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <Errors messages={messagesAt(errors, `${at}.modules`)} />
      {modules.map((module, i) => {
        const mine = `${at}.modules.${i}`;
        const member = (name: string, label: string) => (
          <Field label={label} errors={messagesAt(errors, `${mine}.content.${name}`)}>
            {(extra) => <input {...extra} value={String(read(document, `${mine}.content.${name}`) ?? '')} onInput={(event) => set(`${mine}.content.${name}`, event.currentTarget.value)} />}
          </Field>
        );
        return (
          <div key={i} class="fields module-fields">
            <Field label={t().module} errors={[...messagesAt(errors, `${mine}.id`), ...messagesAt(errors, mine), ...messagesAt(errors, `${mine}.content`)]}>
              {(extra) => <input {...extra} value={String(module.id ?? '')} onInput={(event) => set(`${mine}.id`, event.currentTarget.value)} />}
            </Field>
            {kind === 'image' ? (
              <>
                {member('url', words.url)}
                {member('alt', words.alt)}
              </>
            ) : kind === 'text' ? (
              member('text', words.text)
            ) : (
              <Field label={words.content} errors={messagesAt(errors, `${mine}.content`, true)}>
                {(extra) => <input {...extra} value={JSON.stringify(module.content ?? {})} readOnly />}
              </Field>
            )}
            {modules.length > 1 && (
              <button type="button" class="plain" onClick={() => set(mine, undefined)} aria-label={`${words.remove}: ${String(module.id)}`}>
                <Icon name="close" />
              </button>
            )}
          </div>
        );
      })}
      <button type="button" class="small" onClick={() => set(`${at}.modules.${modules.length}`, { id: nextId(String(modules[0]?.id ?? 'm').replace(/\d+$/, ''), modules.map((module) => module.id)), content: kind === 'image' ? { url: '', alt: '' } : { text: '' } })}>
        <Icon name="plus" />
        {words.addModule}
      </button>
    </section>
  );
}

function Errors({ messages }: { messages: readonly string[] }) {
  if (messages.length === 0) return null;
  return (
    <span class="field-error">
      <Icon name="warning" /> {messages.join('; ')}
    </span>
  );
}

function AddReward({ taken, add }: { taken: readonly string[]; add: (signal: string) => void }) {
  const [signal, setSignal] = useState('');
  const words = t().campaigns;
  const isGood = /^[A-Za-z0-9-]{1,64}$/.test(signal) && !taken.includes(signal);
  return (
    <div class="fields">
      <Field label={words.addReward} errors={[]}>
        {(extra) => <input {...extra} value={signal} onInput={(event) => setSignal(event.currentTarget.value)} />}
      </Field>
      <button
        type="button"
        disabled={!isGood}
        onClick={() => {
          add(signal);
          setSignal('');
        }}
      >
        <Icon name="plus" />
        {words.addReward}
      </button>
    </div>
  );
}

function Remove({ id }: { id: string }) {
  const [isAsked, setIsAsked] = useState(false);
  const words = t().campaigns;
  const remove = () =>
    void api.remove(id).then(
      () => {
        say(words.deleted(id));
        go({ page: 'campaigns' });
      },
      sayFailed,
    );
  return (
    <>
      <button type="button" class="danger" onClick={() => setIsAsked(true)}>
        {words.delete}
      </button>
      {isAsked && (
        <Dialog title={words.delete} close={() => setIsAsked(false)}>
          <p>{words.deleteSure}</p>
          <footer>
            <button type="button" class="danger" onClick={remove}>
              {words.delete}
            </button>
            <button type="button" onClick={() => setIsAsked(false)}>
              {t().cancel}
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}
