import {
  autocompletion,
  type CompletionContext,
  closeBrackets,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { yamlFrontmatter } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** What every editor of the interface has: styles that the policy of the page allows, and colours of its own. */
export function appearance(label: string): Extension {
  return [
    EditorView.cspNonce.of(nonce()),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    lineNumbers(),
    syntaxHighlighting(colours),
    yamlFrontmatter({ content: markdown({ completeHTMLTags: false }) }),
    theme,
    templates,
  ];
}

/** @param names of the parameters as they are now, for completion */
export function writing(names: () => readonly string[]): Extension {
  return [
    history(),
    drawSelection(),
    closeBrackets(),
    autocompletion({ override: [context => complete(context, names())] }),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
  ];
}

/** The names of parameters, behind `{{` or `{%`. */
function complete(context: CompletionContext, names: readonly string[]) {
  const before = context.matchBefore(/\{[{%][^{}%]*/);
  if (!before) return null;
  const word = context.matchBefore(/[\w.]*/);
  return {
    from: word?.from ?? context.pos,
    options: [...names, 'inputs'].map(label => ({ label, type: 'variable' })),
  };
}

/** What the template language takes for itself. */
const matcher = new MatchDecorator({
  regexp: /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g,
  decoration: ([text]) => Decoration.mark({ class: text.startsWith('{#') ? 'cm-remark' : 'cm-template' }),
});
const templates = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: plugin => plugin.decorations },
);

/** Of front matter and Markdown, in colours that both themes have. */
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string), tags.monospace], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.keyword], color: 'var(--warn)' },
  { tag: [tags.comment, tags.meta, tags.punctuation, tags.separator], color: 'var(--muted)' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strong, fontWeight: '700' },
]);

const theme = EditorView.theme({
  '&': { border: '1px solid var(--muted)', borderRadius: '8px', background: 'var(--surface)' },
  '&.cm-focused': { outline: '3px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', minHeight: '18rem', maxHeight: '70vh' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { background: 'var(--ground)', color: 'var(--muted)', border: 'none' },
  '.cm-template': { color: 'var(--accent)', fontWeight: '600' },
  '.cm-remark': { color: 'var(--muted)' },
  '.cm-content .cm-template span': { color: 'inherit', fontWeight: 'inherit' },
  // The lines that come with the library are pictures of data: addresses, which the policy does not allow.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)' },
  '.cm-tooltip': { background: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--muted)' },
});

function nonce(): string {
  const element = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  return element?.content ?? '';
}
