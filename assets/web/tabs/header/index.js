// The header: name, model corner, theme, help.

import { make } from "../../core/dom.js";
import { iconButton, icon } from "../../core/icons.js";
import { followTabs } from "../../core/navigation.js";
import { bytesText, countText, scaleText } from "../../core/format.js";

export function mount(root, { start }) {
  const { card } = start;
  const sheet = modelSheet(card);
  const model = make(
    "button",
    {
      type: "button",
      class: "fx-model",
      title: "Which weights these are, and what they know",
      "aria-haspopup": "dialog",
      onclick: () => sheet.showModal(),
    },
    card.name,
    icon("info"),
  );
  document.body.append(sheet);
  root.replaceChildren(
    make("span", { class: "fx-brand" }, "FG-CLIP ", make("b", {}, "Explorer")),
    make(
      "nav",
      { class: "fx-corner", "aria-label": "About and settings" },
      model,
      themeButton(),
      iconButton("help", "Keys (?)", () => document.dispatchEvent(new CustomEvent("fx-help"))),
    ),
  );
  followTabs();
}

/** A moon by day and a sun by night: what a click brings. */
function themeButton() {
  const button = iconButton("moon", "Dark or light", () => switchTheme(), { class: "fx-tool fx-theme" });
  button.append(icon("sun"));
  return button;
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
  const { title, for_photographs: photographs, ...notes } = card.notes;
  const { trained_routes: routes } = card;
  const facts = {
    family: `${card.family}, ${countText(card.parameters)} parameters, ${bytesText(card.bytes)}`,
    from: [card.source === card.name ? "" : card.source, card.revision && `revision ${card.revision}`]
      .filter(Boolean)
      .join(", "),
    sha256: digest(card.sha256),
    sees: card.most_patches
      ? `up to ${countText(card.most_patches)} patches of ${card.patch_size} × ${card.patch_size} pixels, at the picture’s own shape`
      : `${card.image_size} × ${card.image_size} pixels in ${card.grid_size} × ${card.grid_size} patches`,
    reads:
      routes.length > 1
        ? `${card.short_context} tokens (${routes.filter((route) => route !== "long").join(", ")}), ${card.long_context} (long)`
        : `${card.short_context} tokens, by one route`,
    "reads them": card.prompt_style,
    "reads pictures": card.reading,
    vectors: `${card.dimensions} numbers; cosines × ${scaleText(card.scale)} before a softmax`,
    "runs on": `${card.device}, ${card.dtype}`,
  };
  for (const [name, words] of Object.entries(notes)) facts[name.replaceAll("_", " ")] ??= words;
  const told = Object.entries(facts).filter(([, words]) => words);
  const advice = photographs
    ? [
        make("p", {}, "For photographs, start with other weights (needs network once):"),
        make("code", {}, `make app ARGS="${photographs}"`),
      ]
    : [];
  const sheet = make(
    "dialog",
    { class: "fx-sheet fx-card", "aria-label": "Model" },
    make("h2", {}, title || card.name),
    make("dl", {}, ...told.flatMap(([name, words]) => [make("dt", {}, name), make("dd", {}, words)])),
    ...advice,
    make("form", { method: "dialog" }, make("button", { class: "fx-button" }, "Close")),
  );
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  return sheet;
}

/** Two equal lines, copied as one word. */
function digest(sha256) {
  const half = sha256.length / 2;
  return make("span", { class: "fx-digest" }, sha256.slice(0, half), make("wbr"), sha256.slice(half));
}
