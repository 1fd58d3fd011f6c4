// Clocks inside the page: what a person's hand does and when its answer is on the screen.
// Loaded before the page's own scripts, so its listeners hear every event first. Times are ms.
(() => {
  const PATIENCE = 60_000; // ms until an answer will not come
  const EVERYTHING = { subtree: true, childList: true, characterData: true, attributes: true };
  const now = () => performance.now();
  const rows = () => document.querySelector(".fx-rows");

  /** Resolves with {begun, shown}: when the browser made the frame that shows the present state. */
  const frame = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const begun = now();
      // Layout and paint follow in the same task; a message is heard after them.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve({ begun, shown: now() });
      port2.postMessage(null);
    });
  });

  /** Every drag event until stop(): {received, written, begun, shown}; of the scores' rows, by default the Probe's. */
  function watchDrag(selector = ".fx-rows") {
    const samples = [];
    let waiting = null;
    const hear = (event) => {
      if (event.buttons === 1) waiting = { received: now() };
    };
    const observer = new MutationObserver(() => {
      if (!waiting) return;
      const sample = { ...waiting, written: now() };
      waiting = null;
      samples.push(sample);
      frame().then((times) => Object.assign(sample, times));
    });
    addEventListener("pointermove", hear, { capture: true });
    // A bar may move where its three decimals stay.
    observer.observe(document.querySelector(selector), EVERYTHING);
    return {
      async stop() {
        removeEventListener("pointermove", hear, { capture: true });
        await frame();
        await frame();
        observer.disconnect();
        return samples.filter(({ shown }) => shown);
      },
    };
  }

  /** From the first such event to the frame that shows what `answered` waits for. */
  function from(type, accepts, target, options, answered) {
    return new Promise((resolve, reject) => {
      let start = null;
      setTimeout(() => reject(new Error(`nothing answered ${type} within ${PATIENCE} ms`)), PATIENCE);
      const hear = (event) => {
        if (!accepts(event)) return;
        start = now();
        removeEventListener(type, hear, { capture: true });
      };
      const observer = new MutationObserver((records) => {
        if (start === null || !answered(records)) return;
        observer.disconnect();
        frame().then(({ shown }) => resolve(shown - start));
      });
      addEventListener(type, hear, { capture: true });
      observer.observe(target, options);
    });
  }

  const number = (cell) => cell.textContent !== "–";
  const settled = () => !rows().classList.contains("fx-live")
    && [...rows().querySelectorAll(".fx-cell-region b, .fx-cell-crop b")].every(number);

  /** From letting go of a box to the frame that shows the server's region and crop scores. */
  const release = () => from("pointerup", () => true, rows(), EVERYTHING, settled);

  /** From Enter to the frame that shows the heat map of what was typed. */
  const heatMap = () => {
    const heat = document.querySelector(".fx-heat");
    return from("keydown", ({ key }) => key === "Enter", heat, { attributes: true },
      (records) => !heat.hidden && records.some(({ attributeName }) => attributeName === "width"));
  };

  /** From Enter to the frame that shows the cosine of a text in the Negatives tab. */
  const negativesText = (text) => {
    const list = document.querySelector(".fx-neg-rows");
    const shown = () => [...list.querySelectorAll(".fx-neg-row")].some((row) =>
      row.querySelector(".fx-neg-writing")?.textContent === text && number(row.querySelector(".fx-neg-cosine")));
    return from("keydown", ({ key }) => key === "Enter", list, EVERYTHING, shown);
  };

  /** Repeat a request that the page has made; time of each until its answer is parsed. */
  async function replay({ url, body }, times) {
    const found = [];
    for (let i = 0; i < times; i++) {
      const start = now();
      const headers = { "content-type": "application/json" };
      await (await fetch(url, { method: "POST", headers, body })).json();
      found.push(now() - start);
    }
    return found;
  }

  window.stopwatch = { watchDrag, release, heatMap, negativesText, replay };
})();
