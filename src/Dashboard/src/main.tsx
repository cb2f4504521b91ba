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
import { applySettings } from './shell/settings';
import { App } from './shell/App';

applySettings();
render(<App />, document.getElementById('app')!);
