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

/** A number that rises every so often, not while updates are paused or the tab is hidden: for what has no stream. */
export function useEvery(everyMs: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => !paused.value && document.visibilityState === 'visible' && setTick((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return tick;
}
