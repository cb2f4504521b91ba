import { useEffect, useState } from 'preact/hooks';
import { paused } from '../shell/settings';
import { watch } from './stream';

/** A number that rises when the campaign has news, at most once in `everyMs`: for pages whose figures have no stream of their own. */
export function useTick(campaign: string, everyMs: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    let waiting = 0;
    const close = watch(`/v1/campaigns/${campaign}/scores/stream?segment=default`, () => {
      waiting ||= window.setTimeout(() => {
        waiting = 0;
        if (!paused.value) setTick((n) => n + 1);
      }, everyMs);
    });
    return () => {
      close();
      clearTimeout(waiting);
    };
  }, [campaign, everyMs]);
  return tick;
}
