// The drawing of a graph.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const { draw } = createRequire(import.meta.url)("../../../../editors/vscode/src/drawing.js");

const GRAPH = `graph LR
  service_shop["service shop"] -->|requires| service_catalog["service catalog"]
  service_shop["service shop"] -->|owned by| team_web["team web"]
  service_shop["service shop"] -->|part of| system_store["system store"]
  service_catalog["service catalog"] -->|calls| service_shop["service shop"]
  service_catalog["service catalog"] -->|needs| need_catalog_db["need catalog.db"]
  service_lonely["service lonely"] -->|owned by| team_web["team web"]
`;

/** Each box: its name and where it stands. */
const boxes = (svg) =>
  new Map([...svg.matchAll(/data-name="([^"]*)" transform="translate\(([\d.]+),([\d.]+)\)"/g)].map(([, name, x, y]) => [name, { x: +x, y: +y }]));

test("services and what they need are boxes, owners are written into them", () => {
  const svg = draw(GRAPH);
  assert.deepEqual([...boxes(svg).keys()].sort(), ["catalog", "catalog.db", "lonely", "shop"]);
  assert.match(svg, />service · web · store</);
  assert.equal(svg.match(/<path class="edge/g).length, 3);
});

test("edges lead to the right, rings end, and no box covers another", () => {
  const at = boxes(draw(GRAPH));
  assert.ok(at.get("shop").x < at.get("catalog").x && at.get("catalog").x < at.get("catalog.db").x);
  const places = [...at.values()].map(({ x, y }) => `${x},${y}`);
  assert.equal(new Set(places).size, places.length);
});

test("names cannot break out of the drawing", () => {
  const svg = draw('graph LR\n  a["service <b>&x"] -->|needs| c["need y<script>"]\n');
  assert.ok(!svg.includes("<b>") && !svg.includes("<script>"));
  assert.ok(svg.includes("&lt;b&gt;&amp;x"));
});

test("an empty graph is a drawing as well", () => {
  assert.match(draw("graph LR\n"), /^<svg width="\d+" height="\d+"/);
});
