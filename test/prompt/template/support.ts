import type { RenderLimits } from '#prompd/prompt/template/budget.js';
import { parseTemplate } from '#prompd/prompt/template/parser.js';
import { renderTemplate } from '#prompd/prompt/template/renderer.js';
import { TemplateError } from '#prompd/prompt/template/template-error.js';
import { fromData } from '#prompd/prompt/template/value.js';

/** Renders a template; every value may start a `{path}`, unless `roots` says otherwise. */
export function renderText(
  source: string,
  values: Readonly<Record<string, unknown>> = {},
  roots: readonly string[] = Object.keys(values),
  limits?: RenderLimits,
): string {
  const variables = new Map(Object.entries(values).map(([name, value]) => [name, fromData(value)]));
  return renderTemplate(parseTemplate(source, new Set(roots)), variables, limits);
}

/** The fault of a template that must have one. */
export function faultOf(
  source: string,
  values: Readonly<Record<string, unknown>> = {},
  limits?: RenderLimits,
) {
  try {
    renderText(source, values, undefined, limits);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`${source.slice(0, 100)} has no fault`);
}
