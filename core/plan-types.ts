import type { JudgeSettings } from './judge/settings.ts';

/** A rollout as it is meant, of one service: every default filled in. */
export type Plan = {
  service: string;
  owner: string;
  runbook: string;
  replicas: number;
  /** Null where the plan's file says no start: weeks are counted then. */
  calendar: Calendar | null;
  /**
   * Everything in its order, for the calendar and the controller's steps. What comes after the last ramp is outside the Rollout: the
   * release is promoted by then, and a hold there holds only the retire behind it.
   */
  steps: PlanStep[];
  /** Of the steps those that are judged: one shadow, then ramps. */
  phases: PlanPhase[];
  freezes: Freeze[];
  team: Team;
  notify: Notify[];
  trainings: Training[];
  stations: StationRules;
  success: Success;
  /** Null: the release has one model. */
  arms: Arms | null;
  /** Limits that replace the gates' own, by gate name. */
  gates: Record<string, { threshold: number }>;
  judge: JudgeSettings;
  resources: Record<'serving' | 'training', PodResources>;
  retraining: Retraining | null;
  evidence: { retain_hours: number };
  /** Why an aborted release is tried again, by its digest. */
  acknowledge: Record<string, string>;
  /** Hours of telemetry that a rehearsal spends in each phase. */
  rehearsal: { shadow_hours: number; ramp_hours: number };
};

export type PlanPhase = {
  /** "shadow", "ramp-10": unique within a plan, part of object names. */
  name: string;
  kind: 'shadow' | 'ramp';
  /** Share of stations that the candidate answers. */
  weight_percent: number;
  /** Share of requests copied to the candidate. */
  mirror_percent: number;
  /** Limits that replace the plan's in this phase, by gate name. */
  gates: Record<string, { threshold: number }>;
  hours: number;
  on_call: Role[];
};

/** One step of a plan; `name` is unique within it, `hours` how long it lasts or is expected to. */
export type PlanStep = PlanPhase | Preparation | Hold | RetireStep | Assessment;
export type Preparation = StepBase & { kind: 'prepare'; what: string[] };
/** A person decides; until then the release stays where it is. */
export type Hold = StepBase & { kind: 'hold'; reason: string; by: Role | null };
export type RetireStep = StepBase & { kind: 'retire' } & Retirement;
/** Compares as many hours before the first ramp as after the last one. */
export type Assessment = StepBase & { kind: 'assess'; window_hours: number };
type StepBase = { name: string; hours: number; on_call: Role[] };

export type Retirement = {
  /** Digest of each one's artefact, by name. */
  predictors: Record<string, string>;
  flags: string[];
  dashboards: string[];
  alerts: string[];
  /** Null until somebody approved the hold before it: nothing goes before. */
  approved_by: string | null;
};

export type Calendar = { start: string; zone: string };

/** A window in which nothing advances, by the clock of `zone`: from its first moment up to the first one after it. */
export type Freeze = { name: string; from: string; to: string; zone: string };

export type Role = 'ml-engineers' | 'devops' | 'qa' | 'ux' | 'product' | 'data-engineers';
export type Team = Partial<Record<Role, { contact: string; on_call?: string }>>;

export type ReleaseEvent = 'started' | 'advanced' | 'waiting' | 'held' | 'aborted' | 'promoted';
/** `to`: "slack:CHANNEL", "email:ADDRESS", "webhook:NAME". */
export type Notify = { when: ReleaseEvent[]; to: string[] };

/** `before`: the name of a step, or its kind: the first of it. `at`: as "10:00", by the clock of the calendar's zone. */
export type Training = {
  title: string;
  before: string;
  days_before: number;
  at: string;
  minutes: number;
  for?: string;
};

export type StationRules = { inventory: string | null; pinned: StationSelector[]; kept_out: StationSelector[] };
/** One of the three. */
export type StationSelector = { id?: string; region?: string; criticality?: string };

/** Variants of one release, side by side. */
export type Arms = {
  /** Answers the stations of an arm that is switched off. */
  default: string;
  /** Meant to win. */
  expected: string;
  /** Percent of the candidate's stations, by arm; together 100. */
  shares: Record<string, number>;
};

export type Success = {
  /** Least gains, and most p99 latency above the stable's. */
  accuracy_percent: number;
  outcome_percent: number;
  latency_ms: number;
  /** Least mean score, of 1 to 5, from at least so many answers; null: no score is named, and feedback must be above the middle of 3. */
  feedback: { score: number; answers: number } | null;
};

export type PodResources = { cpu: string; memory: string; gpus: number; node_pool: string | null };

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Off-peak hours by the clock of `zone`, as "01:00", in which a model of this kind is trained on the last so many hours of readings. */
export type Retraining = {
  days: Weekday[];
  from: string;
  to: string;
  zone: string;
  model: TrainedModel;
  history_hours: number;
};
export type TrainedModel = 'dense' | 'ridge' | 'online' | 'ensemble' | 'all';
