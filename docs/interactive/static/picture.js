// Saves a chart as a picture that needs nothing of the page, and hands files to the reader.

import { set, svg } from "./chart.js";

const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "paint-order", "font-size", "font-weight", "text-anchor"];

/** Return a chart as the text of an SVG file, on white and in the colours of the light theme. @param {SVGSVGElement} chart */
export function pictureOf(chart) {
  const { width, height } = chart.getBoundingClientRect();
  const copy = /** @type {SVGSVGElement} */ (chart.cloneNode(true));
  const { theme } = document.body.dataset;
  // Nothing is painted between these two lines.
  document.body.dataset.theme = "light";
  const pairs = [...chart.querySelectorAll("*")].map((node, i) => [node, copy.querySelectorAll("*")[i]]);
  for (const [node, twin] of pairs) {
    const style = getComputedStyle(node);
    if (style.display === "none" || style.visibility === "hidden") twin.classList.add("unseen");
    for (const name of LOOK) set(twin, { [name]: style.getPropertyValue(name) });
  }
  document.body.dataset.theme = theme;
  for (const node of copy.querySelectorAll(".unseen")) node.remove();
  for (const node of copy.querySelectorAll("[class]")) node.removeAttribute("class");
  const size = { width: Math.round(width), height: Math.round(height) };
  copy.removeAttribute("class");
  copy.removeAttribute("data-name");
  set(copy, { ...size, viewBox: `0 0 ${size.width} ${size.height}`, "font-family": "sans-serif" });
  copy.prepend(svg("rect", { ...size, fill: "white" }));
  return { text: new XMLSerializer().serializeToString(copy), ...size };
}

/** Return a chart as a PNG file, of twice its size. @param {SVGSVGElement} chart @returns {Promise<Blob>} */
export async function pixelsOf(chart) {
  const { text, width, height } = pictureOf(chart);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 2 * width, height: 2 * height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the browser makes no PNG")))),
  );
}

/** Hand a file to the reader, as a download. @param {string} name @param {Blob} content */
export function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
