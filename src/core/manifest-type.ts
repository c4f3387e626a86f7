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
export type Strings = string[];
export type Sha256 = string;

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
  useJustification?: string;
  scope?: {
    geographies?: Strings;
    segments?: Strings;
    channels?: Strings;
    prohibitedUses?: Strings;
  };
  owners?: {
    business?: string;
    technical?: string;
    risk?: string;
  };
  inventoryId?: string;
  audience?: 'internal' | 'customer-indirect' | 'customer-facing';
  decisionRole?: 'informational' | 'assistive' | 'recommends' | 'decides' | 'acts';
  impact?: Level;
  complexity?: Level;
  reliance?: Level;
  groupsAtRisk?: {
    group: string;
    harm: string;
  }[];
  harmsBenefits?: string;
  personalAttributes?: {
    name: string;
    use: 'none' | 'monitor' | 'input' | 'proxy';
    justification?: string;
  }[];
  fairnessTests?: {
    metric: string;
    threshold: number;
    result: number;
    uncertainty?: number;
    dataset?: string;
    runAt?: string;
    evidenceSha256?: Sha256;
  }[];
  tradeoffs?: string;
  ethicsCommitments?: {
    commitment: string;
    owner: string;
  }[];
  humanOversight?: {
    mode: 'in-the-loop' | 'on-the-loop' | 'out-of-the-loop';
    role?: string;
    overridePath?: string;
  };
  disclosure?: {
    required: boolean;
    text?: string;
    placement?: string;
  };
  explanation?: {
    dataUsed?: string;
    howItAffects?: string;
    consequences?: string;
  };
  recourse?: {
    channel: string;
    slaDays?: number;
    acceptsSupplementaryData?: boolean;
  };
  dataClasses?: ('public' | 'internal' | 'confidential' | 'pii' | 'sensitive')[];
  models?: {
    provider: string;
    model: string;
    pinnedVersion?: string;
    sourcing?: 'in-house' | 'third-party';
    tested?: boolean;
    evidence?: string;
    fallback?: string;
  }[];
  evaluations?: {
    suite: string;
    score: number;
    threshold: number;
    pass: boolean;
    model?: string;
  }[];
  validation?: {
    status: 'none' | 'peer' | 'independent';
    by?: string;
    at?: string;
    evidence?: string;
  };
  monitoring?: {
    metrics?: Strings;
    thresholds?: {
      [k: string]: number;
    };
    driftCheckDays?: number;
    fallbackPlan?: string;
    killSwitchOwner?: string;
  };
  reviewBy?: string;
  evidence?: {
    uri: string;
    sha256: Sha256;
    mediaType?: string;
    description?: string;
  }[];
}
export interface Level {
  level: 'low' | 'medium' | 'high';
  rationale: string;
}
