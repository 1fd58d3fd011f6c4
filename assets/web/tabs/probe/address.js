// The view in the address bar: it restores the view anywhere, to the last digit.
//
//   sample=ID, image=NUMBER, or upload=DIGEST,NAME
//                                      the picture: of the gallery, of the workspace, or one of the
//                                      reader's own, which is only named
//   boxes=x0,y0,x1,y1;…                fractions; "3:" leads where a box has not its place's number
//   box=2, none, all or all,2          whose scores are shown, and the box that is chosen; else the first
//   prompts=…  routes=auto,box,…       one prompt a line
//   heat=1  opacity=80  range=all or low,high
//   zoom=scale,x,y                     times the fitted size; the point in the stage's middle

const LONGEST = 6000; // characters; beyond it the prompts stay in this browser tab only
const STORE = "fgclip-probe";

const PARTS = {
  sample: { read: (text) => text, wanted: "" },
  image: {
    read: (text) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined),
    wanted: "the number of a picture of the workspace",
  },
  upload: { read: parseUpload, wanted: "DIGEST,NAME" },
  box: { read: parseChoice, wanted: "a number, none, all or all,NUMBER" },
  heat: {
    read: (text) => (/^\d+$/.test(text) && text > 0 ? text - 1 : undefined),
    wanted: "the place of a prompt, from 1",
  },
  opacity: { read: (text) => within(0, 100, [text])?.[0], wanted: "0 to 100" },
  range: { read: parseRange, wanted: "own, all or low,high" },
  zoom: { read: parseZoom, wanted: "scale,x,y" },
};

/**
 * What an address asks for; parts that it does not name are absent.
 *
 * @returns {object} the parts above, `boxes` as {corners, number}, `prompts` as {text, route}, and
 *   `faults`: what was left out, in words
 */
export function readAddress(search = location.search) {
  const query = new URLSearchParams(search);
  const view = { faults: [] };
  for (const [name, { read, wanted }] of Object.entries(PARTS)) {
    if (!query.has(name)) continue;
    const value = read(query.get(name));
    if (value === undefined) view.faults.push(`${name} “${query.get(name)}”, which should be ${wanted}`);
    else view[name] = value;
  }
  if (query.has("boxes")) view.boxes = readBoxes(query.get("boxes"), view.faults);
  if (query.has("prompts")) view.prompts = readPrompts(query);
  else view.prompts = remembered(search);
  return view;
}

/**
 * Put the view into the address, without a new entry in the history.
 *
 * @param {object} view as `readAddress` gives it; what is null or absent is left out
 * @returns {boolean} whether all of it went in; if not, this tab alone remembers the prompts
 */
export function writeAddress({ sample, image, upload, boxes, box, prompts, heat, opacity, range, zoom }) {
  const query = new URLSearchParams(location.search);
  const put = (name, value) => (value == null ? query.delete(name) : query.set(name, value));
  put("sample", sample);
  put("image", image);
  put("upload", upload && `${upload.digest},${upload.name}`);
  put("boxes", boxes?.map(boxText).join(";"));
  put("box", boxChoice(box));
  put("prompts", prompts?.map(({ text }) => text).join("\n"));
  put("routes", prompts?.some(({ route }) => route !== "auto") ? prompts.map(({ route }) => route).join(",") : null);
  put("heat", heat >= 0 ? heat + 1 : null);
  put("opacity", opacity);
  put("range", Array.isArray(range) ? range.join(",") : range);
  put("zoom", zoom?.map((value) => short(value, 1e8)).join(","));
  const whole = query.toString().length <= LONGEST;
  if (!whole) for (const name of ["prompts", "routes"]) query.delete(name);
  const search = query.toString() ? `?${readable(query)}` : "";
  history.replaceState(history.state, "", location.pathname + search + location.hash);
  remember(whole ? null : prompts, search);
  return whole;
}

const short = (value, steps) => String(Math.round(value * steps) / steps);

const boxText = ({ corners, number }, i) =>
  (number === i + 1 ? "" : `${number}:`) + corners.map((value) => short(value, 1e6)).join(",");

/** Commas, colons and semicolons are safe in a query and far easier to read than %2C. */
const readable = (query) => query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";");

function readBoxes(text, faults) {
  const [found, senseless] = [[], []];
  const taken = new Set();
  for (const [i, part] of text.split(";").filter(Boolean).entries()) {
    const [, number, corners] = part.match(/^(?:(\d{1,4}):)?(.*)$/s);
    const box = { corners: within(0, 1, corners.split(",")), number: Number(number ?? i + 1) };
    const [x0, y0, x1, y1] = box.corners ?? [];
    const sound = box.corners?.length === 4 && x1 > x0 && y1 > y0 && box.number > 0 && !taken.has(box.number);
    taken.add(box.number);
    if (sound) found.push(box);
    else senseless.push(`“${part}”`);
  }
  if (senseless.length)
    faults.push(`boxes ${senseless.join(", ")}, which should be x0,y0,x1,y1 with fractions of the picture`);
  return found;
}

function readPrompts(query) {
  const routes = (query.get("routes") ?? "").split(",");
  const texts = query
    .get("prompts")
    .split("\n")
    .filter((text) => text.trim());
  return texts.map((text, i) => ({ text, route: routes[i] || "auto" }));
}

/** Numbers that all lie between the ends; else undefined. */
function within(least, most, texts) {
  const values = texts.map((text) => (text.trim() ? Number(text) : NaN));
  return values.every((value) => value >= least && value <= most) ? values : undefined;
}

function parseUpload(text) {
  const [, digest, name] = text.match(/^([0-9a-f]{12}),(.+)$/s) ?? [];
  return digest && { digest, name };
}

/** {all, number}: number is null for no box, absent for the first. */
function parseChoice(text) {
  const [, all, number] = text.match(/^(all)?(?:(?:^|,)(none|[1-9]\d{0,3}))?$/) ?? [];
  if (!all && !number) return undefined;
  return { all: !!all, ...(number && { number: number === "none" ? null : Number(number) }) };
}

function boxChoice({ all, number } = {}) {
  const parts = [all && "all", number === null ? "none" : number].filter(Boolean);
  return parts.join(",") || null;
}

function parseRange(text) {
  if (text === "own" || text === "all") return text;
  const ends = within(-1, 1, text.split(","));
  return ends?.length === 2 && ends[0] < ends[1] ? ends : undefined;
}

function parseZoom(text) {
  const values = within(-1e6, 1e6, text.split(","));
  return values?.length === 3 && values[0] > 0 ? values : undefined;
}

/** Prompts that were too long for this address; for a reload. */
function remember(prompts, search) {
  try {
    if (prompts) sessionStorage.setItem(STORE, JSON.stringify({ search, prompts }));
    else sessionStorage.removeItem(STORE);
  } catch {
    // Storage is full or forbidden: the page says that the address lacks the prompts.
  }
}

function remembered(search) {
  try {
    const { search: of, prompts } = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    return of !== undefined && same(of, search) ? prompts : undefined;
  } catch {
    return undefined;
  }
}

const same = (one, other) => new URLSearchParams(one).toString() === new URLSearchParams(other).toString();
