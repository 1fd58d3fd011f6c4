// There is one model: how to have two.

import { make } from "../../core/dom.js";

/**
 * @param {HTMLElement} root
 * @param {string} name of the model
 */
export function teachTwo(root, name) {
  const command = (/** @type {string} */ words) => make("code", {}, words);
  root.replaceChildren(
    make(
      "div",
      { class: "fx-compare-alone" },
      make("h2", {}, "Two models, side by side"),
      make(
        "p",
        {},
        `Start the app with a second model, and this tab holds it against ${name}: ` +
          "on the same picture, texts, boxes, hard negatives and heat maps, and on the whole data set.",
      ),
      command('make app ARGS="--compare qihoo360/fg-clip-base"'),
      make("p", {}, "Two checkpoints of a training run work as well:"),
      command("python app.py --model runs/one/model --compare runs/two/model"),
      make("p", {}, "Or one model that reads pictures in two ways:"),
      command('make app ARGS="--compare fgclip-mini --compare-image-size 288"'),
    ),
  );
}
