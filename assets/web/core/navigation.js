// The tab that is seen and the address: `tab=map`. Gradio draws the tabs.

const BUTTONS = "#fx-tabs .tab-container:not(.visually-hidden) [role=tab]";
const HIDDEN = "#fx-tabs .overflow-dropdown button"; // of tabs that a narrow page has no room for
const HOME = "Probe"; // the tab that an address need not name

const buttons = () => [...document.querySelectorAll(BUTTONS)];
const nameOf = (button) => button.textContent.trim();

/** Keep the address true, and show the tab that it names. */
export function followTabs() {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest(`${BUTTONS}, ${HIDDEN}`);
    if (button) remember(nameOf(button));
  });
  const wanted = () => new URLSearchParams(location.search).get("tab");
  window.addEventListener("popstate", () => {
    document.dispatchEvent(new Event("fx-back")); // a tab may go back to what its address says
    showTab(wanted() ?? HOME);
    document.dispatchEvent(new Event("fx-address")); // the tabs show what they show: the address says so again
  });
  if (wanted()) showTab(wanted());
}

/** Show a tab; waits until Gradio has drawn it. With `leaving`, Back comes back from it. */
export async function showTab(name, { leaving = false } = {}) {
  if (leaving) history.pushState(history.state, "", location.href);
  for (let tries = 0; tries < 100; tries++) {
    const button = [...buttons(), ...document.querySelectorAll(HIDDEN)].find(
      (each) => nameOf(each).toLowerCase() === name.toLowerCase(),
    );
    if (button) {
      button.click();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const waiting = new Map(); // name → what was told to a tab that is not drawn yet

/** Tell another tab something: Gradio draws a tab when it is first shown, and it hears what waits for it then. */
export function tell(name, detail) {
  const unheard = document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
  if (unheard) waiting.set(name, detail);
}

/** Do something with what other tabs tell. */
export function hear(name, act) {
  document.addEventListener(name, (event) => {
    event.preventDefault(); // heard
    act(event.detail);
  });
  if (!waiting.has(name)) return;
  const detail = waiting.get(name);
  waiting.delete(name);
  act(detail);
}

/** Put names and values into the address; null takes one out. */
export function putInAddress(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value == null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%3A", ":");
  history.replaceState(history.state, "", location.pathname + (text && `?${text}`) + location.hash);
}

function remember(name) {
  putInAddress({ tab: name === HOME ? null : name.toLowerCase() });
}
