import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { createElement, type ReactNode, useMemo } from 'react';

/** Longer texts are cut: parsing must not hold up the page. In UTF-16 code units. */
const MAX_TEXT = 200_000;
/** Levels of lists and quotes in each other that are shown. */
const MAX_DEPTH = 30;
const SAFE = /^(?:https?|mailto):/i;

/**
 * Markdown of somebody who is not trusted. What is shown is made of React elements: HTML in it stands there as text, links
 * lead out only by http, https and mailto, and pictures are links, as fetching them would tell their host who reads.
 * @param level of the highest heading
 */
export function Markdown({ text, level = 3 }: { text: string; level?: number }) {
  const tree = useMemo(() => fromMarkdown(text.slice(0, MAX_TEXT)), [text]);
  const top = Math.min(...headingDepths(tree), 6);
  return <div className="markdown">{children(tree, { shift: level - top, level, tree, depth: 0 })}</div>;
}

interface Context {
  readonly shift: number;
  readonly level: number;
  readonly tree: Root;
  readonly depth: number;
}

function children(node: Nodes, context: Context): ReactNode[] {
  if (!('children' in node) || context.depth > MAX_DEPTH) return [];
  const inner = { ...context, depth: context.depth + 1 };
  // What is shown never changes place: the text is read anew as a whole.
  return node.children.map((child, index) => (
    <Node key={`${index} ${child.type}`} node={child} context={inner} />
  ));
}

function Node({ node, context }: { node: Nodes; context: Context }): ReactNode {
  const inner = () => children(node, context);
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
    case 'paragraph':
      return <p>{inner()}</p>;
    case 'heading': {
      const depth = Math.min(6, Math.max(context.level, node.depth + context.shift));
      return createElement(`h${depth}`, {}, ...inner());
    }
    case 'emphasis':
      return <em>{inner()}</em>;
    case 'strong':
      return <strong>{inner()}</strong>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        <pre>
          <code>{node.value}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{inner()}</blockquote>;
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{inner()}</ol> : <ul>{inner()}</ul>;
    case 'listItem':
      return <li>{inner()}</li>;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'link':
      return <Out url={node.url}>{inner()}</Out>;
    case 'linkReference':
      return <Out url={definition(context.tree, node.identifier)}>{inner()}</Out>;
    case 'image':
      return <Out url={node.url}>{node.alt || 'picture'}</Out>;
    case 'imageReference':
      return <Out url={definition(context.tree, node.identifier)}>{node.alt || 'picture'}</Out>;
    default:
      return null;
  }
}

function Out({ url, children: shown }: { url: string | undefined; children: ReactNode }) {
  if (url === undefined || !SAFE.test(url)) return <>{shown}</>;
  return (
    <a href={url} rel="nofollow noopener noreferrer" target="_blank">
      {shown}
    </a>
  );
}

function definition(tree: Root, identifier: string): string | undefined {
  const found = tree.children.find(node => node.type === 'definition' && node.identifier === identifier);
  return found?.type === 'definition' ? found.url : undefined;
}

function headingDepths(tree: Root): number[] {
  return tree.children.flatMap(node => (node.type === 'heading' ? [node.depth] : []));
}
