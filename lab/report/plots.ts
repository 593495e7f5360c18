import type { TopLevelSpec } from 'vega-lite';
import { escapeText, type Html, html, trusted, withoutControls } from '../../core/html.ts';

export type Plot = {
  /** Unique in the document. */
  id: string;
  title: string;
  /** What the plot shows, in words, for whoever does not see it. */
  description: string;
  height: number;
  /** Layers and data; a width is set for each of the two sizes that the report carries. */
  spec: (width: number) => object;
};

/** Widths in CSS pixels of the two drawings; the style sheet shows one of them. */
const WIDE = 880;
const NARROW = 350;

const text_colour = 'var(--dim)';
const config = {
  // The whole drawing has a title and a description; a name for each of its hundred parts would only be in the way.
  aria: false,
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: text_colour,
    titleColor: text_colour,
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    domain: false,
    ticks: false,
    gridColor: 'var(--line)',
    labelPadding: 6,
  },
  legend: { labelColor: 'var(--ink)', labelFontSize: 12, title: null, orient: 'top', offset: 6 },
  text: { color: text_colour, fontSize: 12 },
};

/** Draws the plots as static SVG, in the order given. vega is loaded only here: it takes a tenth of a second. */
export async function drawPlots(plots: readonly Plot[]): Promise<Html[]> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const draw = async (plot: Plot, width: number) => {
    const sized = { autosize: { type: 'fit', contains: 'padding' }, width, height: plot.height, config };
    // The layers are written by hand in plot-specs.ts, and vega-lite checks them as it compiles.
    const compiled = compile({ ...plot.spec(width), ...sized } as TopLevelSpec);
    const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logLevel: vega.Error });
    const svg = await view.toSVG();
    view.finalize();
    return svg;
  };
  const drawn: Html[] = [];
  for (const plot of plots) {
    const wide = labelled(await draw(plot, WIDE), plot, 'wide');
    const narrow = labelled(await draw(plot, NARROW), plot, 'narrow');
    drawn.push(html`<figure><figcaption>${plot.title}</figcaption>${wide}${narrow}</figure>`);
  }
  return drawn;
}

/** Gives an SVG its size class, title, description and clip names of its own; its namespaces are not needed inside HTML. */
function labelled(svg: string, plot: Plot, size: 'wide' | 'narrow'): Html {
  const [title_id, desc_id] = [`${plot.id}-${size}-title`, `${plot.id}-${size}-desc`];
  const opening = `<svg class="plot ${size}" role="img" aria-labelledby="${title_id} ${desc_id}"`;
  const names = `<title id="${title_id}">${escapeText(plot.title)}</title><desc id="${desc_id}">${escapeText(plot.description)}</desc>`;
  const bare = withoutControls(svg)
    .replace(/ xmlns(:xlink)?="[^"]*"/g, '')
    .replace(/ class="marks"/, '')
    .replace(/(id="|url\(#)(clip\d+)/g, `$1${plot.id}-${size}-$2`);
  return trusted(bare.replace('<svg', opening).replace('>', `>${names}`));
}
