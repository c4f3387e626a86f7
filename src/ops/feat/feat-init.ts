import { applyEdits, modify } from 'jsonc-parser';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import { jsonFormatting } from '../../core/json.js';
import { MANIFEST_FILE, readPackageManifest } from '../../core/manifest.js';
import { type FeatBlock, type OpenPoint, openPoints, type Tiering, tieringOf } from '../../feat/index.js';
import type { Context } from '../context.js';
import { openFeatFolder } from './feat-folder.js';
import { askFeat, featSkeleton } from './feat-questions.js';

export interface FeatInit {
  /** Absolute path of the manifest that was written. */
  readonly file: string;
  readonly name: string;
  readonly feat: FeatBlock;
  readonly tiering: Tiering;
  /** What the tier still asks for. */
  readonly open: readonly OpenPoint[];
}

/**
 * Begins the feat block of a package: asks where somebody is there to answer, and leaves open what nobody said. Nothing
 * is claimed that nobody claimed; every other byte of the manifest stays.
 * @throws PrompdError EEXISTS for a package that has a block; ENOMANIFEST, EMANIFEST; ECANCELLED
 */
export async function featInit(
  context: Context,
  { target, yes }: { readonly target: string; readonly yes: boolean },
): Promise<FeatInit> {
  const { file, text, manifest } = await openFeatFolder(context, target);
  if (manifest.feat !== undefined) {
    throw new PrompdError('EEXISTS', `${MANIFEST_FILE} has a feat block already; nothing was written.`, {
      facts: { file },
      hint: 'Run "prompd feat check" to see what it does not have yet.',
    });
  }
  const skeleton = featSkeleton(manifest);
  const feat = yes || !context.ask ? skeleton : await askFeat(context, context.ask, skeleton);
  await writeFileAtomic(file, withFeat(text, feat));
  const tiering = tieringOf(feat);
  const open = openPoints(feat, { tier: tiering.tier, now: context.now() });
  return { file, name: manifest.name, feat, tiering, open };
}

function withFeat(text: string, feat: FeatBlock): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const edited = applyEdits(body, modify(body, ['feat'], feat, { formattingOptions: jsonFormatting(body) }));
  readPackageManifest(edited);
  return `${mark}${edited}`;
}
