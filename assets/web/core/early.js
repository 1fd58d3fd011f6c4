// Before the first paint: the theme that was chosen last, so that the page does not flash.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("fgclip-theme");
  } catch {
    return; // storage is forbidden: the browser's own preference stays
  }
  if (!chosen) return;
  const apply = () => document.body.classList.toggle("dark", chosen === "dark");
  const query = new URLSearchParams(location.search).get("__theme");
  if (query) return;
  if (document.body) apply();
  else document.addEventListener("DOMContentLoaded", apply);
  // Gradio sets its own class once it has started.
  addEventListener("load", () => setTimeout(apply));
})();
