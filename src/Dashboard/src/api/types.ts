import type { components } from './schema';

type Schemas = components['schemas'];

export type Campaign = Schemas['Campaign'];
export type CampaignOverview = Schemas['CampaignOverview'];
export type Cluster = Schemas['ClusterReport'];
export type Content = NonNullable<Schemas['Module']['content']>;
export type Estimate = Schemas['Estimate'];
export type Experiment = Schemas['Experiment'];
export type ExperimentReading = Schemas['ExperimentReading'];
export type Figure = Schemas['Figure'];
export type Finding = Schemas['Finding'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Insights = Schemas['Insights'];
export type Ledger = Schemas['Ledger'];
export type Module = Schemas['Module'];
export type ModuleList = Schemas['ModuleList'];
export type ModuleScores = Schemas['ModuleScores'];
export type ModuleShown = Schemas['ModuleShown'];
export type Overview = Schemas['Overview'];
export type Problem = Schemas['ProblemDetails'];
export type Proposal = Schemas['Proposal'];
export type Session = Schemas['SessionReport'];
export type Scores = Schemas['Scores'];
export type SegmentScores = Schemas['SegmentScores'];
export type Trends = Schemas['Trends'];
