// Made of fgclip/explore/api/schemas by `python -m fgclip.explore.api.wire`; do not edit.
//
// A tab's functions are a type, so that questions and answers are checked:
//
//   /** @import {ProbeTab} from "../../core/wire.js" */
//   /** @param {ProbeTab} server */
//   const {prompts} = await ask(server, "read", {token, prompts: [{text: "a cat"}]});

/**
 * Both maps, the second laid over the first; numbers as float16 in base64.
 *
 * Attributes:
 *     kind: of what the points stand for.
 *     owners: of the points.
 *     first: places on the first map.
 *     second: and on the second.
 *     drift: distance between the two, in radii of the map.
 *     overlap: share of the neighbours that both agree on.
 *     neighbours: how many are compared of each point.
 */
export type AlignedPoints = {
  kind: "image" | "region" | "text";
  owners: number[];
  first: string;
  second: string;
  drift: string;
  overlap: string;
  neighbours: number;
};

/** A point, and what it is called. */
export type CaptionedPoint = {
  owner: number;
  caption: string;
};

/** In the order of the owners; empty for what is not called anything. */
export type Captions = {
  captions: string[];
};

/** A proof that nothing is amiss. */
export type CheckJob = {
  work: "check";
};

/** A fair sample of what was circled, and how many there are. */
export type CircledPoints = {
  items: CaptionedPoint[];
  selected: number;
};

/** Everything that two models are compared on. */
export type CompareJob = {
  work: "compare";
  kind: "image" | "region" | "text";
};

/**
 * How far both models have been.
 *
 * Attributes:
 *     models: the first and the second.
 *     maps: kinds of which both have a map.
 *     hard: regions with hard negatives.
 */
export type Compared = {
  images: number;
  regions: number;
  negatives: number;
  texts: number;
  faults: number;
  models: [ComparedModel, ComparedModel];
  maps: ("image" | "region" | "text")[];
  hard: number;
};

/**
 * How far a model has been through the workspace.
 *
 * Attributes:
 *     name: of the model.
 *     indexed: vectors that it made.
 *     asked: regions that it was held against their negatives.
 */
export type ComparedModel = {
  name: string;
  indexed: VectorCounts;
  asked: number;
};

/**
 * Where each region's own phrase stands among all.
 *
 * Attributes:
 *     regions: that are ranked.
 *     phrases: among which each is.
 *     agree: share of the regions for which both put the same phrase first.
 *     first: the first model's ranks.
 *     second: the second's.
 *     better: regions that gain by the second model.
 *     worse: that lose.
 *     risen: those that gain most.
 *     fallen: those that lose most.
 */
export type ComparedRanks = {
  regions: number;
  phrases: number;
  agree: number;
  first: Recall;
  second: Recall;
  better: number;
  worse: number;
  risen: ComparedRegion[];
  fallen: ComparedRegion[];
};

/** A region with a figure of each model: a margin, or a rank. */
export type ComparedRegion = {
  owner: number;
  caption: string;
  first: number;
  second: number;
};

/** Those that differ most come first. */
export type ComparedRegions = {
  items: ComparedRegion[];
};

/** A text that is being typed. */
export type CountQuestion = {
  text: string;
  route?: "auto" | "short" | "long" | "box";
};

/**
 * How many points lie where.
 *
 * Attributes:
 *     cells: bytes in base64, rows upwards, on a logarithmic scale.
 *     width: cells.
 *     height: cells.
 *     frame: of the whole grid; a little larger than what is seen.
 *     most: points of the fullest.
 */
export type DensityCells = {
  cells: string;
  width: number;
  height: number;
  frame: [number, number, number, number];
  most: number;
};

/** Phrases that are looked for in every picture. */
export type DetectJob = {
  share?: number;
  weight?: number;
  crops?: boolean;
  detector?: boolean;
  work: "detect";
  prompts: (PromptText | string)[];
};

/** Phrases that are looked for in an open picture, or in one of the gallery. */
export type DetectQuestion = {
  share?: number;
  weight?: number;
  crops?: boolean;
  detector?: boolean;
  token?: string | null;
  sample?: string | null;
  prompts: (PromptText | string)[];
};

/** Boxes, the best first, and all phrases; one that was given twice is there once. */
export type Detected = {
  boxes: FoundBox[];
  phrases: PhraseFacts[];
};

/** Texts that are held against a caption. */
export type DifferQuestion = {
  caption: string;
  texts: string[];
};

/** Where a text differs from the caption, and in which attributes. */
export type Difference = {
  spans: [number, number][];
  kinds: string[];
};

/** In the order of the texts. */
export type Differences = {
  texts: Difference[];
};

/** The picture as a data URL. */
export type Display = {
  url: string;
};

/** It was done; there is nothing to tell. */
export type Done = Record<string, never>;

/** How many are alike, and the first of them. */
export type DuplicateGroup = {
  size: number;
  members: Member[];
};

/** What is there twice: how many groups, and the largest of them. */
export type Duplicates = {
  title: string;
  kind: "image" | "region" | "text";
  count: number;
  groups: DuplicateGroup[];
};

/** A look for what is there twice: equal files, or what is closer than a cosine. */
export type DuplicatesJob = {
  work: "duplicates";
  among: "files" | "image" | "region";
  close?: number;
};

/**
 * A file to write into the workspace's folder.
 *
 * Attributes:
 *     work: "export".
 *     format: of the file.
 *     where: condition in SQL on pictures; "" for all.
 *     name: of the file; only its letters and digits are taken.
 */
export type ExportJob = {
  work: "export";
  format: "finehard" | "coco" | "yolo" | "parquet" | "csv";
  where?: string;
  name?: string;
};

/**
 * Regions with negatives of an attribute, by a route.
 *
 * Attributes:
 *     asked: how many there are.
 *     fooled: those of them where the model is.
 *     where: the filter that finds these.
 */
export type FailureCell = {
  asked: number;
  fooled: number;
  where: string;
};

/** Cells of an attribute by route. */
export type FailureRow = {
  attribute: string;
  cells: Record<string, FailureCell>;
};

/**
 * Where the model is fooled in the workspace.
 *
 * Attributes:
 *     rows: the most asked first.
 *     asked: regions that it was held against.
 *     regions: that have negatives.
 *     negatives: that they have.
 */
export type Failures = {
  rows: FailureRow[];
  asked: number;
  regions: number;
  negatives: number;
};

/** Every region held against its hard negatives. */
export type FailuresJob = {
  work: "failures";
};

/**
 * What is closest to one of these, of what is shown.
 *
 * Attributes:
 *     text: prompts with + and − between them.
 *     route: by which they are read.
 *     region: id of one.
 *     image: id of a picture.
 *     phrase: id of one.
 *     upload: where a picture lies that this page sent.
 *     token: of an open picture.
 *     box: on either; all of it by default.
 *     corners: of a polygon that narrows down what is shown.
 *     limit: how many.
 */
export type FindQuestion = {
  map: number;
  colour?: string;
  only?: string[];
  filter?: string | null;
  text?: string | null;
  route?: "auto" | "short" | "long" | "box" | null;
  region?: number | null;
  image?: number | null;
  phrase?: number | null;
  upload?: string | null;
  token?: string | null;
  box?: [number, number, number, number] | null;
  corners?: [number, number][] | null;
  limit?: number;
};

/**
 * How many regions fool which model, by attribute and route.
 *
 * Attributes:
 *     attribute: that the negatives get wrong.
 *     route: by which the texts were read.
 *     first: regions that fool the first model alone.
 *     second: those that fool the second alone.
 *     both: those that fool both.
 *     neither: those that fool none.
 *     regions: in all.
 *     chance: of so large a difference where both err equally often.
 */
export type FooledCell = {
  attribute: string;
  route: "short" | "long" | "box";
  first: number;
  second: number;
  both: number;
  neither: number;
  regions: number;
  chance: number;
};

/** Regions of one figure of the table. */
export type FooledQuestion = {
  attribute: string;
  route: "short" | "long" | "box";
  sign: "neither" | "first" | "second" | "both";
};

/** What is asked most comes first. */
export type FooledTable = {
  cells: FooledCell[];
};

/** One that was found, for a phrase, and how much a detector takes it for a thing. */
export type FoundBox = {
  score: number;
  contrast: number;
  baseline: number;
  percentile: number;
  box: [number, number, number, number];
  prompt: Phrase;
  objectness: number | null;
};

/** The same, with the number of its value in the legend. */
export type FoundPoint = {
  owner: number;
  caption: string;
  score: number;
  place: [number, number] | null;
  code: number;
};

/**
 * The best of a search, best first.
 *
 * Attributes:
 *     items: the points.
 *     searched: how many there were to choose from.
 *     place: where what was asked for belongs.
 *     route: by which words were read; null of anything else.
 */
export type FoundPoints = {
  items: FoundPoint[];
  searched: number;
  place: [number, number] | null;
  route: "auto" | "short" | "long" | "box" | null;
};

/**
 * A data set to read.
 *
 * Attributes:
 *     work: "import".
 *     path: file or folder; for Hugging Face also a hub id.
 *     format: of the data set, or "auto".
 *     images: folder that picture paths are relative to; "" for the data set's own.
 *     name: of the source; "" for that of the file or folder.
 */
export type ImportJob = {
  work: "import";
  path: string;
  format: "auto" | "finehard" | "fgovd" | "coco" | "yolo" | "folder" | "parquet" | "huggingface" | "webdataset";
  images?: string;
  name?: string;
};

/** Vectors of all that has none yet. */
export type IndexJob = {
  work: "index";
};

/**
 * What became of a job, or how far it is.
 *
 * Attributes:
 *     number: counts jobs, from 1.
 *     title: what is done, in words.
 *     outcome: running, or how it ended.
 *     progress: the last that was told; null before the first.
 *     words: what it did, or why it failed; "" while it runs.
 *     seconds: since it began, or that it took.
 */
export type Job = {
  number: number;
  title: string;
  outcome: "running" | "done" | "cancelled" | "failed";
  progress: JobProgress | null;
  words: string;
  seconds: number;
};

/**
 * How far a job is.
 *
 * Attributes:
 *     done: units finished.
 *     total: of so many; null while nobody knows.
 *     unit: "pictures", "points".
 *     stage: what is being done.
 *     rate: units a second; null before the first.
 *     seconds_left: at that rate.
 */
export type JobProgress = {
  done: number;
  total: number | null;
  unit: string;
  stage: string;
  rate: number | null;
  seconds_left: number | null;
};

/** Boxes of an open picture that become regions of the workspace. */
export type KeepQuestion = {
  token: string;
  found: SavedBox[];
};

/** How many boxes became regions, and how many were some before. */
export type Kept = {
  kept: number;
  known: number;
};

/** Both maps of a kind. */
export type KindQuestion = {
  kind: "image" | "region" | "text";
};

/** A negative of a data set; the attribute that it gets wrong may be empty. */
export type KnownNegative = {
  text: string;
  attribute: string;
};

/** A picture of the gallery, or of the workspace. */
export type KnownQuestion = {
  sample?: string | null;
  image?: number | null;
};

/** A region with its phrase. */
export type KnownRegion = {
  box: [number, number, number, number];
  phrase: string;
  negatives: KnownNegative[];
};

/** Of a picture, those that have phrases. */
export type KnownRegions = {
  regions: KnownRegion[];
};

/** The same, a part of it. */
export type LassoQuestion = {
  map: number;
  colour?: string;
  only?: string[];
  filter?: string | null;
  corners: [number, number][];
  limit?: number;
};

/** The job that runs, or ran last; null before the first. */
export type LatestJob = {
  job: Job | null;
};

/** What could not be read, and why. */
export type LeftOut = {
  source: string;
  place: string;
  reason: string;
};

/** A value with a colour of its own, and how many points a filter leaves of it. */
export type LegendEntry = {
  value: string;
  count: number;
};

/** A map with the name of its model. */
export type ListedMap = {
  id: number;
  name: string;
  model_id: number;
  kind: "image" | "region" | "text";
  method: string;
  parameters: Record<string, number>;
  fitted: number;
  points: number;
  frame: [number, number, number, number];
  model: string;
};

/** A dense place on a map; it is shown by a representative's picture. */
export type MapCluster = {
  number: number;
  label: string;
  x: number;
  y: number;
  size: number;
  representative: number;
};

/** A map to lay out; `Parameters` says what its numbers are. */
export type MapJob = {
  work: "map";
  kind: "image" | "region" | "text";
  neighbours?: number;
  min_dist?: number;
  seed?: number;
  fitted?: number;
  name?: string;
};

/** A map. */
export type MapQuestion = {
  map: number;
};

/**
 * A map, and how it was made.
 *
 * Attributes:
 *     id: of the map.
 *     name: as somebody called it.
 *     model_id: whose vectors these are.
 *     kind: what lies on it.
 *     method: that laid it out.
 *     parameters: of the method, by name.
 *     fitted: points that the method placed itself.
 *     points: all of them.
 *     frame: x0, y0, x1, y1 around all of it, y upwards.
 */
export type MapRun = {
  id: number;
  name: string;
  model_id: number;
  kind: "image" | "region" | "text";
  method: string;
  parameters: Record<string, number>;
  fitted: number;
  points: number;
  frame: [number, number, number, number];
};

/** Those of the loaded model, the latest first; how many there are of others. */
export type Maps = {
  images: number;
  regions: number;
  negatives: number;
  texts: number;
  faults: number;
  maps: ListedMap[];
  others: number;
};

/** A region of a picture. */
export type MarkedRegion = {
  id: number;
  box: [number, number, number, number];
  phrase: string;
  category: string;
};

/** Boxes of an open picture that somebody drew, and a prompt for each. */
export type MeasureQuestion = {
  token: string;
  boxes: [number, number, number, number][];
  prompts: (PromptText | string)[];
  share?: number;
};

/** In the order of the boxes. */
export type Measured = {
  boxes: MeasuredBox[];
};

/** One that somebody drew. */
export type MeasuredBox = {
  score: number;
  contrast: number;
  baseline: number;
  percentile: number;
  box: [number, number, number, number];
};

/** One of a group: its picture, and its box there; null for a picture. */
export type Member = {
  owner: number;
  image: number;
  name: string;
  source: string;
  phrase: string;
  box: [number, number, number, number] | null;
};

/**
 * A model, and how much of the workspace has its vectors.
 *
 * Attributes:
 *     id: of the model.
 *     name: of the model.
 *     loaded: whether it is the one in use.
 *     dimensions: of its vectors.
 *     image: pictures that have one.
 *     region: regions.
 *     text: phrases.
 */
export type ModelCounts = {
  id: number;
  name: string;
  loaded: boolean;
  dimensions: number;
  image: number;
  region: number;
  text: number;
};

/** A picture of the workspace. */
export type NamedPicture = {
  id: number;
  name: string;
  source: string;
};

/** The same, with its cosine, and its place if it is on the map. */
export type NearPoint = {
  owner: number;
  caption: string;
  score: number;
  place: [number, number] | null;
};

/** A point near another, with the cosine of the two. */
export type Neighbour = {
  owner: number;
  caption: string;
  score: number;
};

/** Of a point by either model, nearest first. */
export type Neighbours = {
  first: Neighbour[];
  second: Neighbour[];
};

/** A question without fields. */
export type Nothing = Record<string, never>;

/**
 * One picture to open.
 *
 * Attributes:
 *     sample: id of one of the gallery.
 *     image: id of one of the workspace.
 *     upload: where one lies that this page sent.
 */
export type OpenQuestion = {
  sample?: string | null;
  image?: number | null;
  upload?: string | null;
};

/**
 * What a map is made of.
 *
 * Attributes:
 *     colours: fields that tell its points apart, what is asked for most first.
 *     columns: SQL types of all fields, by name.
 *     meanings: of those fields whose names do not say it all.
 *     clusters: the largest first.
 */
export type OpenedMap = {
  id: number;
  name: string;
  model_id: number;
  kind: "image" | "region" | "text";
  method: string;
  parameters: Record<string, number>;
  fitted: number;
  points: number;
  frame: [number, number, number, number];
  colours: string[];
  columns: Record<string, string>;
  meanings: Record<string, string>;
  clusters: MapCluster[];
};

/**
 * What the page needs to score boxes itself: the Gram matrix, or the smaller features.
 *
 * Attributes:
 *     token: its name from now on.
 *     width: pixels.
 *     height: pixels.
 *     grid: patches down and across.
 *     features: float16 in base64, where they are smaller.
 *     gram: upper triangle, float16 in base64, where that is.
 */
export type OpenedPicture = {
  token: string;
  width: number;
  height: number;
  grid: [number, number];
  features: string | null;
  gram: string | null;
};

/** A point of both maps. */
export type OwnerQuestion = {
  kind: "image" | "region" | "text";
  owner: number;
};

/** Points of both maps. */
export type OwnersQuestion = {
  kind: "image" | "region" | "text";
  owners: number[];
};

/** What is looked for, and how it is read. */
export type Phrase = {
  text: string;
  route: "auto" | "short" | "long" | "box";
};

/**
 * What is known of a phrase.
 *
 * Attributes:
 *     best: cosine of its best box, good enough or not; null where none was proposed.
 *     box: that one.
 *     baseline: the threshold.
 *     elsewhere: the best box of every other picture, in order.
 */
export type PhraseFacts = {
  text: string;
  route: "auto" | "short" | "long" | "box";
  best: number | null;
  box: [number, number, number, number] | null;
  baseline: number;
  elsewhere: number[];
};

/** What is known of a picture of the workspace. */
export type PictureFacts = {
  id: number;
  path: string;
  name: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  split: string;
  source: string;
  short_caption: string;
  long_caption: string;
  meta: string;
};

/** A map that gets what was indexed since. */
export type PlaceJob = {
  work: "place";
  map: number;
};

/** All about a point: its picture with the regions on it, and what is nearest. */
export type PointFacts = {
  owner: number;
  caption: string;
  kind: "image" | "region" | "text";
  place: [number, number] | null;
  picture: PictureFacts;
  regions: MarkedRegion[];
  neighbours: NearPoint[];
};

/**
 * Where a point is seen, and what it is called.
 *
 * Attributes:
 *     owner: of the point.
 *     kind: of what it stands for.
 *     caption: what that is called.
 *     picture: null for phrases.
 *     box: of a region in its picture.
 *     negatives: of a region.
 */
export type PointLocation = {
  owner: number;
  kind: "image" | "region" | "text";
  caption: string;
  picture: NamedPicture | null;
  box: [number, number, number, number] | null;
  negatives: KnownNegative[];
};

/** A point of a map by the id of what it stands for. */
export type PointQuestion = {
  map: number;
  owner: number;
};

/** What was circled as CSV: so many rows of all. */
export type PointTable = {
  csv: string;
  rows: number;
  selected: number;
};

/** Boxes of a picture of the gallery, and prompts. */
export type ProbeQuestion = {
  sample: string;
  prompts: (PromptText | string)[];
  boxes?: [number, number, number, number][];
};

/** The same, and of the whole picture. */
export type Probed = {
  region: number[][];
  crop: number[][];
  picture: number[];
};

/**
 * What a prompt is worth on a picture.
 *
 * Attributes:
 *     picture: cosine with all of it.
 *     products: with every patch, float16 in base64.
 */
export type PromptFacts = {
  tokens: number;
  limit: number;
  route: "short" | "long" | "box";
  truncated: boolean;
  kept: string;
  picture: number;
  products: string;
};

/** A phrase and the way the model shall read it. */
export type PromptText = {
  text: string;
  route?: "auto" | "short" | "long" | "box";
};

/** In the order of the question. */
export type ReadPrompts = {
  prompts: PromptFacts[];
};

/** Prompts to read against an open picture. */
export type ReadQuestion = {
  token: string;
  prompts: (PromptText | string)[];
};

/** Ranks of many regions as three figures. */
export type Recall = {
  recall_1: number;
  recall_5: number;
  median: number;
};

/**
 * How many pictures are read that phrases are measured against.
 *
 * Attributes:
 *     done: so many.
 *     all: of those that there are.
 *     pictures: of the workspace.
 */
export type ReferenceProgress = {
  done: number;
  all: number;
  pictures: number;
};

/**
 * Why a question is not answered, in words for the one who asked.
 *
 * Attributes:
 *     error: a sentence with the remedy.
 *     kind: "gone" for a picture that is not open any more: open it again and ask anew.
 */
export type Refusal = {
  error: string;
  kind: "input" | "gone";
};

/** A region by its id. */
export type RegionQuestion = {
  owner: number;
};

/** A map to forget. */
export type RemoveQuestion = {
  map: number;
};

/** Rewrites so far; null where the job is over. */
export type RewriteProgress = {
  done: number | null;
};

/** A job by its word; with `end` the chat model is asked for no reply more. */
export type RewriteProgressQuestion = {
  job: string;
  end?: boolean;
};

/**
 * A caption to rewrite.
 *
 * Attributes:
 *     caption: the true one; a blank one has no rewrites.
 *     count: rewrites at most.
 *     changes: attributes that each gets wrong.
 *     seed: of the choice.
 *     job: a word by which the page asks how far a chat model is, which writes them then.
 */
export type RewriteQuestion = {
  caption: string;
  count?: number;
  changes?: number;
  seed?: number;
  job?: string | null;
};

/**
 * What came of a rewriting.
 *
 * Attributes:
 *     attributes: kinds that were found in the caption.
 *     negatives: the rewrites.
 *     replies: how often a chat model was asked; null where the rules wrote.
 *     refused: lines of it that did not pass, by reason.
 */
export type Rewrites = {
  attributes: string[];
  negatives: Rewritten[];
  replies: number | null;
  refused: Record<string, number> | null;
};

/** A caption that is wrong in some attributes, and where. */
export type Rewritten = {
  text: string;
  kinds: string[];
  spans: [number, number][];
};

/** Phrases that either model puts near a region, its own left out. */
export type RivalPhrases = {
  texts: string[];
};

/** Boxes of an open picture, and the format of their file. */
export type SaveQuestion = {
  token: string;
  format: "coco" | "yolo" | "png";
  found: SavedBox[];
};

/**
 * A box as the page has it.
 *
 * Attributes:
 *     box: fractions of the picture.
 *     phrase: what is in it.
 *     score: its cosine with that.
 *     number: that it has on the page; by default its place in the list, from 1.
 *     hue: of the phrase, from 1.
 *     own: whether somebody drew it.
 */
export type SavedBox = {
  box: [number, number, number, number];
  phrase: string;
  score?: number;
  number?: number | null;
  hue?: number;
  own?: boolean;
};

/** A file in base64, and how its name ends. */
export type SavedFile = {
  content: string;
  suffix: string;
};

/** Boxes of an open picture, and prompts. */
export type ScoreQuestion = {
  token: string;
  prompts: (PromptText | string)[];
  boxes?: [number, number, number, number][];
};

/**
 * Cosines of boxes (rows) with prompts.
 *
 * Attributes:
 *     region: of the box in its picture.
 *     crop: of the box cut out.
 */
export type Scored = {
  region: number[][];
  crop: number[][];
};

/** What a split of a data set holds. */
export type SourceCounts = {
  source: string;
  split: string;
  images: number;
  regions: number;
};

/** A job to begin. */
export type StartQuestion =
  | ImportJob
  | IndexJob
  | MapJob
  | PlaceJob
  | DuplicatesJob
  | FailuresJob
  | DetectJob
  | CompareJob
  | ExportJob
  | CheckJob;

/** What lies inside a polygon. */
export type TableQuestion = {
  map: number;
  colour?: string;
  only?: string[];
  filter?: string | null;
  corners: [number, number][];
};

/**
 * How a text is read.
 *
 * Attributes:
 *     tokens: the text's, both marks included.
 *     limit: the route's.
 *     route: "auto" resolved.
 *     truncated: whether there are more tokens than that.
 *     kept: what the model reads of a truncated text.
 */
export type TokenCount = {
  tokens: number;
  limit: number;
  route: "short" | "long" | "box";
  truncated: boolean;
  kept: string;
};

/** An open picture. */
export type TokenQuestion = {
  token: string;
};

/** How many vectors of each kind there are. */
export type VectorCounts = {
  image: number;
  region: number;
  text: number;
};

/** What lies in a frame; in the map's own by default. */
export type ViewQuestion = {
  map: number;
  colour?: string;
  only?: string[];
  filter?: string | null;
  frame?: [number, number, number, number] | null;
};

/**
 * What lies in a frame: points, arrays in base64, and what their colours mean.
 *
 * Attributes:
 *     owners: uint32.
 *     x: float32.
 *     y: float32.
 *     placed: a byte each, not 0 where a point lies among its neighbours, approximately.
 *     codes: a byte each: number of its value in the legend.
 *     inside: points that lie in the frame, drawn or not.
 *     density: of all points, shown or not; null where all are drawn.
 *     total: points of the map.
 *     left: those that legend and filter leave.
 *     legend: values by their code.
 *     others: points without a colour of their own.
 *     ordered: whether the values are numbers.
 *     several: whether a point may have several.
 *     clusters: as far as they are seen; null where all of them are.
 */
export type Viewed = {
  owners: string;
  x: string;
  y: string;
  placed: string;
  codes: string;
  inside: number;
  density: DensityCells | null;
  total: number;
  left: number;
  legend: LegendEntry[];
  others: number;
  ordered: boolean;
  several: boolean;
  clusters: MapCluster[] | null;
};

/** A caption on an open picture, or on a box of it. */
export type WeighQuestion = {
  token: string;
  caption: string;
  route?: "auto" | "short" | "long" | "box";
  box?: [number, number, number, number] | null;
};

/** A word, and what the caption's cosine loses without it. */
export type WordWeight = {
  start: number;
  end: number;
  delta: number;
};

/** In the caption's order. */
export type WordWeights = {
  words: WordWeight[];
};

/**
 * What is there, and what is going on.
 *
 * Attributes:
 *     job: the latest.
 *     folder: where the workspace lies.
 *     images: how many there are.
 *     regions: how many.
 *     negatives: how many.
 *     texts: different phrases.
 *     faults: things that could not be read.
 *     disk: bytes of the database.
 *     pictures: bytes of extracted pictures.
 *     memory: bytes of vectors held for searching.
 *     sources: each import, by split.
 *     models: all that indexed something.
 *     maps: the latest first.
 *     listed: the latest of the faults.
 *     twins: what the latest look for duplicates found; null before the first.
 */
export type WorkspaceState = {
  job: Job | null;
  folder: string;
  images: number;
  regions: number;
  negatives: number;
  texts: number;
  faults: number;
  disk: number;
  pictures: number;
  memory: number;
  sources: SourceCounts[];
  models: ModelCounts[];
  maps: MapRun[];
  listed: LeftOut[];
  twins: Duplicates | null;
};

export interface ProbeFunctions {
  /** Open a picture. */
  open(question: OpenQuestion): Promise<OpenedPicture>;
  /** Read prompts against an open picture. */
  read(question: ReadQuestion): Promise<ReadPrompts>;
  /** Region and crop cosines of boxes. */
  score(question: ScoreQuestion): Promise<Scored>;
  /** How many tokens a prompt has. */
  count(question: CountQuestion): Promise<TokenCount>;
  /** The open picture in a form that any browser shows. */
  display(question: TokenQuestion): Promise<Display>;
  /** All scores of a picture of the gallery. */
  probe(question: ProbeQuestion): Promise<Probed>;
}

export interface NegativesFunctions {
  /** Regions of a picture with phrases and negatives. */
  known(question: KnownQuestion): Promise<KnownRegions>;
  /** Hard negatives by rule, or by a chat model. */
  rewrite(question: RewriteQuestion): Promise<Rewrites>;
  /** How far a chat model is. */
  rewrite_progress(question: RewriteProgressQuestion): Promise<RewriteProgress>;
  /** Words of texts that differ from a caption's. */
  differ(question: DifferQuestion): Promise<Differences>;
  /** What the words of a caption are worth. */
  weigh(question: WeighQuestion): Promise<WordWeights>;
  /** Where the model is fooled in the workspace, as far as somebody looked. */
  failures(question: Nothing): Promise<Failures>;
}

export interface DetectFunctions {
  /** Read some more pictures that phrases are measured against. */
  reference(question: Nothing): Promise<ReferenceProgress>;
  /** Boxes for phrases. */
  detect(question: DetectQuestion): Promise<Detected>;
  /** What boxes are worth that somebody drew, a prompt for each. */
  measure(question: MeasureQuestion): Promise<Measured>;
  /** Make boxes regions of the workspace. */
  keep(question: KeepQuestion): Promise<Kept>;
  /** A file of boxes. */
  save(question: SaveQuestion): Promise<SavedFile>;
}

export interface MapFunctions {
  /** The maps that are there. */
  maps(question: Nothing): Promise<Maps>;
  /** What a map is made of. */
  open(question: MapQuestion): Promise<OpenedMap>;
  /** What lies in a frame. */
  view(question: ViewQuestion): Promise<Viewed>;
  /** What is closest, of what is shown. */
  find(question: FindQuestion): Promise<FoundPoints>;
  /** What lies inside a polygon, of what is shown. */
  lasso(question: LassoQuestion): Promise<CircledPoints>;
  /** The same as CSV. */
  table(question: TableQuestion): Promise<PointTable>;
  /** What a point is. */
  about(question: PointQuestion): Promise<PointFacts>;
}

export interface CompareFunctions {
  /** How far both models have been through the workspace. */
  compared(question: Nothing): Promise<Compared>;
  /** Who is fooled by hard negatives, by attribute and route. */
  wrong(question: Nothing): Promise<FooledTable>;
  /** Regions of one figure of that. */
  fooled(question: FooledQuestion): Promise<ComparedRegions>;
  /** Where each region's own phrase stands among all, and what moved most. */
  ranks(question: Nothing): Promise<ComparedRanks>;
  /** Phrases that either model puts near a region, its own left out. */
  rivals(question: RegionQuestion): Promise<RivalPhrases>;
  /** Both maps of a kind, the second laid over the first. */
  aligned(question: KindQuestion): Promise<AlignedPoints>;
  /** A point's nearest neighbours by either model, on these maps. */
  near(question: OwnerQuestion): Promise<Neighbours>;
  /** What points of these maps are called. */
  captions(question: OwnersQuestion): Promise<Captions>;
  /** Where a point of these maps is seen, and what it is called. */
  location(question: OwnerQuestion): Promise<PointLocation>;
}

export interface DataFunctions {
  /** What is there, and what is going on. */
  state(question: Nothing): Promise<WorkspaceState>;
  /** How far the latest job is. */
  job(question: Nothing): Promise<LatestJob>;
  /** Stop it. */
  stop(question: Nothing): Promise<Done>;
  /** Begin a job. */
  start(question: StartQuestion): Promise<LatestJob>;
  /** Forget a map. */
  remove(question: RemoveQuestion): Promise<Done>;
}

/** The first model's functions, asked of the second. */
export type OtherFunctions = {
  [Name in keyof ProbeFunctions as `other_${Name}`]: ProbeFunctions[Name];
};

export type ProbeTab = ProbeFunctions;

export type NegativesTab = NegativesFunctions & ProbeFunctions & DataFunctions;

export type DetectTab = DetectFunctions & ProbeFunctions & DataFunctions;

export type MapTab = MapFunctions & DataFunctions;

export type CompareTab = CompareFunctions & ProbeFunctions & OtherFunctions & NegativesFunctions & DataFunctions;

export type DataTab = DataFunctions;
