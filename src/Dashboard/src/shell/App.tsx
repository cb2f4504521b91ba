import { useEffect, useRef, useState } from 'preact/hooks';
import { connection } from '../api/stream';
import { api } from '../api/client';
import { Experiment } from '../experiment/Experiment';
import { History } from '../history/History';
import { Inbox } from '../inbox/Inbox';
import { Insights } from '../insights/Insights';
import { Live } from '../live/Live';
import { Operations } from '../operations/Operations';
import { Campaigns } from '../campaigns/Campaigns';
import { EditCampaign, NewCampaign } from '../campaigns/Editor';
import { ago, duration, t } from '../i18n';
import { Icon, type IconName } from '../ui/icons';
import { useLoaded } from '../ui/parts';
import { Toasts } from '../ui/toasts';
import { href, route, type CampaignPage } from './router';
import { askSession, seesTheEngine, session, signOut } from './session';
import { SignIn } from './SignIn';
import { language, paused, setLanguage, setPaused, setTheme, theme, type Language, type Theme } from './settings';

export function App() {
  const to = route.value;
  const who = session.value;
  useEffect(() => void askSession(), []);
  useEffect(() => {
    document.title = [titleOf(), 'campaign' in to ? to.campaign : null, t().app].filter(Boolean).join(' · ');
  });
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {t().skip}
      </a>
      <Header />
      <LostBar />
      {typeof who === 'object' && 'campaign' in to && <CampaignBar key={to.campaign} campaign={to.campaign} page={to.page} />}
      <main id="main" tabIndex={-1} aria-busy={who === 'asking'}>
        {who === 'none' ? <SignIn /> : who !== 'asking' && <Page key={JSON.stringify(to)} />}
      </main>
      <Toasts />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function titleOf(): string {
  const page = route.value.page;
  return page === 'missing' ? t().missing.title : t().nav[page];
}

function Page() {
  const to = route.value;
  switch (to.page) {
    case 'campaigns':
      return <Campaigns />;
    case 'live':
      return <Live campaign={to.campaign} />;
    case 'experiment':
      return <Experiment campaign={to.campaign} />;
    case 'inbox':
      return <Inbox campaign={to.campaign} />;
    case 'insights':
      return <Insights campaign={to.campaign} />;
    case 'history':
      return <History campaign={to.campaign} />;
    case 'edit':
      return <EditCampaign campaign={to.campaign} />;
    case 'operations':
      return <Operations />;
    case 'new':
      return <NewCampaign />;
    default:
      return (
        <div class="empty">
          <h1>{t().missing.title}</h1>
          <p>{t().missing.text}</p>
          <a class="button" href={href({ page: 'campaigns' })}>
            {t().missing.back}
          </a>
        </div>
      );
  }
}

function Header() {
  const page = route.value.page;
  const who = session.value;
  return (
    <header class="top">
      <a class="brand" href="#/campaigns">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="16" cy="16" r="10" />
          <circle cx="16" cy="16" r="2.5" />
          <path d="M16 6v7M16 19v7M6 16h7M19 16h7" />
        </svg>
        {t().app}
      </a>
      <nav aria-label={t().nav.main}>
        <a href="#/campaigns" aria-current={page === 'campaigns' ? 'page' : undefined}>
          {t().nav.campaigns}
        </a>
        {typeof who === 'object' && seesTheEngine(who) && (
          <a href="#/operations" aria-current={page === 'operations' ? 'page' : undefined}>
            {t().nav.operations}
          </a>
        )}
      </nav>
      <div class="tools">
        <ConnectionWord />
        {typeof who === 'object' && who.needsKey && (
          <button type="button" class="plain" title={t().signIn.as(who.tenant, t().signIn.roles[who.role] ?? who.role)} onClick={() => void signOut()}>
            {t().signIn.leave}
          </button>
        )}
        <button type="button" class="plain" aria-pressed={paused.value} onClick={() => setPaused(!paused.value)}>
          <Icon name={paused.value ? 'play' : 'pause'} />
          <span class="wide">{paused.value ? t().settings.resume : t().settings.pause}</span>
          <span class="unseen narrow">{paused.value ? t().settings.resume : t().settings.pause}</span>
        </button>
        <select aria-label={t().settings.theme} value={theme.value} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">{t().settings.system}</option>
          <option value="light">{t().settings.light}</option>
          <option value="dark">{t().settings.dark}</option>
        </select>
        <select aria-label={t().settings.language} value={language.value} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          <option value="en" lang="en">
            English
          </option>
          <option value="fr" lang="fr">
            Français
          </option>
        </select>
      </div>
    </header>
  );
}

const connectionIcons: Record<string, IconName> = { live: 'live', connecting: 'learning', stale: 'warning', lost: 'lost', gone: 'stop' };

function ConnectionWord() {
  const { state } = connection.value;
  if (state === 'idle') return null;
  return (
    <span class={`connection ${state}`} role="status">
      <Icon name={connectionIcons[state]!} />
      {t().connection[state]}
    </span>
  );
}

/** Says that what is seen is old, and how old; nothing while all is well. */
function LostBar() {
  const { state, heardAt, retryAt } = connection.value;
  const [now, setNow] = useState(Date.now());
  const isShown = state === 'lost' || state === 'stale' || state === 'gone';
  useEffect(() => {
    if (!isShown) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isShown, heardAt, retryAt]);
  if (!isShown) return null;
  const wait = duration(Math.max(1_000, Math.ceil((retryAt - now) / 1_000) * 1_000));
  const words = t().connection;
  return (
    <p class={`lost-bar ${state}`}>
      <Icon name={connectionIcons[state]!} />
      {state === 'gone' ? words.goneLong : heardAt === 0 ? words.lostNever(wait) : state === 'stale' ? words.staleLong(ago(now - heardAt)) : words.lostLong(ago(now - heardAt), wait)}
    </p>
  );
}

const tabs: readonly CampaignPage[] = ['live', 'experiment', 'inbox', 'insights', 'history', 'edit'];

function CampaignBar({ campaign, page }: { campaign: string; page: CampaignPage }) {
  const listing = useLoaded(campaign, (signal) => api.campaign(campaign, signal));
  const name = listing.value?.name ?? campaign;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' }), [page]);
  return (
    <section class="campaign-bar" aria-label={`${t().nav.campaign}: ${name}`}>
      <div class="campaign-name">
        <h1>{name}</h1>
        {name !== campaign && <code>{campaign}</code>}
        {listing.value?.simulation && (
          <span class="demo-badge" title={t().demoLong}>
            {t().demo}
            <span class="unseen">: {t().demoLong}</span>
          </span>
        )}
      </div>
      <nav ref={nav} aria-label={t().nav.campaign}>
        {tabs.map((each) => (
          <a key={each} href={href({ page: each, campaign })} aria-current={each === page ? 'page' : undefined}>
            {t().nav[each]}
          </a>
        ))}
      </nav>
    </section>
  );
}
