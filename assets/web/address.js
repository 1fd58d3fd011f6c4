// The view in the address bar: ?sample=ID&boxes=…&prompts=… restores it anywhere.

const LONGEST = 6000; // characters; beyond it prompts stay in this browser tab only
const STORE = "fgclip-probe";

/** What the address (or this tab's memory) asks for. Nonsense is left out, never an error. */
export function readAddress(search = location.search) {
  const query = new URLSearchParams(search);
  const view = {};
  if (query.has("sample")) view.sample = query.get("sample");
  if (query.has("boxes")) view.boxes = query.get("boxes").split(";").map(parseBox).filter(Boolean);
  if (query.has("prompts")) {
    const routes = (query.get("routes") ?? "").split(",");
    const texts = query.get("prompts").split("\n").filter((text) => text.trim());
    view.prompts = texts.map((text, i) => ({ text, route: routes[i] || "auto" }));
  }
  if (query.has("heat")) view.heat = Number(query.get("heat")) - 1;
  return { ...view, ...remembered(search) };
}

/** Put the view into the address without a new history entry. */
export function writeAddress({ sample, boxes, prompts, heat }) {
  const query = new URLSearchParams(location.search);
  const put = (name, value) => (value ? query.set(name, value) : query.delete(name));
  put("sample", sample);
  put("boxes", boxes.map(({ corners }) => corners.map(short).join(",")).join(";"));
  put("prompts", prompts.map(({ text }) => text).join("\n"));
  const plain = prompts.every(({ route }) => route === "auto");
  put("routes", plain ? "" : prompts.map(({ route }) => route).join(","));
  put("heat", heat >= 0 ? String(heat + 1) : "");
  if (query.toString().length > LONGEST) for (const name of ["prompts", "routes"]) query.delete(name);
  const search = query.toString() ? `?${readable(query)}` : "";
  history.replaceState(history.state, "", location.pathname + search + location.hash);
  remember({ boxes: boxes.map(({ corners, number }) => ({ corners, number })), prompts }, search);
}

const short = (value) => String(Math.round(value * 1e4) / 1e4);

/** Commas and semicolons are safe in a query and far easier to read than %2C. */
const readable = (query) => query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");

function parseBox(text) {
  const corners = text.split(",").map(Number);
  const [x0, y0, x1, y1] = corners;
  const sound = corners.length === 4 && corners.every((value) => value >= 0 && value <= 1) && x1 > x0 && y1 > y0;
  return sound ? { corners } : null;
}

/** Full precision, and what was too long for the address; for a reload of this very view. */
function remember(view, search) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify({ search, ...view }));
  } catch {
    // Storage is full or forbidden: the address still holds the view.
  }
}

function remembered(search) {
  try {
    const { search: of, ...view } = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    return of !== undefined && new URLSearchParams(of).toString() === new URLSearchParams(search).toString() ? view : {};
  } catch {
    return {};
  }
}
