// What the Negatives tab asks beside what every tab with a picture does, and what it is answered.

import type { Corners } from "../../core/corners.js";
import type { JobServer } from "../../core/jobs.js";
import type { PictureStart } from "../../core/start.js";
import type { PictureServer, Session } from "../../scoring/session.js";

/** A text, what it gets wrong, and where it differs from the true caption, in characters. */
export interface Negative {
  text: string;
  kinds: string[] | null;
  spans: [start: number, end: number][];
}

/** A region that a picture is known to have. */
export interface KnownRegion {
  box: Corners;
  phrase: string;
  negatives: { text: string; attribute: string }[];
}

/** How rewrites are made: how many, how many attributes of each are wrong, and the seed. */
export interface Wanted {
  count: number;
  changes: number;
  seed: number;
}

/** How a chat model wrote: its replies, and how often rules refused one for which reason. */
export interface Writing {
  replies: number;
  refused: Record<string, number>;
}

export interface Rewrites extends Partial<Writing> {
  negatives: Negative[];
  /** Found in the caption. */
  attributes: string[];
}

/** A word's place in the caption, in characters, and what the cosine loses without it. */
export interface Weight {
  start: number;
  end: number;
  delta: number;
}

/** Regions that were asked, those that fool the model, and the filter for them. */
export interface Cell {
  asked: number;
  fooled: number;
  where: string;
}

export interface AttributeRow {
  attribute: string;
  cells: Record<string, Cell | undefined>;
}

export interface Failures {
  rows: AttributeRow[];
  /** Regions that were looked at. */
  asked: number;
  /** Regions with negatives. */
  regions: number;
  negatives: number;
}

export interface FailureServer extends JobServer {
  start: (question: { work: "failures" }) => Promise<object>;
  stop: () => Promise<object>;
  failures: () => Promise<Failures>;
}

export interface RewriteServer {
  known: (question: { sample?: string; image?: number }) => Promise<{ regions: KnownRegion[] }>;
  rewrite: (question: { caption: string; writing?: string } & Wanted) => Promise<Rewrites>;
  writing: (question: { writing: string; end?: boolean }) => Promise<{ done: number | null }>;
  differ: (question: { caption: string; texts: string[] }) => Promise<{ texts: Omit<Negative, "text">[] }>;
  weigh: (question: {
    token: string | null;
    caption: string;
    route: string;
    box: Corners | null;
  }) => Promise<{ words: Weight[] }>;
}

export interface NegativesServer extends PictureServer, FailureServer, RewriteServer {}

/** Whom the tab asks. */
export type Asking = Session<NegativesServer>;

export interface NegativesStart extends PictureStart {
  /** Rewrites at once. */
  most: number;
  /** The chat model that writes them, where there is one. */
  writer: string | null;
}
