import { api } from '../api/client';
import { useTick } from '../api/useTick';
import { t } from '../i18n';
import { language } from '../shell/settings';
import type { IconName } from '../ui/icons';
import { Figures } from '../ui/Figures';
import { Badge, Empty, Failed, Skeleton, useLoaded, type Tone } from '../ui/parts';

const looks: Record<string, readonly [IconName, Tone]> = { resonates: ['rising', 'good'], fades: ['losing', 'warn'], new: ['plus', 'accent'], toDo: ['check', 'quiet'] };

/** What can be said of a campaign, each sentence with the figures that it stands on. */
export function Insights({ campaign }: { campaign: string }) {
  const tick = useTick(campaign, 10_000);
  const found = useLoaded(`${campaign}/${language.value}`, (signal) => api.insights(campaign, language.value, signal), tick);
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Skeleton />;
  const words = t().insights;
  if (found.value.insights.length === 0) return <Empty title={words.empty} text={words.emptyText} />;
  return (
    <ul class="insights">
      {found.value.insights.map((insight) => {
        const [icon, tone] = looks[insight.kind] ?? ['info', 'quiet'];
        return (
          <li key={`${insight.kind}/${insight.figures.map((figure) => figure.name).join()}/${insight.sentence.slice(0, 24)}`}>
            <Badge tone={tone} icon={icon}>
              {words.kinds[insight.kind] ?? insight.kind}
            </Badge>
            <p>{insight.sentence}</p>
            {insight.figures.length > 0 && (
              <details>
                <summary>{words.standsOn(insight.figures.length)}</summary>
                <Figures figures={insight.figures} />
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}
