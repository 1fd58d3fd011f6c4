// What the Data tab asks, and what it is answered.

import type { Corners } from "../../core/corners.js";
import type { Job } from "../../core/jobs.js";

export type Kind = "image" | "region" | "text";

export interface Source {
  source: string;
  split: string;
  images: number;
  regions: number;
}

/** A model, and how much of the workspace has its vectors. */
export interface IndexedModel {
  id: number;
  name: string;
  /** Whether it is the one in use. */
  loaded: boolean;
  dimensions: number;
  image: number;
  region: number;
  text: number;
}

export interface MapRun {
  id: number;
  name: string;
  model_id: number;
  kind: Kind;
  points: number;
  fitted: number;
  parameters: { neighbours: number; seed: number };
}

/** What was left out of an import or an index, and why. */
export interface LeftOut {
  source: string;
  place: string;
  reason: string;
}

/** Where one of a group lies. */
export interface Location {
  owner: number;
  image: number;
  name: string;
  source: string;
  phrase: string;
  box: Corners | null;
}

/** What is there twice: the largest groups, and the first members of each. */
export interface Duplicates {
  title: string;
  kind: Kind;
  count: number;
  groups: { size: number; members: Location[] }[];
}

export interface WorkspaceState {
  job: Job | null;
  folder: string;
  images: number;
  regions: number;
  texts: number;
  negatives: number;
  /** Bytes. */
  disk: number;
  pictures: number;
  memory: number;
  sources: Source[];
  models: IndexedModel[];
  maps: MapRun[];
  faults: number;
  listed: LeftOut[];
  twins: Duplicates | null;
}

export interface DataServer {
  state: () => Promise<WorkspaceState>;
  start: (question: { work: string } & Record<string, unknown>) => Promise<{ job: Job | null }>;
  job: () => Promise<{ job: Job | null }>;
  stop: () => Promise<object>;
  remove: (question: { map: number }) => Promise<object>;
}

export interface Format {
  name: string;
  title: string;
}

export interface DataStart {
  card: { name: string };
  readable: Format[];
  writable: Format[];
}
