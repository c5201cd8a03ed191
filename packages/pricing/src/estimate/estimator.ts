/** Learns by how much estimates of tokens are off, model by model, from what providers report. */
export interface Estimator {
  /**
   * What to multiply an estimate for a model with: learned of the model, else of its family
   * (`claude`, `gpt`, …), else 1. From 1/8 to 8.
   */
  factor(model: string): number;
  /** Takes in a finished call. Counts that are not above 0 teach nothing. */
  learn(model: string, estimatedTokens: number, actualTokens: number): void;
}

export interface EstimatorOptions {
  /** The most models remembered, and the most families; those that came first go first. @defaultValue 1_000 */
  readonly maxModels?: number | undefined;
  /** The factor of a model that nothing is known of. @defaultValue 1 */
  readonly initialFactor?: number | undefined;
}

/** No honest estimate is off by more; one call with a picture in it must not spoil those that follow. */
const MOST = 8;
/** The initial factor counts as so many calls. */
const PRIOR_CALLS = 1;
/** Then the past counts half, so that a change is learned within some hundred calls. */
const FULL_CALLS = 256;
const MAX_MODELS = 1_000;

interface Learned {
  /** Sum of the logarithms: the factor is the geometric mean, whatever the order of the calls. */
  logSum: number;
  calls: number;
  factor: number;
}

export function createEstimator(options: EstimatorOptions = {}): Estimator {
  const { maxModels = MAX_MODELS, initialFactor = 1 } = options;
  const priorLog = Math.log(clamp(initialFactor));
  const models = new Map<string, Learned>();
  const families = new Map<string, Learned>();
  const initial = clamp(initialFactor);

  const add = (known: Map<string, Learned>, key: string, log: number): void => {
    let learned = known.get(key);
    if (learned === undefined) {
      for (const oldest of known.keys()) {
        if (known.size < maxModels) break;
        known.delete(oldest);
      }
      learned = { logSum: priorLog * PRIOR_CALLS, calls: PRIOR_CALLS, factor: initial };
      known.set(key, learned);
    }
    if (learned.calls >= FULL_CALLS) {
      learned.logSum /= 2;
      learned.calls /= 2;
    }
    learned.logSum += log;
    learned.calls += 1;
    learned.factor = Math.exp(learned.logSum / learned.calls);
  };

  return {
    factor: (model) => (models.get(model) ?? families.get(familyOf(model)))?.factor ?? initial,
    learn(model, estimatedTokens, actualTokens) {
      if (!isCount(estimatedTokens) || !isCount(actualTokens)) return;
      const log = Math.log(clamp(actualTokens / estimatedTokens));
      add(models, model, log);
      add(families, familyOf(model), log);
    },
  };
}

function isCount(tokens: number): boolean {
  return tokens > 0 && tokens <= Number.MAX_SAFE_INTEGER;
}

function clamp(factor: number): number {
  return factor > 0 ? Math.min(Math.max(factor, 1 / MOST), MOST) : 1;
}

/**
 * `claude` of `anthropic/claude-opus-4`, `us.anthropic.claude-opus-4` and `anthropic:claude-opus-4`: models
 * of one family tokenize alike, mostly.
 */
function familyOf(model: string): string {
  const hyphen = model.indexOf("-");
  const head = hyphen < 0 ? model : model.slice(0, hyphen);
  return head.split(BEFORE_NAME).at(-1) ?? head;
}

/** A dot before a digit belongs to a version: `llama3.2`. */
const BEFORE_NAME = /[/:]|\.(?=\D)/;
