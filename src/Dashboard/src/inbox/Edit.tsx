import { useState } from 'preact/hooks';
import { api, ApiError } from '../api/client';
import type { Content, Proposal } from '../api/types';
import { messagesAt } from '../campaigns/fields';
import { t } from '../i18n';
import { Dialog, FormEnd, messageOf, Wrong } from '../ui/parts';
import { contentOf, type Draft, draftOf } from './draft';

/** A person's version of a proposal: the engine's messages stand at the field that they are about. */
export function Edit({ proposal, close, done }: { proposal: Proposal; close: () => void; done: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(proposal.module.content));
  const [comment, setComment] = useState('');
  const [errors, setErrors] = useState<Readonly<Record<string, string[]>>>({});
  const [isSending, setIsSending] = useState(false);
  const words = t().inbox;
  const names: Record<string, string> = { text: t().campaigns.text, url: t().campaigns.url, alt: t().campaigns.alt, json: t().campaigns.content };
  const submit = async (event: Event) => {
    event.preventDefault();
    let content: Content;
    try {
      content = contentOf(proposal.module.content, draft);
    } catch (malformed) {
      return setErrors({ json: [`${t().campaigns.notParsed}: ${(malformed as Error).message}`] });
    }
    setIsSending(true);
    try {
      await api.edit(proposal.campaign, proposal.id, content, proposal.module.attributes, comment.trim());
      done();
    } catch (failure) {
      setErrors(failure instanceof ApiError && Object.keys(failure.fields).length > 0 ? failure.fields : { '': [messageOf(failure)] });
      setIsSending(false);
    }
  };
  const fields = Object.keys(draft);
  // What is about the content as a whole stands at its first field.
  const at = (name: string) => [...messagesAt(errors, name === 'json' ? 'json' : `content.${name}`), ...(name === fields[0] ? [...messagesAt(errors, 'content'), ...messagesAt(errors, '')] : [])];
  const known = new Set([...fields.map((name) => `content.${name}`), 'content', 'comment', 'json', '']);
  const others = Object.entries(errors).flatMap(([field, messages]) => (known.has(field) ? [] : messages.map((message) => `${field}: ${message}`)));
  return (
    <Dialog title={`${words.edit} · ${proposal.id}`} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <p class="help">{words.editHelp}</p>
        {fields.map((name, i) => (
          <Field key={name} name={`edit-${name}`} label={names[name] ?? name} value={draft[name]!} isFirst={i === 0} isCode={name === 'json'} messages={at(name)} onChange={(value) => setDraft({ ...draft, [name]: value })} />
        ))}
        <Field name="edit-comment" label={words.comment} value={comment} messages={[...messagesAt(errors, 'comment'), ...others]} onChange={setComment} />
        <FormEnd verb={words.save} disabled={isSending} close={close} />
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly isFirst?: boolean;
  readonly isCode?: boolean;
  readonly messages: readonly string[];
  readonly onChange: (value: string) => void;
}

function Field({ name, label, value, isFirst = false, isCode = false, messages, onChange }: FieldProps) {
  const isWrong = messages.length > 0;
  return (
    <div class="field edit-field">
      <label for={name}>{label}</label>
      <textarea
        id={name}
        class={isCode ? 'code' : undefined}
        rows={isCode ? 8 : 2}
        value={value}
        data-first={isFirst || undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${name}-wrong` : undefined}
      />
      <Wrong id={`${name}-wrong`} text={messages.join(' ')} />
    </div>
  );
}
