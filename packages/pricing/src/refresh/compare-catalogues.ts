import type { Catalogue, CatalogueModel } from "../catalogue-format.ts";
import { flattenPrices } from "../flat-prices.ts";

/** A price that two catalogues have otherwise. */
export interface ChangedPrice {
  readonly provider: string;
  readonly model: string;
  /** The catalogue's key, such as `input_mtok`; with the condition and tier that it is for. */
  readonly price: string;
  /** US dollars; `undefined`: none. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** `after` over `before`; `undefined` where one of them is none or nothing. */
  readonly factor: number | undefined;
}

export interface CatalogueChanges {
  /** `provider model`, sorted, as are the others. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedPrice[];
}

/** A price for thousand tokens in place of one for a million is off by this. */
const THOUSANDFOLD = 1_000;

export function compareCatalogues(before: Catalogue, after: Catalogue): CatalogueChanges {
  const [old, current] = [modelsOf(before), modelsOf(after)];
  return {
    added: [...current.keys()].filter((name) => !old.has(name)).toSorted(),
    removed: [...old.keys()].filter((name) => !current.has(name)).toSorted(),
    changed: [...current].flatMap(([name, listed]) => {
      const known = old.get(name);
      return known === undefined ? [] : compareModels(known, listed);
    }),
  };
}

/** Changes that look like another unit and not like another price. */
export function thousandfold({ changed }: CatalogueChanges): readonly ChangedPrice[] {
  return changed.filter(
    ({ factor }) => factor !== undefined && (factor >= THOUSANDFOLD || factor <= 1 / THOUSANDFOLD),
  );
}

interface Listed {
  readonly provider: string;
  readonly info: CatalogueModel;
}

function modelsOf({ providers }: Catalogue): ReadonlyMap<string, Listed> {
  return new Map(
    providers.flatMap(({ id: provider, models }) =>
      models.map((info) => [`${provider} ${info.id}`, { provider, info }] as const),
    ),
  );
}

function compareModels({ provider, info }: Listed, { info: now }: Listed): readonly ChangedPrice[] {
  const [before, after] = [flattenPrices(info), flattenPrices(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((price) => {
    const [was, is] = [before.get(price), after.get(price)];
    if (was === is) return [];
    return [{ provider, model: now.id, price, before: was, after: is, factor: factorOf(was, is) }];
  });
}

function factorOf(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || before === 0 || !after ? undefined : after / before;
}
