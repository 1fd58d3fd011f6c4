// Long work of the app: how far it is, how long it will take, and a way to stop it.

import { ask, kindOf } from "./api.js";
import { make } from "./dom.js";

/** @import {DataFunctions, Job as JobState, JobProgress} from "./wire.js" */

const POLL = 400; // ms

/**
 * The latest long work of the app; `silent`: it does not answer at the moment.
 *
 * @typedef {JobState & {silent?: boolean}} Job
 */

/** @typedef {Pick<DataFunctions, "job">} JobServer */

/**
 * Ask how far the latest work is until it is over; gives the last answer.
 *
 * @param {JobServer} server
 * @param {(job: Job | null) => void} show
 */
export async function watchJob(server, show) {
  /** @type {Job | null} */
  let job = null;
  for (;;) {
    try {
      ({ job } = await ask(server, "job", {}));
      show(job);
      if (job?.outcome !== "running") return job;
    } catch (error) {
      if (kindOf(error) !== "away" || !job) throw error;
      show({ ...job, silent: true }); // the work may go on while nobody answers
    }
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

/**
 * A bar with words and a button that stops the work.
 *
 * @param {() => Promise<unknown>} stop
 */
export function progressLine(stop) {
  const words = make("span", {});
  const button = make(
    "button",
    {
      type: "button",
      class: "fx-button",
      onclick: () => {
        button.disabled = true;
        stop().catch(() => (button.disabled = false));
      },
    },
    "Stop",
  );
  const fill = make("i", {});
  const element = make(
    "div",
    { class: "fx-job", role: "status" },
    make("div", { class: "fx-job-bar" }, fill),
    words,
    button,
  );
  return {
    element,
    /** @param {Job | null} job */
    show(job) {
      const running = job?.outcome === "running";
      button.hidden = !running;
      if (!running) button.disabled = false;
      element.dataset.outcome = job?.outcome ?? "";
      element.classList.toggle("fx-unknown", running && !job.progress?.total);
      fill.style.width = running ? shareOf(job.progress) : "100%";
      words.textContent = words.title = job ? wordsOf(job) : "";
    },
  };
}

/** The width of a bar; none while nobody knows. @param {JobProgress | null} progress */
const shareOf = (progress) => (progress?.total ? `${(100 * progress.done) / progress.total}%` : "");

/** What is said of a piece of work. @param {Job} job */
export function wordsOf(job) {
  if (job.outcome !== "running") return `${job.title}: ${job.words}`;
  if (job.silent) return `${job.title}: the app does not answer; asking again. See its terminal`;
  if (!job.progress) return `${job.title} …`;
  const { stage, rate, seconds_left: left } = job.progress;
  const rest = left != null && left > 3 ? `${duration(left)} left` : "";
  return [`${job.title}: ${stage}`, doneOf(job.progress), rate ? speedOf(rate) : "", rest].filter(Boolean).join(" · ");
}

/** @param {JobProgress} progress */
function doneOf({ done, total, unit }) {
  if (total) return `${done.toLocaleString()} of ${total.toLocaleString()} ${unit}`;
  return done ? `${done.toLocaleString()} ${unit}` : "";
}

/** @param {number} rate a second */
const speedOf = (rate) => `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString()} a second`;

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
