// Made of fgclip/explore/api/schemas by `python -m fgclip.explore.api.wire`; do not edit.
//
// A tab's functions are a type, so that questions and answers are checked:
//
//   /** @import {ProbeTab} from "../../core/wire.js" */
//   /** @param {ProbeTab} server */
//   const {prompts} = await ask(server, "read", {token, prompts: [{text: "a cat"}]});

/** A text that is being typed. */
export type CountQuestion = {
  text: string;
  route?: "auto" | "short" | "long" | "box";
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

/**
 * A caption to rewrite.
 *
 * Attributes:
 *     caption: the true one; a blank one has no rewrites.
 *     count: rewrites at most.
 *     changes: attributes that each gets wrong.
 *     seed: of the choice.
 *     writing: a word by which the page asks how far a chat model is, which writes them then.
 */
export type RewriteQuestion = {
  caption: string;
  count?: number;
  changes?: number;
  seed?: number;
  writing?: string | null;
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

/** Rewrites so far; null where nothing is being written. */
export type WritingProgress = {
  done: number | null;
};

/** A writing by its word; with `end` no reply more is asked for. */
export type WritingQuestion = {
  writing: string;
  end?: boolean;
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
  writing(question: WritingQuestion): Promise<WritingProgress>;
  /** Words of texts that differ from a caption's. */
  differ(question: DifferQuestion): Promise<Differences>;
  /** What the words of a caption are worth. */
  weigh(question: WeighQuestion): Promise<WordWeights>;
  /** Where the model is fooled in the workspace, as far as somebody looked. */
  failures(question: Nothing): Promise<Failures>;
}

export interface DetectFunctions {}

export interface MapFunctions {}

export interface CompareFunctions {}

export interface DataFunctions {}

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
