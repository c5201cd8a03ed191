import type { Authenticator } from "../access/authenticator.ts";
import { may } from "../access/caller.ts";
import type { Authenticate } from "./caller.ts";

/** Lets those send whose token is for it; what they send is charged to the token's organisation. */
export function admit(authenticator: Authenticator): Authenticate {
  return ({ header, peer }) => {
    const caller = authenticator.authenticate(header("authorization"));
    if (caller === undefined) {
      const reason = "send a token that this collector knows: authorization: Bearer tgt_…";
      return { known: false, refusal: "unauthenticated", reason };
    }
    if (!may(caller, "ingest")) {
      return { known: false, refusal: "forbidden", reason: "this token is not for ingest" };
    }
    const { organization, tokenId } = caller;
    const attribution = organization === undefined ? {} : { organization };
    return {
      known: true,
      caller: { id: tokenId ?? (authenticator.asks ? peer : ""), attribution },
    };
  };
}
