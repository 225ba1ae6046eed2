// Lays out a graph and draws it as SVG. Names no part of the editor, so that a test can run it by itself.
"use strict";

const WIDTH = 190;
const HEIGHT = 46;
const ACROSS = 110;
const DOWN = 18;
const MARGIN = 24;

/** An edge as the compiler writes it: `service_a["service a"] -->|requires| need_a_b["need a.b"]`. */
const EDGE = /^\s*([^\s[]+)\["(\S+) (.+?)"\]\s+\S+\|([^|]+)\|\s+([^\s[]+)\["(\S+) (.+?)"\]\s*$/;
/** Whoever owns a node, or has it as a part, is written into its box. */
const BELONGS = new Set(["owned by", "part of"]);

/** The nodes and edges of a graph that is written as Mermaid. */
function read(mermaid) {
  const nodes = new Map();
  const edges = [];
  const node = (id, kind, name) => {
    if (!nodes.has(id)) {
      nodes.set(id, { id, kind, name, belongs: [], layer: 0, row: 0 });
    }
    return nodes.get(id);
  };
  for (const line of mermaid.split("\n")) {
    const found = EDGE.exec(line);
    if (!found) {
      continue;
    }
    const [, from, fromKind, fromName, relation, to, toKind, toName] = found;
    const source = node(from, fromKind, fromName);
    if (BELONGS.has(relation)) {
      source.belongs.push(toName);
    } else {
      edges.push({ from: source, to: node(to, toKind, toName), relation });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

/** Gives each node a column, so that edges lead to the right wherever they form no ring, and a row. */
function arrange({ nodes, edges }) {
  const after = new Map(nodes.map((node) => [node, edges.filter((edge) => edge.from === node).map((edge) => edge.to)]));
  const busy = new Set();
  const depth = new Map();
  const measure = (node) => {
    if (depth.has(node) || busy.has(node)) {
      return depth.get(node) ?? 0;
    }
    busy.add(node);
    const deepest = Math.max(-1, ...after.get(node).map(measure));
    busy.delete(node);
    depth.set(node, deepest + 1);
    return deepest + 1;
  };
  const deepest = Math.max(0, ...nodes.map(measure));
  for (const node of nodes) {
    node.layer = deepest - depth.get(node);
  }
  const layers = Array.from({ length: deepest + 1 }, (_, layer) => nodes.filter((node) => node.layer === layer));
  layers.forEach((layer) => layer.forEach((node, row) => (node.row = row)));
  // Nodes move to the middle of what they are tied to, from the left and back.
  for (const order of [layers, [...layers].reverse(), layers]) {
    order.forEach((layer) => {
      const middle = new Map(layer.map((node) => [node, mean(tied(node, edges).map((other) => other.row), node.row)]));
      layer.sort((left, right) => middle.get(left) - middle.get(right) || left.row - right.row);
      layer.forEach((node, row) => (node.row = row));
    });
  }
  return layers;
}

function tied(node, edges) {
  return edges.flatMap(({ from, to }) => (from === node ? [to] : to === node ? [from] : []));
}

function mean(numbers, otherwise) {
  return numbers.length ? numbers.reduce((sum, number) => sum + number, 0) / numbers.length : otherwise;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (found) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[found]);
}

/** What fits into a box. */
function cut(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The drawing of a graph that is written as Mermaid. */
function draw(mermaid) {
  const all = read(mermaid);
  const drawn = new Set(all.edges.flatMap(({ from, to }) => [from, to]));
  const graph = { nodes: all.nodes.filter((node) => drawn.has(node) || node.kind === "service"), edges: all.edges };
  const layers = arrange(graph);
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const height = tallest * (HEIGHT + DOWN) - DOWN;
  const at = (node) => {
    const own = layers[node.layer].length * (HEIGHT + DOWN) - DOWN;
    return { x: MARGIN + node.layer * (WIDTH + ACROSS), y: MARGIN + (height - own) / 2 + node.row * (HEIGHT + DOWN) };
  };
  const width = layers.length * (WIDTH + ACROSS) - ACROSS + 2 * MARGIN;
  const lines = graph.edges.map(({ from, to, relation }) => {
    const [start, end] = [at(from), at(to)];
    const [x1, y1, x2, y2] = [start.x + WIDTH, start.y + HEIGHT / 2, end.x - 6, end.y + HEIGHT / 2];
    const bend = Math.max(50, Math.abs(x2 - x1) / 2);
    const path = `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
    const title = escaped(`${from.name} ${relation} ${to.name}`);
    return `<path class="edge ${relation.replace(/\W/g, "-")}" d="${path}" marker-end="url(#tip)"><title>${title}</title></path>`;
  });
  const boxes = graph.nodes.map((node) => {
    const { x, y } = at(node);
    const below = [node.kind, ...node.belongs].join(" · ");
    return (
      `<g class="node ${node.kind}" data-name="${escaped(node.name)}" transform="translate(${x},${y})">` +
      `<title>${escaped(`${node.name}\n${below}`)}</title><rect width="${WIDTH}" height="${HEIGHT}" rx="6"/>` +
      `<text class="name" x="12" y="20">${escaped(cut(node.name, 24))}</text>` +
      `<text class="below" x="12" y="36">${escaped(cut(below, 30))}</text></g>`
    );
  });
  const size = `width="${width}" height="${height + 2 * MARGIN}" viewBox="0 0 ${width} ${height + 2 * MARGIN}"`;
  const tip = '<marker id="tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker>';
  return `<svg ${size} role="img"><defs>${tip}</defs>${lines.join("")}${boxes.join("")}</svg>`;
}

module.exports = { draw, escaped };
