import type { Scores } from '../api/types';
import { count, decimal, percent, t } from '../i18n';
import { Badge, Empty } from '../ui/parts';

/** The leaderboards of a segment, channel by channel. */
export function Channels({ scores, segment }: { scores: Scores; segment: string }) {
  const channels = scores.segments.find((each) => each.id === segment)?.channels ?? [];
  if (channels.length === 0) return <Empty title={t().live.noChannels} text={t().live.noChannelsText} />;
  const words = t().live;
  return (
    <>
      {channels.map((channel) => (
        <section key={channel.id} class="board" aria-label={`${t().channel} ${channel.id}`}>
          <header class="board-head">
            <h2>{channel.id}</h2>
            <span class="quiet">
              {count(channel.impressions)} {t().impressions.toLowerCase()}
            </span>
          </header>
          <div class="scroller" tabIndex={0} role="group" aria-label={channel.id}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t().slot}</th>
                  <th scope="col">{t().module}</th>
                  <th scope="col" class="number">{words.resonance}</th>
                  <th scope="col" class="number">{words.best}</th>
                  <th scope="col" class="number">{t().impressions}</th>
                  <th scope="col">{words.state}</th>
                </tr>
              </thead>
              <tbody>
                {channel.slots.flatMap((slot) =>
                  [...slot.modules]
                    .sort((a, b) => b.resonance.mean - a.resonance.mean)
                    .map((module) => (
                      <tr key={`${slot.id}/${module.id}`}>
                        <td>{slot.id}</td>
                        <th scope="row">{module.id}</th>
                        <td class="number">{`${decimal(module.resonance.mean, 0)} (${decimal(module.resonance.low, 0)}–${decimal(module.resonance.high, 0)})`}</td>
                        <td class="number">{percent(module.probabilityBest, 1)}</td>
                        <td class="number">{count(module.impressions)}</td>
                        <td>
                          <Badge tone="quiet">{words.states[module.state] ?? module.state}</Badge>
                        </td>
                      </tr>
                    )),
                )}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </>
  );
}
