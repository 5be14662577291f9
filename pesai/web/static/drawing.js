/* Draws the list of neighbours of a page with Cytoscape.js. The list stays: it is the same in words. */
"use strict";
(() => {
  const place = document.getElementById("drawing");
  const list = document.getElementById("relations");
  if (!place || !list || typeof cytoscape !== "function") return;
  const centre = list.dataset.thing;
  const short = (text) => (text.length > 34 ? text.slice(0, 33) + "…" : text);
  const nodes = new Map([[centre, { data: { id: centre, label: short(list.dataset.name), centre: 1 } }]]);
  const edges = [];
  for (const section of list.querySelectorAll("section")) {
    for (const item of section.querySelectorAll("li")) {
      const iri = item.dataset.iri;
      const link = item.querySelector("a");
      if (!nodes.has(iri)) {
        nodes.set(iri, { data: { id: iri, label: short(item.dataset.name), href: link ? link.href : "" } });
      }
      const inward = section.dataset.inward === "yes";
      edges.push({
        data: { source: inward ? iri : centre, target: inward ? centre : iri, label: section.dataset.relation },
      });
    }
  }
  place.hidden = false;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", place.dataset.label);
  const drawing = cytoscape({
    container: place,
    elements: [...nodes.values(), ...edges],
    autoungrabify: false,
    userZoomingEnabled: false,
    layout: { name: "concentric", animate: false, minNodeSpacing: 30, concentric: (n) => (n.data("centre") ? 2 : 1), levelWidth: () => 1 },
    style: [
      { selector: "node", style: { label: "data(label)", "font-size": 11, "text-wrap": "wrap", "text-max-width": 110, "background-color": "#4d7fb8", color: "#1b2430", width: 16, height: 16 } },
      { selector: "node[centre]", style: { "background-color": "#16395f", width: 28, height: 28, "font-weight": "bold" } },
      { selector: "edge", style: { width: 1, "line-color": "#9aa5b4", "target-arrow-color": "#9aa5b4", "target-arrow-shape": "triangle", "curve-style": "bezier", label: "data(label)", "font-size": 8, color: "#4a5565", "text-rotation": "autorotate" } },
    ],
  });
  drawing.on("tap", "node", (event) => {
    const href = event.target.data("href");
    if (href && new URL(href).origin === location.origin) location.assign(href);
  });
})();
