/* Puts YASGUI in the place of the plain form, and gives names to the controls that it leaves without. */
"use strict";
(() => {
  const place = document.getElementById("yasgui");
  const plain = document.getElementById("plain");
  if (!place || !plain || typeof Yasgui !== "function") return;
  const words = place.dataset;
  const named = (one) =>
    one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.title ||
    (one.labels && one.labels.length) || (one.tagName === "BUTTON" && one.textContent.trim());
  const kinds = { INPUT: words.field, TEXTAREA: words.query, SELECT: words.list, BUTTON: words.button };
  const label = () => {
    for (const one of place.querySelectorAll("input, textarea, select, button")) {
      if (!named(one)) one.setAttribute("aria-label", one.placeholder || kinds[one.tagName]);
    }
    // A list of tabs may hold tabs alone, and the plus sign and the menus are none.
    for (const one of place.querySelectorAll('[role="tablist"]')) one.setAttribute("role", "group");
    for (const one of place.querySelectorAll('[role="tab"], [role="group"] a')) {
      if (one.hasAttribute("role")) one.removeAttribute("role");
      if (one.hasAttribute("aria-selected")) {
        one.setAttribute("aria-current", one.getAttribute("aria-selected"));
        one.removeAttribute("aria-selected");
      }
    }
    for (const one of place.querySelectorAll(".CodeMirror-scroll")) one.tabIndex = 0;
  };
  const text = document.getElementById("query").value;
  place.hidden = false;
  const editor = new Yasgui(place, {
    requestConfig: { endpoint: new URL(words.endpoint, location.href).href, method: "POST" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    yasqe: { value: text, resizeable: true, createShareableLink: null },
  });
  const tab = editor.getTab();
  if (tab) tab.setQuery(text);
  plain.hidden = true;
  label();
  new MutationObserver(label).observe(place, {
    childList: true, subtree: true, attributeFilter: ["aria-selected"],
  });
})();
