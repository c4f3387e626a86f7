import type { LoadedPrompt, LoadedSection } from './loaded-prompt.js';
import { gapPiece, type Part, type Piece, type SectionLink, slicePiece } from './piece.js';

/** A `#section-id` that leads nowhere, or back to itself. */
export interface BrokenLink {
  readonly section: string;
  readonly part: SectionLink;
  readonly reason: 'unknown' | 'circular';
}

type Sections = Pick<LoadedPrompt, 'sections'>;

/** The ids of the role sections and of the messages that named sections stand in, in order of appearance. */
export function slotIds({ sections }: Sections): string[] {
  return [...new Set(sections.map(({ slot }) => slot))];
}

/**
 * The template text of one message: its role section and the named sections that stand in it, headings included,
 * without those that the front matter places by `#section-id`.
 */
export function slotPieces(
  prompt: Sections,
  slot: string,
  onBroken: (link: BrokenLink) => void = () => {},
): Piece[] {
  const placed = placedSections(prompt);
  const pieces: Piece[] = [];
  let before: LoadedSection | undefined;
  for (const section of prompt.sections) {
    if (section.slot !== slot || (section.role === undefined && placed.has(section.id))) continue;
    const content = joined(
      section.parts.map(part => resolve(prompt, part, { visited: [section.id], onBroken })),
    );
    const own = section.heading ? [section.heading, ...content] : content;
    const [first] = own;
    if (!first) continue;
    if (pieces.length > 0) pieces.push(gapBetween(before, section, first));
    pieces.push(...own);
    before = section;
  }
  return pieces;
}

/** Named sections that the front matter places somewhere. */
function placedSections({ sections }: Sections): Set<string> {
  return new Set(
    sections.flatMap(({ parts }) => parts.flatMap(part => ('section' in part ? [part.section] : []))),
  );
}

function resolve(
  prompt: Sections,
  part: Part,
  { visited, onBroken }: { visited: readonly string[]; onBroken: (link: BrokenLink) => void },
): Piece[] {
  if ('pieces' in part) return [...part.pieces];
  if (!('section' in part)) return [part];
  const section = prompt.sections.find(({ id }) => id === part.section);
  if (!section || visited.includes(part.section)) {
    onBroken({ section: part.section, part, reason: section ? 'circular' : 'unknown' });
    return [];
  }
  const inner = [...visited, part.section];
  return joined(section.parts.map(other => resolve(prompt, other, { visited: inner, onBroken })));
}

/** Texts of one section stand one blank line apart. */
export function joined(groups: readonly (readonly Piece[])[]): Piece[] {
  const pieces: Piece[] = [];
  for (const group of groups) {
    const [first] = group;
    if (!first) continue;
    if (pieces.length > 0) pieces.push(gapPiece('\n\n', first));
    pieces.push(...group);
  }
  return pieces;
}

/** White space between two sections: as it was written where they are neighbours, one blank line elsewhere. */
function gapBetween(before: LoadedSection | undefined, after: LoadedSection, first: Piece): Piece {
  const [left, right] = [before?.span, after.span];
  if (left && right && left.source === right.source && left.end <= right.start) {
    const gap = slicePiece(left.source, left.end, right.start);
    if (gap.text.trim() === '' && gap.text.includes('\n')) return gap;
  }
  return gapPiece('\n\n', first);
}
