import type { components } from './schema';

type Schemas = components['schemas'];

export type Campaign = Schemas['Campaign'];
export type CampaignOverview = Schemas['CampaignOverview'];
export type Estimate = Schemas['Estimate'];
export type Experiment = Schemas['Experiment'];
export type ExperimentReading = Schemas['ExperimentReading'];
export type Figure = Schemas['Figure'];
export type Finding = Schemas['Finding'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Insights = Schemas['Insights'];
export type Module = Schemas['Module'];
export type ModuleScores = Schemas['ModuleScores'];
export type Overview = Schemas['Overview'];
export type Problem = Schemas['ProblemDetails'];
export type Proposal = Schemas['Proposal'];
export type Scores = Schemas['Scores'];
export type SegmentScores = Schemas['SegmentScores'];
