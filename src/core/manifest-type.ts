/* Made from prompd.schema.json by `npm run generate`. Change the schema instead. */

/**
 * `Name <mail> (address)`, or the same as an object.
 */
export type Person =
  | string
  | {
      name: string;
      email?: string;
      url?: string;
    };
/**
 * A path inside the package, with forward slashes.
 */
export type RelativePath = string;
export type Text = string;
export type Line = string;
/**
 * @maxItems 100
 */
export type Strings = Line[];
/**
 * A user, or a team as in "team:model-risk".
 */
export type Identity = string;
export type Moment = string;
export type Sha256 = string;
/**
 * A path inside the package, or an address; without blanks.
 */
export type Uri = string;

/**
 * The manifest of a prompt package.
 */
export interface PrompdJson {
  /**
   * Where an editor finds this schema.
   */
  $schema?: string;
  /**
   * `name` or `@scope/name`, by npm's rules for new packages.
   */
  name?: string;
  /**
   * A semantic version, as in "1.4.0".
   */
  version?: string;
  description?: string;
  author?: Person;
  /**
   * An SPDX expression, as in "MIT".
   */
  license?: string;
  /**
   * @maxItems 50
   */
  keywords?: string[];
  /**
   * One word that registries filter by, as in "development".
   */
  category?: string;
  /**
   * Prompt id to the path of its file.
   */
  prompts?: {
    [k: string]: RelativePath;
  };
  /**
   * The prompt that is meant when a reference names none.
   */
  main?: string;
  dependencies?: Dependencies;
  devDependencies?: Dependencies;
  overrides?: Dependencies1;
  engines?: {
    /**
     * The range of prompd versions that can use the package.
     */
    prompd?: string;
    [k: string]: string | undefined;
  };
  /**
   * Where the sources are.
   */
  repository?:
    | string
    | {
        type?: string;
        url: string;
        directory?: string;
      };
  homepage?: string;
  bugs?:
    | string
    | {
        url?: string;
        email?: string;
      };
  /**
   * A path inside the package, with forward slashes.
   */
  readme?: string;
  /**
   * Publish with restricted access: only members can see or install the package.
   */
  private?: boolean;
  /**
   * What goes into the archive, as paths or patterns. Default: everything that is not ignored.
   *
   * @maxItems 500
   */
  files?: string[];
  publishConfig?: {
    registry?: string;
    tag?: string;
    access?: 'public' | 'private';
  };
  /**
   * Models that the prompts are meant for and tested with.
   *
   * @maxItems 100
   */
  models?: (ModelEntry | FamilyEntry)[];
  /**
   * Cases to hold a model's answers against.
   *
   * @maxItems 1000
   */
  tests?: Test[];
  feat?: Feat;
  [k: string]: unknown;
}
/**
 * Package name to a range, tag, `prompd:@org/name@range`, `file:` path or https address of a tarball.
 */
export interface Dependencies {
  [k: string]: string;
}
/**
 * Package name to a range, tag, `prompd:@org/name@range`, `file:` path or https address of a tarball.
 */
export interface Dependencies1 {
  [k: string]: string;
}
/**
 * One exact model.
 */
export interface ModelEntry {
  provider: string;
  model: string;
  /**
   * Prompt id to the variant used for this model.
   */
  prompts?: {
    [k: string]: RelativePath;
  };
}
/**
 * All models of one family, where no entry names the exact model.
 */
export interface FamilyEntry {
  family: 'gpt' | 'claude' | 'qwen' | 'llama';
  provider?: string;
  /**
   * Prompt id to the variant used for models of this family.
   */
  prompts: {
    [k: string]: RelativePath;
  };
}
export interface Test {
  name: string;
  prompt: string;
  parameters?: {};
  /**
   * How often the model is asked; all runs must pass. Default: 1.
   */
  runs?: number;
  /**
   * @minItems 1
   */
  assert: {
    type:
      | 'contains'
      | 'not-contains'
      | 'equals'
      | 'regex'
      | 'json-schema'
      | 'similarity'
      | 'max-tokens'
      | 'latency'
      | 'judge';
    value?: unknown;
    threshold?: number;
    /**
     * The prompt that judges: an id of this package, or `@org/package:id` of a dependency.
     */
    prompt?: string;
    provider?: string;
    model?: string;
  }[];
}
/**
 * Evidence for the FEAT principles (fairness, ethics, accountability, transparency).
 */
export interface Feat {
  schemaVersion: '1';
  purpose?: string;
  useJustification?: Text;
  scope?: {
    geographies?: Strings;
    segments?: Strings;
    channels?: Strings;
    prohibitedUses?: Strings;
  };
  owners?: {
    business?: Identity;
    technical?: Identity;
    risk?: Identity;
  };
  /**
   * Letters, digits and ._:/-, at most 100, as in "AI-2026-0117".
   */
  inventoryId?: string;
  audience?: 'internal' | 'customer-indirect' | 'customer-facing';
  decisionRole?: 'informational' | 'assistive' | 'recommends' | 'decides' | 'acts';
  impact?: Level;
  complexity?: Level;
  reliance?: Level;
  /**
   * @maxItems 200
   */
  groupsAtRisk?: {
    group: Line;
    harm: Text;
  }[];
  harmsBenefits?: Text;
  /**
   * @maxItems 200
   */
  personalAttributes?: {
    name: Line;
    use: 'none' | 'monitor' | 'input' | 'proxy';
    justification?: Text;
  }[];
  /**
   * @maxItems 200
   */
  fairnessTests?: {
    metric: Line;
    threshold: number;
    result: number;
    uncertainty?: number;
    dataset?: Text;
    runAt?: Moment;
    evidenceSha256?: Sha256;
  }[];
  tradeoffs?: Text;
  /**
   * @maxItems 200
   */
  ethicsCommitments?: {
    commitment: Text;
    owner: Line;
  }[];
  humanOversight?: {
    mode: 'in-the-loop' | 'on-the-loop' | 'out-of-the-loop';
    role?: Line;
    overridePath?: Text;
  };
  disclosure?: {
    required: boolean;
    text?: Text;
    placement?: Line;
  };
  explanation?: {
    dataUsed?: Text;
    howItAffects?: Text;
    consequences?: Text;
  };
  recourse?: {
    channel: Line;
    slaDays?: number;
    acceptsSupplementaryData?: boolean;
  };
  /**
   * @maxItems 5
   */
  dataClasses?: ('public' | 'internal' | 'confidential' | 'pii' | 'sensitive')[];
  /**
   * @maxItems 200
   */
  models?: {
    provider: Line;
    model: Line;
    pinnedVersion?: Line;
    sourcing?: 'in-house' | 'third-party';
    tested?: boolean;
    evidence?: Uri;
    fallback?: Text;
  }[];
  /**
   * @maxItems 200
   */
  evaluations?: {
    suite: Line;
    score: number;
    threshold: number;
    pass: boolean;
    model?: Line;
  }[];
  validation?: {
    status: 'none' | 'peer' | 'independent';
    by?: Identity;
    at?: Moment;
    evidence?: Uri;
  };
  monitoring?: {
    metrics?: Strings;
    thresholds?: {
      [k: string]: number;
    };
    driftCheckDays?: number;
    fallbackPlan?: Text;
    killSwitchOwner?: Identity;
  };
  reviewBy?: string;
  /**
   * @maxItems 200
   */
  evidence?: {
    uri: Uri;
    sha256: Sha256;
    mediaType?: string;
    description?: Text;
  }[];
}
export interface Level {
  level: 'low' | 'medium' | 'high';
  rationale: Text;
}
