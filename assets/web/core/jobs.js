// Long work of the app: how far it is, how long it will take, and a way to stop it.

import { ask } from "./api.js";
import { make } from "./dom.js";

const POLL = 400; // ms

/** Ask how far the latest work is until it is over; gives the last answer. */
export async function watchJob(server, show) {
  let job = null;
  for (;;) {
    try {
      ({ job } = await ask(server, "job"));
      show(job);
      if (job?.outcome !== "running") return job;
    } catch (error) {
      if (error.kind !== "away" || !job) throw error;
      show({ ...job, silent: true }); // the work may go on while nobody answers
    }
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

/** A bar with words and a button that stops the work. */
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
    show(job) {
      const running = job?.outcome === "running";
      button.hidden = !running;
      if (!running) button.disabled = false;
      element.dataset.outcome = job?.outcome ?? "";
      const { done = 0, total = null } = job?.progress ?? {};
      element.classList.toggle("fx-unknown", running && !total);
      fill.style.width = !running ? "100%" : total ? `${(100 * done) / total}%` : "";
      words.textContent = job ? wordsOf(job) : "";
      words.title = words.textContent;
    },
  };
}

function wordsOf(job) {
  if (job.outcome !== "running") return `${job.title}: ${job.words}`;
  if (job.silent) return `${job.title}: the app does not answer; asking again. See its terminal`;
  if (!job.progress) return `${job.title} …`;
  const { stage, done, total, unit, rate, seconds_left: left } = job.progress;
  const count = total
    ? `${done.toLocaleString()} of ${total.toLocaleString()} ${unit}`
    : done
      ? `${done.toLocaleString()} ${unit}`
      : "";
  const speed = rate ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString()} a second` : "";
  const rest = left != null && left > 3 ? `${duration(left)} left` : "";
  return [`${job.title}: ${stage}`, count, speed, rest].filter(Boolean).join(" · ");
}

export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
