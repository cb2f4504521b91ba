import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import { watch } from '../api/stream';
import type { Campaign, ModuleList, Scores } from '../api/types';
import { paused } from '../shell/settings';

/** The scores as they come, at most once a frame, not while updates are paused or the tab is hidden; the campaign that they are of, and how its modules stand. */
export function useScores(id: string, segment: string | null, byChannel: boolean) {
  const [scores, setScores] = useState<Scores>();
  const [campaign, setCampaign] = useState<Campaign>();
  const [modules, setModules] = useState<ModuleList>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const newest = useRef<string | undefined>(undefined);
  const isShown = useRef(false);
  const revision = useRef(-1);

  useEffect(() => {
    const stop = new AbortController();
    Promise.all([api.campaign(id, stop.signal), api.modules(id, stop.signal)]).then(
      ([value, standing]) => {
        if (stop.signal.aborted) return;
        setCampaign(value);
        setModules(standing);
        revision.current = standing.revision;
        setError(undefined);
      },
      (failure: unknown) => {
        if (stop.signal.aborted) return;
        setError(failure);
        setTimeout(() => setTurn((n) => n + 1), 3_000);
      },
    );
    return () => stop.abort();
  }, [id, turn]);

  useEffect(() => {
    let frame = 0;
    const show = () => {
      frame = 0;
      if (newest.current === undefined || (paused.value && isShown.current)) return;
      const next = JSON.parse(newest.current) as Scores;
      newest.current = undefined;
      isShown.current = true;
      setScores(next);
    };
    const query = [segment === null ? '' : `segment=${segment}`, byChannel ? 'by=channel' : ''].filter(Boolean).join('&');
    const close = watch(`/v1/campaigns/${id}/scores/stream${query && `?${query}`}`, (name, data) => {
      if (name === 'messaging' && (JSON.parse(data) as { revision: number }).revision > revision.current) setTurn((n) => n + 1);
      if (name !== 'scores') return;
      newest.current = data;
      frame ||= requestAnimationFrame(show);
    });
    const release = paused.subscribe((on) => {
      if (!on && newest.current !== undefined) frame ||= requestAnimationFrame(show);
    });
    return () => {
      close();
      release();
      cancelAnimationFrame(frame);
    };
  }, [id, segment, byChannel]);

  return { scores, campaign, modules, error, reload: () => setTurn((n) => n + 1) };
}
