import { TemplateError } from './template-error.js';

/** Bounds of one rendering. */
export interface RenderLimits {
  /**
   * Work a rendering may do. Evaluating a node costs 10; making or reading text costs 1 for each UTF-16 code unit,
   * and making a list 1 for each item. Because whatever is made is paid for, this bounds time and memory alike.
   */
  readonly fuel: number;
  /** Longest output, and longest text on the way to it, in UTF-16 code units. */
  readonly output: number;
  /**
   * Show all that a template can say instead of what its conditions choose: every branch runs, loops over nothing run once,
   * and what fails is passed over. Only the limits still end it.
   */
  readonly thorough?: boolean;
}

export const DEFAULT_LIMITS: RenderLimits = { fuel: 50_000_000, output: 4 * 1024 * 1024 };

const MAX_DEPTH = 80;
/** What a recursion says is said on its first levels, and in a thorough rendering nothing else ends it. */
const MAX_THOROUGH_DEPTH = 6;

/** What one rendering has left. */
export class Budget {
  private fuel: number;
  private depth = 0;

  constructor(private readonly limits: RenderLimits) {
    this.fuel = limits.fuel;
  }

  get isThorough(): boolean {
    return this.limits.thorough === true;
  }

  /** @throws TemplateError ERENDERLIMIT when the work is more than the limit allows */
  spend(units: number): void {
    this.fuel -= units;
    if (this.fuel < 0) {
      throw new TemplateError(
        'ERENDERLIMIT',
        `Rendering needs more work than the limit of ${this.limits.fuel} units allows.`,
        undefined,
        'Shorten the loops, or pass the result as a parameter.',
      );
    }
  }

  /** Pays for a text of this length before it is made. */
  text(length: number): void {
    if (length > this.limits.output) {
      const limit = this.limits.output;
      throw new TemplateError(
        'ERENDERLIMIT',
        `A text grows over the limit of ${limit} characters.`,
        undefined,
      );
    }
    this.spend(length);
  }

  /** Runs a call of a macro or a recursive loop; they may nest 80 deep. */
  nested<T>(run: () => T): T {
    const most = this.isThorough ? MAX_THOROUGH_DEPTH : MAX_DEPTH;
    if (this.depth >= most) {
      const code = this.isThorough ? 'ERENDER' : 'ERENDERLIMIT';
      throw new TemplateError(code, `Calls are nested more than ${most} deep.`, undefined);
    }
    this.depth += 1;
    try {
      return run();
    } finally {
      this.depth -= 1;
    }
  }
}
