import { PrompdError } from '../core/errors.js';
import { hasErrors, type Problem } from '../core/problem.js';
import type { BodySection } from './body.js';
import { trimBlankLines } from './body.js';
import { type PromptDocument, parsePrompt } from './document.js';
import type { PlacedText } from './front-matter.js';
import { languageOf } from './language.js';
import type { LoadedContext, LoadedParameter, LoadedPrompt, LoadedSection, Origin } from './loaded-prompt.js';
import { type Part, slicePiece, yamlPiece } from './piece.js';
import { isPromptPath, type PromptFile, type PromptResolver } from './prompt-file.js';
import type { Role } from './role.js';
import { slotIds, slotPieces } from './slot.js';
import { SourceText } from './source-text.js';
import { fileTargetOf, type TextTarget, targetOf } from './text-reference.js';

export interface LoadResult {
  /** Present when no problem is an error. */
  readonly prompt?: LoadedPrompt;
  readonly problems: readonly Problem[];
}

/** Prompts that one may inherit from or take text from, one through the other. */
const MAX_DEPTH = 16;
/** Files that one prompt may be made of. */
const MAX_FILES = 200;

/**
 * Loads a prompt with all it is made of: what it inherits from, the files and prompts it refers to, its contexts.
 * Problems of every file are found at once.
 */
export async function loadPrompt(file: PromptFile, resolver: PromptResolver): Promise<LoadResult> {
  const loader = new Loader(resolver);
  const prompt = await loader.load(file, []);
  if (prompt) loader.checkLinks(prompt);
  const problems = unique(loader.problems);
  return prompt && !hasErrors(problems) ? { prompt, problems } : { problems };
}

class Loader {
  readonly problems: Problem[] = [];
  private files = 0;

  constructor(private readonly resolver: PromptResolver) {}

  /** @param chain the prompts on the way to this one, outermost first */
  async load(file: PromptFile, chain: readonly PromptFile[]): Promise<LoadedPrompt | undefined> {
    const { prompt: document, problems } = parsePrompt(file);
    this.problems.push(...problems);
    if (!document) return undefined;
    const inner = [...chain, file];
    const { frontMatter, source } = document;
    const parent = frontMatter.inherits
      ? await this.loadParent(document, frontMatter.inherits, inner)
      : undefined;
    const sections = new Map<string, LoadedSection>(
      (parent?.sections ?? []).map(section => [section.id, section]),
    );
    const borrowed = new Set(parent?.borrowed ?? []);
    await this.override(document, sections, { chain: inner, parent, borrowed });
    addBody(document, sections);
    for (const [role, texts] of frontMatter.roles) {
      await this.addRole(document, { role, texts, sections, chain: inner, borrowed });
    }
    const contexts = [...(parent?.contexts ?? []), ...(await this.loadContexts(document))];
    const parameters = mergeParameters(parent?.parameters ?? [], document);
    return {
      document,
      id: frontMatter.id ?? frontMatter.name ?? source.file.path,
      parameters,
      inputs: { ...parent?.inputs, ...frontMatter.inputs },
      sections: [...sections.values()],
      contexts,
      execution: { ...parent?.execution, ...frontMatter.execution },
      ancestors: parent ? [parent.document.source.file.path, ...parent.ancestors] : [],
      borrowed: [...borrowed],
      roots: new Set(['inputs', ...borrowed, ...parameters.map(({ definition }) => definition.name)]),
    };
  }

  /** Every `#section-id` must lead to a section. */
  checkLinks(prompt: LoadedPrompt): void {
    for (const slot of slotIds(prompt)) {
      slotPieces(prompt, slot, ({ section, part, reason }) => {
        const ids = prompt.sections.map(({ id }) => id).join(', ');
        const message =
          reason === 'circular' ? `"#${section}" leads back to itself.` : `There is no section "${section}".`;
        this.problems.push(
          part.source.problem('ESECTION', message, { at: part.at, hint: `Sections are ${ids}.` }),
        );
      });
    }
  }

  private async loadParent(
    document: PromptDocument,
    text: PlacedText,
    chain: readonly PromptFile[],
  ): Promise<LoadedPrompt | undefined> {
    const target = fileTargetOf(text.text, document.frontMatter.using);
    const file = await this.find(document, text, target);
    if (!file) return undefined;
    if (!isPromptPath(file.path) && target.kind === 'relative') {
      this.report(
        document,
        text,
        'EREFERENCE',
        `A prompt can only inherit from a prompt, not from ${file.path}.`,
      );
      return undefined;
    }
    return this.descend(document, text, { file, chain, verb: 'inherits from' });
  }

  private async descend(
    document: PromptDocument,
    text: PlacedText,
    { file, chain, verb }: { file: PromptFile; chain: readonly PromptFile[]; verb: string },
  ): Promise<LoadedPrompt | undefined> {
    const start = chain.findIndex(({ id }) => id === file.id);
    if (start !== -1) {
      const circle = [...chain.slice(start), file].map(({ path }) => path).join(' -> ');
      this.report(document, text, 'EINHERIT', `The prompt ${verb} itself: ${circle}.`);
      return undefined;
    }
    if (chain.length >= MAX_DEPTH) {
      const message = `Prompts lead to each other more than ${MAX_DEPTH} deep.`;
      const hint = 'Shorten the chain: let prompts inherit from one that is nearer to its beginning.';
      this.problems.push(document.source.problem('EINHERIT', message, { at: text.at, hint }));
      return undefined;
    }
    return this.load(file, chain);
  }

  private async override(
    document: PromptDocument,
    sections: Map<string, LoadedSection>,
    context: { chain: readonly PromptFile[]; parent: LoadedPrompt | undefined; borrowed: Set<string> },
  ): Promise<void> {
    if (!context.parent) return;
    for (const { id, at, file } of document.frontMatter.override) {
      const section = sections.get(id);
      if (!section) {
        const ids = context.parent.sections.map(other => other.id);
        const hint = ids.length === 0 ? 'It has no sections.' : `Its sections are ${ids.join(', ')}.`;
        const message = `The prompt it inherits from has no section "${id}".`;
        this.problems.push(document.source.problem('ESECTION', message, { at, hint }));
      } else if (file === null) {
        sections.delete(id);
      } else {
        const target = fileTargetOf(file.text, document.frontMatter.using);
        const role = section.role ?? 'user';
        const parts = await this.partsOf(document, file, { target, role, ...context });
        const origin = originOf(document.source, file.at);
        sections.set(id, { ...section, parts, origin, from: 'override', span: undefined });
      }
    }
  }

  private async addRole(
    document: PromptDocument,
    {
      role,
      texts,
      sections,
      chain,
      borrowed,
    }: {
      role: Role;
      texts: readonly PlacedText[];
      sections: Map<string, LoadedSection>;
      chain: readonly PromptFile[];
      borrowed: Set<string>;
    },
  ): Promise<void> {
    if (texts.length === 1 && texts[0]?.text === `#${role}` && sections.has(role)) return;
    const parts: Part[][] = [];
    for (const text of texts) {
      const target = targetOf(text.text, document.frontMatter.using);
      parts.push(await this.partsOf(document, text, { target, role, chain, borrowed }));
    }
    const groups = role === 'assistant' ? parts : [parts.flat()];
    if (role === 'assistant') {
      for (const { id, role: other } of [...sections.values()])
        if (other === 'assistant') sections.delete(id);
    }
    for (const [index, group] of groups.entries()) {
      const id = index === 0 ? role : `${role}-${index + 1}`;
      const origin = originOf(document.source, texts[index]?.at ?? 0);
      sections.set(id, {
        id,
        role,
        slot: id,
        origin,
        from: 'front matter',
        heading: undefined,
        parts: group,
        span: undefined,
      });
    }
  }

  /** What a text of the front matter stands for. */
  private async partsOf(
    document: PromptDocument,
    text: PlacedText,
    {
      target,
      role,
      chain,
      borrowed,
    }: { target: TextTarget; role: Role; chain: readonly PromptFile[]; borrowed: Set<string> },
  ): Promise<Part[]> {
    const { source } = document;
    if (target.kind === 'inline') return [yamlPiece(source, text)];
    if (target.kind === 'section') return [{ section: target.id, source, at: text.at }];
    const file = await this.find(document, text, target);
    if (!file) return [];
    if (!isPromptPath(file.path) && !(target.kind === 'package' && target.reference.path === undefined)) {
      const plain = new SourceText(file);
      const { start, end } = trimBlankLines(plain.text, 0, plain.text.length);
      return [slicePiece(plain, start, end)];
    }
    const prompt = await this.descend(document, text, { file, chain, verb: 'takes text from' });
    if (!prompt) return [];
    for (const name of prompt.roots) if (name !== 'inputs') borrowed.add(name);
    const slots = slotIds(prompt);
    const slot = slots.includes(role) ? role : slots.length === 1 ? slots[0] : undefined;
    if (slot !== undefined) return [{ pieces: slotPieces(prompt, slot) }];
    const message = `${file.path} has no section "${role}" to take the text from.`;
    const hint = slots.length === 0 ? 'It has no text.' : `Its sections are ${slots.join(', ')}.`;
    this.problems.push(source.problem('EREFERENCE', message, { at: text.at, hint }));
    return [];
  }

  private async loadContexts(document: PromptDocument): Promise<LoadedContext[]> {
    const contexts: LoadedContext[] = [];
    for (const text of document.frontMatter.contexts) {
      const file = await this.find(document, text, fileTargetOf(text.text, document.frontMatter.using));
      if (!file) continue;
      const { text: content } = new SourceText(file);
      const origin = originOf(document.source, text.at);
      contexts.push({ path: file.path, language: languageOf(file.path), text: content, origin });
    }
    return contexts;
  }

  private async find(
    document: PromptDocument,
    text: PlacedText,
    target: TextTarget,
  ): Promise<PromptFile | undefined> {
    const from = document.source.file;
    if (target.kind === 'broken') {
      const { hint } = target.error;
      const options = { at: text.at, ...(hint === undefined ? {} : { hint }) };
      this.problems.push(document.source.problem('EBADSPEC', target.error.message, options));
      return undefined;
    }
    if (target.kind !== 'relative' && target.kind !== 'package') return undefined;
    this.files += 1;
    if (this.files > MAX_FILES) {
      this.report(document, text, 'EREFERENCE', `A prompt can be made of at most ${MAX_FILES} files.`);
      return undefined;
    }
    try {
      const file =
        target.kind === 'relative'
          ? await this.resolver.relative(from, target.path)
          : await this.resolver.reference(from, target.reference);
      if (file) return file;
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      const options = { at: text.at, hint: error.hint };
      this.problems.push(document.source.problem(error.code, error.message, options));
      return undefined;
    }
    if (target.kind === 'relative') {
      const hint = 'Paths are relative to the file they are written in, and stay inside the package.';
      const message = `There is no file ${target.path}.`;
      this.problems.push(document.source.problem('ENOFILE', message, { at: text.at, hint }));
    } else {
      const hint = 'Add the package to the dependencies and install it, or check the id of the prompt.';
      const message = `"${target.reference.raw}" leads to no prompt or file.`;
      this.problems.push(document.source.problem('ENOPROMPT', message, { at: text.at, hint }));
    }
    return undefined;
  }

  private report(
    document: PromptDocument,
    text: PlacedText,
    code: 'EREFERENCE' | 'EINHERIT',
    message: string,
  ): void {
    this.problems.push(document.source.problem(code, message, { at: text.at }));
  }
}

/** Sections of the body replace those of the same id where they stand; new ones follow. */
function addBody({ source, sections: own }: PromptDocument, sections: Map<string, LoadedSection>): void {
  if (own.some(({ role }) => role === 'assistant')) {
    for (const { id, role } of [...sections.values()]) if (role === 'assistant') sections.delete(id);
  }
  for (const section of own) {
    const inherited = sections.get(section.id);
    sections.set(section.id, { ...fromBody(source, section), slot: inherited?.slot ?? section.slot });
  }
}

function fromBody(
  source: SourceText,
  { id, role, slot, headingStart, start, end }: BodySection,
): LoadedSection {
  const named = role === undefined && headingStart < start;
  return {
    id,
    role,
    slot,
    origin: originOf(source, headingStart),
    from: 'body',
    heading: named ? slicePiece(source, headingStart, start) : undefined,
    parts: end > start ? [slicePiece(source, start, end)] : [],
    span: { source, start: role === undefined ? headingStart : start, end },
  };
}

/** A child's parameter replaces the parent's of the same name, where it stands; new ones follow. */
function mergeParameters(inherited: readonly LoadedParameter[], document: PromptDocument): LoadedParameter[] {
  const merged = new Map(inherited.map(parameter => [parameter.definition.name, parameter]));
  for (const { definition, at } of document.frontMatter.parameters) {
    merged.set(definition.name, { definition, origin: originOf(document.source, at) });
  }
  return [...merged.values()];
}

function originOf(source: SourceText, at: number): Origin {
  return { file: source.file.path, ...source.placeOf(at) };
}

/** A file that is used twice would report its problems twice. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()];
}
