import type { TopLevelSpec } from 'vega-lite';
import { html, trusted } from '../../core/html.ts';
import { GUARD, type ThetaName } from '../../core/judge/guard.ts';
import { looksOf } from '../../core/judge/guard-looks.ts';
import type { TableVerdict } from '../../core/judge/table-verdict.ts';

const WIDTH = 880;
const HEIGHT = 170;
const MARGIN_OF_VIEW = 1.5;

const panels: { theta: ThetaName; bound: 'lower' | 'upper'; limit: number; title: string }[] = [
  { theta: 'abort', bound: 'lower', limit: GUARD.delta, title: 'abort: the lower bound of D(0) above 0.01' },
  { theta: 'safe', bound: 'upper', limit: -GUARD.delta, title: 'safe: the upper bound of D(0.05) below -0.01' },
  { theta: 'win', bound: 'upper', limit: -GUARD.delta, title: 'win: the upper bound of D(-0.15) below -0.01' },
];

/** Mean and deciding bound of each theta over the hours, with the limit and the hour at which it was crossed: SVG, or a page with the sentence. */
export async function drawLooks(verdict: TableVerdict, page: boolean): Promise<string> {
  const svg = await drawn({
    background: 'white',
    config: { font: 'system-ui, sans-serif', view: { stroke: null }, axis: { gridColor: '#e5e5e5' } },
    vconcat: panels.map((panel) => panelOf(verdict, panel)),
  });
  if (!page) return svg;
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Judged losses: ${verdict.verdict}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem}svg{max-width:100%;height:auto}</style>
<h1>${verdict.verdict}</h1><p>${verdict.sentence}</p>${trusted(svg)}</html>
`.text;
}

async function drawn(spec: object): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Written by hand below, and vega-lite checks it as it compiles.
  const view = new vega.View(vega.parse(compile(spec as TopLevelSpec).spec), {
    renderer: 'none',
    logLevel: vega.Error,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function panelOf({ looks, guard }: TableVerdict, { theta, bound, limit, title }: (typeof panels)[number]): object {
  const values = looks.map((look) => ({ hour: look.hour, mean: look.mean[theta], bound: looksOf(look)[theta][bound] }));
  // The first bounds are wider than anything else and may run out of the picture.
  const late = values.slice(Math.floor(values.length / 4)).flatMap(({ mean, bound: edge }) => [mean, edge]);
  const reach = MARGIN_OF_VIEW * Math.max(0.02, ...late.map(Math.abs));
  const x = { field: 'hour', type: 'quantitative', title: 'hours after the history', scale: { nice: false } };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: `D(${theta})`,
    scale: { domain: [-reach, reach] },
  });
  const crossed = guard.first_hour[theta];
  return {
    ...{ width: WIDTH, height: HEIGHT, title: { text: title, anchor: 'start' } },
    layer: [
      { data: { values }, mark: { type: 'line', color: '#1f5fa8', clip: true }, encoding: { x, y: y('mean') } },
      { data: { values }, mark: { type: 'line', color: '#c0392b', clip: true }, encoding: { x, y: y('bound') } },
      { data: { values: [{ limit }] }, mark: { type: 'rule', strokeDash: [5, 4] }, encoding: { y: y('limit') } },
      ...(crossed === null
        ? []
        : [{ data: { values: [{ hour: crossed }] }, mark: { type: 'rule', color: '#c0392b' }, encoding: { x } }]),
    ],
  };
}
