import { api } from '../api/client';
import type { Webhook } from '../api/types';
import { useEvery } from '../api/useTick';
import { count, t } from '../i18n';
import type { IconName } from '../ui/icons';
import { Badge, messageOf, Skeleton, type Tone, useLoaded } from '../ui/parts';
import { say, sayFailed } from '../ui/toasts';

const everyMs = 5_000;
const make = (origin: string) => `flywheel webhooks set ops https://hooks.example.com/flywheel --url ${origin}`;

/** Who is told when something wants a person, what waits and what was given up. Who may see this may send it again: the role is the same. */
export function Webhooks() {
  const found = useLoaded('', api.webhooks, useEvery(everyMs));
  const words = t().webhooks;
  const replay = ({ id }: Webhook) =>
    void api.replay(id).then(
      ({ replayed }) => {
        say(words.replayed(id, replayed));
        found.reload();
      },
      sayFailed,
    );
  return (
    <section class="board webhooks" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="help">
        {words.made} <code>{make(location.origin)}</code>
      </p>
      {found.value ? (
        found.value.length === 0 ? <p class="quiet">{words.none}</p> : <Table hooks={found.value} replay={replay} />
      ) : found.error ? (
        <p class="note warn">{messageOf(found.error)}</p>
      ) : (
        <Skeleton lines={2} />
      )}
    </section>
  );
}

function Table({ hooks, replay }: { hooks: readonly Webhook[]; replay: (hook: Webhook) => void }) {
  const words = t().webhooks;
  return (
    <div class="scroller" tabIndex={0} role="group" aria-label={words.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.webhook}</th>
            <th scope="col">{words.events}</th>
            <th scope="col">{t().operations.state}</th>
            <th scope="col" class="number">{words.waiting}</th>
            <th scope="col" class="number">{words.dead}</th>
            <th scope="col">{t().live.actions}</th>
          </tr>
        </thead>
        <tbody>
          {hooks.map((hook) => (
            <Row key={hook.id} hook={hook} replay={() => replay(hook)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function lookOf(hook: Webhook): readonly ['gone' | 'off' | 'on', IconName, Tone] {
  return hook.gone ? ['gone', 'close', 'bad'] : hook.enabled ? ['on', 'live', 'good'] : ['off', 'pause', 'quiet'];
}

function Row({ hook, replay }: { hook: Webhook; replay: () => void }) {
  const words = t().webhooks;
  const [state, icon, tone] = lookOf(hook);
  return (
    <tr>
      <th scope="row">
        {hook.id}
        {hook.description && <small>{hook.description}</small>}
        <small class="address">{hook.url}</small>
      </th>
      <td>
        {hook.events.map((event) => (
          <span key={event} class="chip">{event}</span>
        ))}
        {hook.campaigns.length > 0 && <small>{words.campaigns(hook.campaigns.join(', '))}</small>}
      </td>
      <td>
        <Badge tone={tone} icon={icon}>
          {words.states[state]}
        </Badge>
      </td>
      <td class="number">{count(hook.queued)}</td>
      <td class="number">{count(hook.deadLetters)}</td>
      <td class="nowrap">
        <button type="button" class="small" disabled={hook.deadLetters === 0 || !hook.enabled} onClick={replay} aria-label={`${words.replay}: ${hook.id}`}>
          {words.replay}
        </button>
      </td>
    </tr>
  );
}
