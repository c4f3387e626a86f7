import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { createElement, type ReactNode, useMemo } from 'react';
import { SafeLink } from './safe-link.js';
import { ScrollingPlace } from './scrolling-table.js';

/** Longer texts are cut: parsing must not hold up the page. In UTF-16 code units. */
const MAX_TEXT = 200_000;
/** Levels of lists and quotes in each other that are shown. */
const MAX_DEPTH = 30;

type Root = ReturnType<typeof fromMarkdown>;
type Content = Root['children'][number];
type Table = Extract<Content, { type: 'table' }>;

/**
 * Markdown as GitHub reads it, of somebody who is not trusted. What is shown is made of React elements: HTML in it stands there as text, links
 * lead out only by http, https and mailto, and pictures are links, as fetching them would tell their host who reads.
 * @param level of the highest heading
 */
export function Markdown({ text, level = 3 }: { text: string; level?: number }) {
  const tree = useMemo(() => read(text.slice(0, MAX_TEXT)), [text]);
  const top = Math.min(...headingDepths(tree), 6);
  return <div className="markdown">{children(tree, { shift: level - top, level, tree, depth: 0 })}</div>;
}

function read(text: string): Root {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

interface Context {
  readonly shift: number;
  readonly level: number;
  readonly tree: Root;
  readonly depth: number;
}

function children(node: Root | Content, context: Context): ReactNode[] {
  if (!('children' in node) || context.depth > MAX_DEPTH) return [];
  const inner = { ...context, depth: context.depth + 1 };
  // What is shown never changes place: the text is read anew as a whole.
  return node.children.map((child, index) => (
    <Node key={`${index} ${child.type}`} node={child} context={inner} />
  ));
}

function Node({ node, context }: { node: Content; context: Context }): ReactNode {
  const inner = () => children(node, context);
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
    case 'paragraph':
      return <p>{inner()}</p>;
    case 'table':
      return <TableView table={node} context={context} />;
    case 'delete':
      return <del>{inner()}</del>;
    case 'footnoteReference':
      return <sup>[{node.label ?? node.identifier}]</sup>;
    case 'footnoteDefinition':
      return (
        <div className="note">
          <sup>[{node.label ?? node.identifier}]</sup> {inner()}
        </div>
      );
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
      return (
        <li>
          {typeof node.checked === 'boolean' && (
            <input
              type="checkbox"
              disabled
              checked={node.checked}
              aria-label={node.checked ? 'done' : 'open'}
            />
          )}
          {inner()}
        </li>
      );
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'link':
      return <SafeLink url={node.url}>{inner()}</SafeLink>;
    case 'linkReference':
      return <SafeLink url={definition(context.tree, node.identifier)}>{inner()}</SafeLink>;
    case 'image':
      return <SafeLink url={node.url}>{node.alt || 'picture'}</SafeLink>;
    case 'imageReference':
      return <SafeLink url={definition(context.tree, node.identifier)}>{node.alt || 'picture'}</SafeLink>;
    default:
      return null;
  }
}

function TableView({ table, context }: { table: Table; context: Context }) {
  const [head, ...body] = table.children;
  return (
    <ScrollingPlace title="Table">
      <table>
        <thead>
          <tr>
            {head?.children.map((cell, index) => (
              <th key={`${index} ${cell.type}`} scope="col">
                {children(cell, context)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={`${index} ${row.type}`}>
              {row.children.map((cell, at) => (
                <td key={`${at} ${cell.type}`}>{children(cell, context)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollingPlace>
  );
}

function definition(tree: Root, identifier: string): string | undefined {
  const found = tree.children.find(node => node.type === 'definition' && node.identifier === identifier);
  return found?.type === 'definition' ? found.url : undefined;
}

function headingDepths(tree: Root): number[] {
  return tree.children.flatMap(node => (node.type === 'heading' ? [node.depth] : []));
}
