// The few DOM helpers that every part uses.

/**
 * What an attribute may be: true writes it empty, false and null leave it out; functions are listeners, under `on…`.
 *
 * @typedef {string | number | boolean | null | undefined} AttributeValue
 * @typedef {{[K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => unknown}} Listeners
 * @typedef {Listeners & {[name: string]: AttributeValue | ((event: never) => unknown)}} Attributes
 * @typedef {Node | string | null | undefined} Child
 */

/**
 * Create an element: attributes, listeners in `on…`, and children (strings become text).
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/**
 * Begin something once somebody looks at an element.
 *
 * @param {Element} element
 * @param {() => unknown} begin
 */
export function whenSeen(element, begin) {
  const eye = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    begin();
    eye.disconnect(); // not where that failed: the next look tries again
  });
  eye.observe(element);
}

/**
 * Whether keys typed now belong to a text field.
 *
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return (
    target instanceof Element &&
    !!target.closest(
      "input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true]",
    )
  );
}
