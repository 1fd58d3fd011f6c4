// The tab that is seen and the address: `tab=map`. Gradio draws the tabs.

import { Latest } from "./latest.js";
import { keepInHistory, putInAddress, textInAddress } from "./url.js";

const BUTTONS = "#fx-tabs .tab-container:not(.visually-hidden) [role=tab]";
const HIDDEN = "#fx-tabs .overflow-dropdown button"; // of tabs that a narrow page has no room for
const HOME = "Probe"; // the tab that an address need not name
const PATIENCE = 5000; // ms in which Gradio has drawn its tabs, else there is no such tab

const wanted = new Latest(); // the tab that is to be shown once it is drawn

/** @param {Element} button */
const nameOf = (button) => button.textContent?.trim() ?? "";

/** Keep the address true, and show the tab that it names. */
export function followTabs() {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest(`${BUTTONS}, ${HIDDEN}`);
    if (button) remember(nameOf(button));
  });
  window.addEventListener("popstate", () => {
    document.dispatchEvent(new Event("fx-back")); // a tab may go back to what its address says
    showTab(textInAddress("tab") ?? HOME);
    document.dispatchEvent(new Event("fx-address")); // the tabs show what they show: the address says so again
  });
  const named = textInAddress("tab");
  if (named) showTab(named);
}

/**
 * Show a tab, at once or when Gradio has drawn it.
 *
 * @param {string} name
 * @param {{leaving?: boolean}} [options] with `leaving`, Back comes back from it
 */
export function showTab(name, { leaving = false } = {}) {
  if (leaving) keepInHistory();
  const signal = wanted.begin();
  if (press(name)) return;
  const eye = new MutationObserver(() => press(name) && wanted.cancel());
  eye.observe(document.body, { childList: true, subtree: true, characterData: true });
  for (const end of [signal, AbortSignal.timeout(PATIENCE)]) end.addEventListener("abort", () => eye.disconnect());
}

/** Whether there was a button of this name to press. @param {string} name */
function press(name) {
  const buttons = [...document.querySelectorAll(BUTTONS), ...document.querySelectorAll(HIDDEN)];
  const button = buttons.find((each) => nameOf(each).toLowerCase() === name.toLowerCase());
  if (button instanceof HTMLElement) button.click();
  return button !== undefined;
}

/** @type {Map<string, unknown>} name → what was told to a tab that is not drawn yet */
const waiting = new Map();

/**
 * Tell another tab something: Gradio draws a tab when it is first shown, and it hears what waits for it then.
 *
 * @param {string} name
 * @param {unknown} detail
 */
export function tell(name, detail) {
  const unheard = document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
  if (unheard) waiting.set(name, detail);
}

/**
 * Do something with what other tabs tell.
 *
 * @template Detail
 * @param {string} name
 * @param {(detail: Detail) => unknown} act
 */
export function hear(name, act) {
  document.addEventListener(name, (event) => {
    event.preventDefault(); // heard
    act(/** @type {CustomEvent<Detail>} */ (event).detail);
  });
  if (!waiting.has(name)) return;
  const detail = /** @type {Detail} */ (waiting.get(name));
  waiting.delete(name);
  act(detail);
}

/** @param {string} name */
function remember(name) {
  putInAddress({ tab: name === HOME ? null : name.toLowerCase() });
}
