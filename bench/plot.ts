import type { TopLevelSpec } from 'vega-lite';

export type Plot = { file: string; title: string; spec: TopLevelSpec };

/** Static SVG; vega is loaded here only. */
export async function drawPlot({ title, spec }: Plot): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = compile({
    ...spec,
    title,
    background: 'white',
    config: { axis: { titleFontWeight: 'normal', labelLimit: 400 } },
  });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
