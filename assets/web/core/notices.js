// The skeleton of the Probe tab: which part stands where.

import { make } from "./dom.js";
import { icon, iconButton } from "./icons.js";

export function layOut(root) {
  const part = (name, attributes = {}) => make("div", { class: `fx-${name}`, ...attributes });
  const parts = {
    stage: part("stage-frame"),
    tools: part("tools", { role: "toolbar", "aria-label": "Canvas" }),
    heat: part("heat-controls"),
    picker: part("picker"),
    prompts: part("prompt-panel"),
    table: part("score-panel"),
    pictureFault: fault(),
    promptFault: fault(),
    progress: progress(),
  };
  parts.empty = make(
    "div",
    { class: "fx-empty-stage" },
    make("h2", {}, "Look at what the model sees"),
    make("p", {}, "Open a picture, draw a box on it, and the box scores your phrases while you drag it."),
  );
  parts.note = note();
  parts.drop = make("div", { class: "fx-drop-hint" }, icon("upload"), "Drop the picture");
  parts.leave = iconButton("remove", "Leave talk mode (t or Esc)", () => {}, { class: "fx-tool fx-leave" });
  parts.stage.append(parts.empty, parts.drop, parts.pictureFault.element, parts.leave);
  parts.bar = make("div", { class: "fx-under" }, parts.tools, parts.heat);
  const left = make(
    "section",
    { class: "fx-left", "aria-label": "Picture" },
    parts.stage,
    parts.note.element,
    parts.bar,
    parts.picker,
  );
  const right = make(
    "section",
    { class: "fx-right", "aria-label": "Prompts and scores" },
    parts.progress.element,
    parts.promptFault.element,
    parts.prompts,
    parts.table,
  );
  root.append(left, right);
  return parts;
}

/** A quiet line below the picture; once dismissed, the same line does not come back. */
function note() {
  const words = make("span", {});
  const dismissed = new Set();
  const hide = () => {
    dismissed.add(words.textContent);
    element.hidden = true;
  };
  const element = make(
    "div",
    { class: "fx-note", role: "note", hidden: true },
    icon("info"),
    words,
    iconButton("remove", "Dismiss", hide),
  );
  const show = (sentence) => {
    words.textContent = words.title = sentence ?? "";
    element.hidden = !sentence || dismissed.has(sentence);
  };
  return { element, show };
}

/** A sentence beside what caused it; stays until the next try, ×, or an answer from an app that was away. */
export function fault() {
  const words = make("span", {});
  const retry = make("button", { type: "button", class: "fx-button", hidden: true }, "Try again");
  const element = make(
    "div",
    { class: "fx-fault", role: "alert", hidden: true },
    words,
    retry,
    iconButton("remove", "Dismiss", () => clear()),
  );
  let [retried, away] = [null, false];
  const clear = () => {
    element.hidden = true;
    retried = null;
  };
  const goOn = () => {
    const again = retried;
    clear();
    again?.();
  };
  retry.onclick = goOn;
  const show = (sentence, again = null, { kind } = {}) => {
    words.textContent = sentence;
    retry.hidden = !again;
    retried = again;
    away = kind === "away";
    element.hidden = false;
  };
  /** The app answers: what failed for want of it is tried again. */
  const answered = () => away && !element.hidden && goOn();
  return { element, show, clear, answered };
}

/** A thin bar: appears after 300 ms, counts when it can, and can be stopped. */
export function progress() {
  const words = make("span", {});
  const stop = make("button", { type: "button", class: "fx-button" }, "Stop");
  const fill = make("i", {});
  const element = make("div", { class: "fx-progress", hidden: true, role: "status" }, fill, words, stop);
  let timer = null;
  return {
    element,
    start(text, cancel = null) {
      clearTimeout(timer);
      words.textContent = text;
      fill.style.width = "";
      element.classList.add("fx-unknown");
      stop.hidden = !cancel;
      stop.onclick = cancel;
      timer = setTimeout(() => (element.hidden = false), 300);
    },
    update(done, all, text) {
      element.classList.remove("fx-unknown");
      fill.style.width = `${(100 * done) / all}%`;
      words.textContent = text;
    },
    end() {
      clearTimeout(timer);
      element.hidden = true;
    },
  };
}
