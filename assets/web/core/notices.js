// What is said beside the work: a note, a fault with a way to try again, a bar of progress.

/** @import {FaultNote} from "./api.js" */

import { make } from "./dom.js";
import { icon, iconButton } from "./icons.js";

/** A quiet line; once dismissed, the same line does not come back. */
export function note() {
  const words = make("span", {});
  /** @type {Set<string | null>} */
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
  /** @param {string | null} [sentence] */
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
  /** @type {(() => unknown) | null} */
  let retried = null;
  let away = false;
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
  /** @type {FaultNote["show"]} */
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    element,
    /** @param {string} text @param {(() => unknown) | null} [cancel] */
    start(text, cancel = null) {
      clearTimeout(timer);
      words.textContent = text;
      fill.style.width = "";
      element.classList.add("fx-unknown");
      stop.hidden = !cancel;
      stop.onclick = cancel;
      timer = setTimeout(() => (element.hidden = false), 300);
    },
    /** @param {number} done @param {number} all @param {string} text */
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

/** @typedef {ReturnType<typeof note>} Note */
/** @typedef {ReturnType<typeof fault>} FaultLine */
/** @typedef {ReturnType<typeof progress>} ProgressBar */
