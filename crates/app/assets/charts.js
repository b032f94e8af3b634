// Pictures of numbers. The numbers stand in a table on the page, which stays for those who do not
// see the picture:
//
//   <figure data-chart="bar|line|pareto" data-unit="¥"><table>…</table></figure>
//
// First column: names. Other columns: a series each, named in the head. A cell's number is its
// `data-value` or its text. A link in a row's first cell is where a click on its bar leads.

import { BarChart, LineChart } from 'echarts/charts';
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  AriaComponent, BarChart, DatasetComponent, GridComponent, LegendComponent, LineChart,
  SVGRenderer, TooltipComponent,
]);

const number = (cell) => {
  const value = Number((cell.dataset.value ?? cell.textContent).replace(/[^\d.-]/g, ''));
  return Number.isFinite(value) ? value : 0;
};

function read(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  return {
    heads,
    names: rows.map((row) => row.cells[0].textContent.trim()),
    links: rows.map((row) => row.cells[0].querySelector('a')?.href),
    values: rows.map((row) => [...row.cells].slice(1).map(number)),
  };
}

/** The share that the first so many make together, in percent. */
function shares(values) {
  const total = values.reduce((sum, [value]) => sum + value, 0) || 1;
  let sum = 0;
  return values.map(([value]) => {
    sum += value;
    return Math.round((sum / total) * 1000) / 10;
  });
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function option(kind, { heads, names, values }) {
  const ink = token('--w-ink');
  const line = token('--w-line');
  const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } } };
  const series = heads.slice(1).map((name, at) => ({
    name,
    type: kind === 'line' ? 'line' : 'bar',
    data: values.map((row) => row[at]),
    barMaxWidth: 36,
  }));
  const grid = { left: 8, right: 8, top: 36, bottom: 8, containLabel: true };
  const yAxis = [{ type: 'value', ...axis, splitLine: { lineStyle: { color: line } } }];
  if (kind === 'pareto') {
    series.push({ name: '%', type: 'line', yAxisIndex: 1, data: shares(values), symbolSize: 6 });
    yAxis.push({ type: 'value', min: 0, max: 100, ...axis, splitLine: { show: false } });
  }
  return {
    // Still pictures, and no markup with styles of its own: the pages' policy refuses both.
    animation: false,
    aria: { enabled: true },
    color: [token('--w-info'), token('--w-warn'), token('--w-good'), token('--w-bad')],
    grid,
    legend: { show: series.length > 1, top: 0, textStyle: { color: ink } },
    series,
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    xAxis: { type: 'category', data: names, ...axis, axisTick: { show: false } },
    yAxis,
  };
}

function draw(figure) {
  const table = figure.querySelector('table');
  if (!table?.tHead || !table.tBodies[0]?.rows.length) return;
  const told = read(table);
  const place = document.createElement('div');
  place.className = 'w-chart';
  figure.prepend(place);
  // The numbers stay, folded away, for those who would rather read them.
  figure.querySelector('details')?.removeAttribute('open');
  const chart = init(place, null, { renderer: 'svg' });
  const show = () => chart.setOption(option(figure.dataset.chart, told), true);
  show();
  chart.on('click', ({ dataIndex }) => {
    if (told.links[dataIndex]) location.assign(told.links[dataIndex]);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
}

for (const figure of document.querySelectorAll('figure[data-chart]')) draw(figure);
