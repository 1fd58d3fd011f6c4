// The header: name, model corner, theme, help.

import { iconButton, icon, make } from "./dom.js";
import { bytesText, countText, scaleText } from "./numbers.js";

export function mount(root, { start }) {
  const { card } = start;
  const sheet = modelSheet(card);
  const model = make(
    "button", { type: "button", class: "fx-model", title: "Which weights these are, and what they know", "aria-haspopup": "dialog", onclick: () => sheet.showModal() },
    card.name, icon("info"),
  );
  document.body.append(sheet);
  root.replaceChildren(
    make("span", { class: "fx-brand" }, "FG-CLIP ", make("b", {}, "Explorer")),
    make("nav", { class: "fx-corner", "aria-label": "About and settings" }, model,
      iconButton("moon", "Dark or light", () => switchTheme()),
      iconButton("help", "Keys (?)", () => document.dispatchEvent(new CustomEvent("fx-help")))),
  );
}

function switchTheme() {
  const dark = document.body.classList.toggle("dark");
  try {
    localStorage.setItem("fgclip-theme", dark ? "dark" : "light");
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}

function modelSheet(card) {
  const notes = Object.entries(card.notes).filter(([, words]) => words);
  const facts = [
    ["family", `${card.family}, ${countText(card.parameters)} parameters, ${bytesText(card.bytes)}`],
    ["from", card.source],
    ["sha256", card.sha256],
    ["sees", `${card.image_size} × ${card.image_size} pixels in ${card.grid_size} × ${card.grid_size} patches`],
    ["reads", `${card.short_context} tokens (short, box), ${card.long_context} (long)`],
    ["vectors", `${card.dimensions} numbers; cosines × ${scaleText(card.scale)} before a softmax`],
    ["runs on", `${card.device}, ${card.dtype}`],
    ...notes.map(([name, words]) => [name.replaceAll("_", " "), words]),
  ];
  const sheet = make(
    "dialog", { class: "fx-sheet fx-card", "aria-label": "Model" }, make("h2", {}, card.name),
    make("dl", {}, ...facts.flatMap(([name, words]) => [make("dt", {}, name), make("dd", {}, words)])),
    make("p", {}, "For photographs, start with the authors’ weights (needs network once):"),
    make("code", {}, "python app.py --model qihoo360/fg-clip-base"),
    make("form", { method: "dialog" }, make("button", { class: "fx-button" }, "Close")),
  );
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  return sheet;
}
