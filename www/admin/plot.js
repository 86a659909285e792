// Lines and bars over time, drawn by uPlot, in the page's own colours. The page loads uPlot before.
import { minuteTime } from "./times.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const whole = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false });
const here = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const DAY = 86_400; // s
const HEIGHT = 240; // px

function seriesOf({ label, colour: name, bars = false, scale = "y" }, { uPlot, sparse }) {
  const drawn = colour(name);
  return {
    label,
    scale,
    stroke: drawn,
    width: bars ? 0 : 2,
    fill: bars ? drawn : undefined,
    paths: bars ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined,
    points: { show: !bars && sparse },
    value: (_, value) => (value === null || value === undefined ? "–" : value.toLocaleString("en")),
  };
}

/** "22:00"; under it the day where it is the first one told, or a new one. */
function hourName(at, index, times) {
  const [today, before] = [here.format(at * 1000), index > 0 && here.format(times[index - 1] * 1000)];
  return today === before ? clock.format(at * 1000) : `${clock.format(at * 1000)}\n${today}`;
}

function options(lines, { width, sparse, step, uPlot }) {
  const axis = { stroke: colour("--chart-text"), grid: { stroke: colour("--chart-grid"), width: 1 }, ticks: { show: false } };
  const right = lines.some(({ scale }) => scale === "right");
  const figures = (_, values) => values.map((value) => (Number.isInteger(value) || Math.abs(value) > 10 ? compact.format(value) : ""));
  // Low ones keep to the bottom third, out of the way of a line above them.
  const headroom = lines.some(({ low }) => low) ? 3 : 1;
  const fromZero = (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 0, 4)];
  return {
    width,
    height: HEIGHT,
    // Days are days of UTC, as they are counted; hours are this browser's.
    tzDate: (at) => (step < DAY ? new Date(at * 1000) : uPlot.tzDate(new Date(at * 1000), "Etc/UTC")),
    series: [{ label: step < DAY ? "Hour" : "Day", value: (_, at) => (at === null ? "–" : (step < DAY ? minuteTime(at) : whole.format(at * 1000))) }, ...lines.map((line) => seriesOf(line, { uPlot, sparse }))],
    scales: {
      x: { range: (_, from, to) => [from - step / 2, to + step / 2] }, // room for half a bar at both ends
      y: { range: fromZero }, ...(right && { right: { range: (_, low, high) => [Math.min(0, low ?? 0), headroom * Math.max(high ?? 0, 4)] } }),
    },
    axes: [
      step < DAY ? { ...axis, values: (_, times) => times.map(hourName), space: 64 } : { ...axis, values: (_, times) => times.map((at) => day.format(at * 1000)), space: 64, incrs: [1, 2, 7, 14, 30, 61, 91].map((days) => days * DAY) },
      { ...axis, size: 56, values: figures },
      ...(right ? [{ ...axis, scale: "right", side: 1, size: 56, values: figures, grid: { show: false } }] : []),
    ],
    cursor: { drag: { x: false, y: false } },
  };
}

/**
 * Draws into `holder`, and again when its width or the colour scheme changes.
 *
 * times  Unix seconds, rising, `step` apart: a day, or an hour
 * lines  [{label, values, colour: a CSS variable's name, bars, scale: "y" or "right", low}]
 */
export function plot(holder, times, lines, { step = DAY } = {}) {
  const { uPlot } = globalThis;
  let drawn = null;
  const draw = () => {
    drawn?.destroy();
    const width = Math.max(holder.clientWidth, 200);
    drawn = new uPlot(options(lines, { width, sparse: times.length < 40, step, uPlot }), [times, ...lines.map(({ values }) => values)], holder);
  };
  draw();
  new ResizeObserver(() => drawn.setSize({ width: Math.max(holder.clientWidth, 200), height: HEIGHT })).observe(holder);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
