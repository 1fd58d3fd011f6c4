// What the Detect tab asks beside what every tab with a picture does, and what it is answered.

import type { Corners } from "../../core/corners.js";
import type { JobServer } from "../../core/jobs.js";
import type { PictureStart } from "../../core/start.js";
import type { PictureServer } from "../../scoring/session.js";

/** What is looked for, and how it is read. */
export interface Phrase {
  text: string;
  route: string;
}

/** How boxes are looked for. */
export interface How {
  /** Share of the other pictures that shall stay without a box. */
  share: number;
  /** Whether crops are read, too. */
  crops: boolean;
  /** Whether a detector proposes the boxes, and not the patches. */
  detector: boolean;
}

/** What a box is worth. */
export interface BoxFacts {
  /** Its cosine with the phrase. */
  score: number;
  contrast: number;
  /** The threshold of the phrase. */
  baseline: number;
  /** Share of other pictures whose best box scores lower. */
  percentile: number;
}

export interface FoundBox extends BoxFacts {
  prompt: Phrase;
  box: Corners;
}

/** What is known of a phrase; its best box is null where none was proposed. */
export interface PhraseFacts extends Phrase {
  best: number | null;
  box: Corners | null;
  baseline: number;
  /** The best box of every other picture, in order. */
  elsewhere: number[];
}

export interface Detected {
  boxes: FoundBox[];
  phrases: PhraseFacts[];
}

/** A box as the app keeps and saves it. */
export interface SavedBox {
  number: number;
  box: Corners;
  phrase: string;
  score?: number;
  hue?: number;
  own: boolean;
}

interface AboutPicture {
  token: string | null;
}

export interface DetectServer extends PictureServer, JobServer {
  reference: () => Promise<{ done: number; all: number; pictures: number }>;
  detect: (question: AboutPicture & { prompts: Phrase[] } & How) => Promise<Detected>;
  measure: (
    question: AboutPicture & { boxes: Corners[]; prompts: Phrase[]; share: number },
  ) => Promise<{ boxes: (BoxFacts & { box: Corners })[] }>;
  keep: (question: AboutPicture & { found: SavedBox[] }) => Promise<{ kept: number; known: number }>;
  save: (
    question: AboutPicture & { format: string; found: SavedBox[] },
  ) => Promise<{ content: string; suffix: string }>;
  start: (question: { work: "detect"; prompts: Phrase[] } & How) => Promise<object>;
  stop: () => Promise<object>;
}

export interface DetectStart extends PictureStart {
  /** The usual strictness. */
  share: number;
  /** Name of the detector, where there is one. */
  detector: string | null;
}
