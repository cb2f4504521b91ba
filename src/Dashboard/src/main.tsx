import { render } from 'preact';
import './ui/base.css';
import './ui/parts.css';
import './shell/shell.css';
import './charts/charts.css';
import './live/live.css';
import './experiment/experiment.css';
import './inbox/inbox.css';
import './history/history.css';
import './campaigns/campaigns.css';
import './operations/operations.css';
import { applySettings } from './shell/settings';
import { App } from './shell/App';
import { allowImages } from './ui/content';

applySettings();
allowImages((document.querySelector<HTMLMetaElement>('meta[name=image-origins]')?.content ?? '').split(' ').filter(Boolean));
render(<App />, document.getElementById('app')!);
